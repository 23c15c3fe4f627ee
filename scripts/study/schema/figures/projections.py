"""Figures of maps of observations, beside each other and followed by trails (rauber2017).

Maps of different networks have nothing in common, so that these figures show replicate 0.
"""

from typing import Any, ClassVar, Literal, Self

from pydantic import Field

from study.paths import Study
from study.schema.figures.class_colours import COLOURS, ClassColours, colour_all, has_colours
from study.schema.figures.kind import (
    Data,
    Explored,
    FigureKind,
    Refused,
    inputs,
    is_made,
    period,
    pictures,
)
from study.schema.section import Colour, Distinct, LayerName, Section, SetName


class Panel(Section):
    """One map."""

    title: str
    model: str
    set: SetName
    layer: LayerName = Field(description="by its name; input is the zeroth")
    method: Literal["t-sne", "mds"] = "t-sne"
    answers: bool = Field(
        True, description="mark misclassified examples, and print the accuracy on those shown"
    )


class ObservationMaps(FigureKind):
    """Maps of observations in layers, neighbourhood hits below (rauber2017 Figs 1 to 8)."""

    kind: Literal["observation-maps"]
    caption: ClassVar[str] = (
        "Maps of observations in a layer, each dot an example in the colour of its class, "
        "misclassified ones marked; below, the neighbourhood hit (share of the nearest "
        "neighbours of the same class) in the layer and in the map, and the accuracy on the "
        "examples shown."
    )
    panels: Distinct[Panel] = Field(min_length=1)
    colours: ClassColours = COLOURS

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        known = list(study.config.layers(model))
        is_shown = (
            len(known) > 1
            and has_colours(study, wanted)
            and is_made(study, "projections", model, wanted)
            and is_made(study, "predictions", model, wanted)
        )
        if not is_shown:
            return None
        shown = {"model": model, "set": wanted}
        panels = [
            Panel(title="input", layer="input", answers=False, **shown),
            Panel(title=known[-2], layer=known[-2], **shown),
        ]
        return cls.titled("Maps of observations", panels=panels)

    def data(self, study: Study) -> Data:
        roles = {"projections": "projections", "hits": "projections.hits"}
        found: dict[str, list[str]] = {role: [] for role in (*roles, "layers", "predictions")}
        for place, panel in enumerate(self.panels):
            shown = panel.model, panel.set
            for role, table in roles.items():
                found[role] += study.tables(table, *shown)[:1]
            if panel.answers:
                found["predictions"] += study.tables("predictions", *shown)[:1]
            if is_made(study, "neighbourhoods", *shown):
                found["layers"] += study.tables("neighbourhoods", *shown)[:1]
            colour_all(study, panel.set, self.colours)
            self._refuse(study, f"panels.{place}", panel)
        return {role: list(dict.fromkeys(paths)) for role, paths in found.items()}

    def explored(self, study: Study) -> Explored | None:
        sets = list(dict.fromkeys(panel.set for panel in self.panels))
        shape = pictures(study, sets)
        found = self.data(study)
        data = {role: found[role] for role in ("projections", "predictions")}
        settings = {**self.slice(study), "sets": sets, **(shape or {})}
        return shape and Explored(
            "linked_maps", {**data, "examples": inputs(study, sets)}, settings
        )

    def _refuse(self, study: Study, where: str, panel: Panel) -> None:
        """Raise Refused for a layer or a method that the projections leave out."""
        entry = study.config.analysis("projections", panel.model, panel.set)
        if panel.method not in entry.methods:
            made = ", ".join(entry.methods)
            raise Refused(f"{where}.method", f"found '{panel.method}'; allowed: {made}")
        known = ["input", *study.config.layers(panel.model)]
        if panel.layer not in (entry.layers or (known if known[1:] else [panel.layer])):
            made = ", ".join(entry.layers or known)
            raise Refused(f"{where}.layer", f"found '{panel.layer}'; allowed: {made}")


class ProjectionTrails(FigureKind):
    """Trails of observations over layers or checkpoints (rauber2017 Figs 10 and 11)."""

    kind: Literal["projection-trails"]
    caption: ClassVar[str] = (
        "The trail of each observation from layer to layer, or from epoch to epoch, going "
        "from grey to the colour of its class; each map starts from the one before. Beside "
        "it, how the classes part."
    )
    model: str
    set: SetName
    over: Literal["layers", "checkpoints"] = "layers"
    colours: ClassColours = COLOURS

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        is_shown = is_made(study, "projection_trajectories", model, wanted)
        if not is_shown or not has_colours(study, wanted):
            return None
        over = study.config.analysis("projection_trajectories", model, wanted).over
        return cls.titled(
            f"Trails of observations over {over[-1]}", model=model, set=wanted, over=over[-1]
        )

    def data(self, study: Study) -> Data:
        shown = self.model, self.set
        found = {
            "places": study.tables("projection_trajectories", *shown)[:1],
            "measures": study.tables("projection_trajectories.measures", *shown)[:1],
        }
        made = study.config.analysis("projection_trajectories", *shown).over
        if self.over not in made:
            raise Refused("over", f"found '{self.over}'; allowed: {', '.join(made)}")
        colour_all(study, self.set, self.colours)
        return found

    def derived(self, study: Study) -> dict[str, Any]:
        return {"period": period(study, self.model)}

    def explored(self, study: Study) -> Explored:
        data = {"places": self.data(study)["places"], "examples": inputs(study, [self.set])}
        more = {"over": self.over, **self.derived(study), **pictures(study, [self.set])}
        return Explored("playing_trails", data, {"colours": self.colours, **more})


class HitVariation(FigureKind):
    """By how much neighbourhood hits of maps vary by chance: networks, draws and random states."""

    kind: Literal["hit-variation"]
    caption: ClassVar[str] = (
        "Neighbourhood hits of repeated maps, one row per layer: a dot per map and a line per"
        " network, over other draws of the points and other random states; how much each of "
        "these adds to the variation stands beside."
    )
    model: str
    set: SetName
    method: Literal["t-sne", "mds"] = "t-sne"
    colours: list[Colour] = Field(COLOURS, min_length=1, description="of draws of points, in turn")

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        if not is_made(study, "projections", model, wanted):
            return None
        entry = study.config.analysis("projections", model, wanted)
        if entry.seeds == entry.draws == 1:
            return None
        title = "Neighbourhood hits of maps by chance"
        return cls.titled(title, model=model, set=wanted, method=entry.methods[0])

    def data(self, study: Study) -> Data:
        hits = study.tables("projections.hits", self.model, self.set)
        entry = study.config.analysis("projections", self.model, self.set)
        if self.method not in entry.methods:
            allowed = ", ".join(entry.methods)
            raise Refused("method", f"found '{self.method}'; allowed: {allowed}")
        if entry.seeds == entry.draws == len(hits) == 1:
            raise Refused("model", f"{self.model} has one map of each layer, which does not vary")
        return {"hits": hits}

    def derived(self, study: Study) -> dict[str, Any]:
        return {"replicates": study.config.count(self.model)}
