"""Figures of what layers hold: averages, deviations, planes, maps and trajectories.

Units can't be averaged over networks, so that a figure of single units or points shows replicate 0.
"""

from typing import Any, ClassVar, Literal, Self

from pydantic import Field

from study.paths import NotMade, Study
from study.schema.figures.kind import (
    Data,
    Explored,
    FigureKind,
    Refused,
    first_class,
    inputs,
    is_made,
    label_at,
    pictures,
)
from study.schema.section import Colour, ColourMap, Distinct, LayerName, Positive, Section, SetName


class ActivationHeatmaps(FigureKind):
    """Averaged activations as heat maps, a panel per layer (chen2017 Figs 3.12, 6.3, 6.4)."""

    former: ClassVar[str | None] = "heatmaps"
    kind: Literal["activation-heatmaps"]
    caption: ClassVar[str] = (
        "Mean activation of every unit (rows) over the examples of each class (columns), one "
        "panel per layer. Vertical stripes mark units that answer to some classes alone; rows"
        " without change belong to units that tell no classes apart."
    )
    model: str
    set: SetName
    colour_map: ColourMap = "viridis"

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        if not is_made(study, "averages", model, wanted):
            return None
        return cls.titled("Averaged activations, layer by layer", model=model, set=wanted)

    def data(self, study: Study) -> Data:
        return {"averages": study.tables("averages", self.model, self.set)[:1]}

    def derived(self, study: Study) -> dict[str, Any]:
        return {"first": first_class(study, self.set)}


class ActivationSlices(FigureKind):
    """The averaged activations of one location (chen2017 Figs 3.18(c), 3.21, 3.23)."""

    caption: ClassVar[str] = (
        "The mean activation of every unit over signals that jump at one location (dotted), layer "
        "by layer, a line per replicate; the dark one is the replicate that heat maps show."
    )
    kind: Literal["activation-slices"]
    model: str
    set: SetName
    location: Positive = Field(50, description="of the jump; the thesis shows 50")
    colours: list[Colour] = Field(["#222222", "#56b4e9"], min_length=2)

    def data(self, study: Study) -> Data:
        found = {"averages": study.tables("averages", self.model, self.set)}
        self.derived(study)
        return found

    def derived(self, study: Study) -> dict[str, Any]:
        return {
            "label": label_at(study, self.set.split("/")[0], self.location, "location"),
            "first": first_class(study, self.set),
            "replicates": study.config.count(self.model),
        }


class DeviationProfiles(FigureKind):
    """Deviation measures from layer to layer (chen2017 Figs 6.7 to 6.9, 6.12 to 6.14)."""

    former: ClassVar[str | None] = "profiles"
    kind: Literal["deviation-profiles"]
    caption: ClassVar[str] = (
        "Measures of how far activations of examples lie apart, from the input to the last "
        "hidden layer: within classes (inner) and between them (inter). Bold lines are means "
        "over replicates, thin lines single replicates; the output, which is almost one-hot, "
        "is left out. Ratios are on a logarithmic axis."
    )
    model: str
    set: SetName
    panels: Distinct[Literal["euclidean", "level", "normalised", "inner", "inter"]] = Field(
        min_length=1
    )
    colours: list[Colour] = Field(["#0072b2", "#d55e00", "#009e73"], min_length=3)

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        if not is_made(study, "deviations", model, wanted):
            return None
        panels = ["euclidean", "level", "inner", "inter"]
        return cls.titled("Deviation, layer by layer", model=model, set=wanted, panels=panels)

    def data(self, study: Study) -> Data:
        return {"deviations": study.tables("deviations", self.model, self.set)}

    def derived(self, study: Study) -> dict[str, Any]:
        return {"replicates": study.config.count(self.model)}


class BottleneckRepresentations(FigureKind):
    """The two-dimensional representation in a bottleneck (chen2017 Figs 4.7, 4.8)."""

    former: ClassVar[str | None] = "planes"
    kind: Literal["bottleneck-representations"]
    caption: ClassVar[str] = (
        "Activations of the two units of a bottleneck: all examples in the colour of their "
        "class, and the curve through the means of the classes."
    )
    model: str
    set: SetName
    layer: LayerName = Field("hidden-1", description="one of two units")
    colour_map: ColourMap = "viridis"

    def data(self, study: Study) -> Data:
        activations = study.activations(self.model, self.set)
        units = study.config.layers(self.model)
        if self.layer not in units:
            raise NotMade(self.layer, units, self.model)
        if units[self.layer] != 2:
            raise Refused("layer", f"{self.layer} of {self.model} has not two units")
        return {"activations": [activations]}

    def derived(self, study: Study) -> dict[str, Any]:
        return {"first": first_class(study, self.set)}


class MapColumn(Section):
    """One column of t-SNE maps."""

    title: str
    model: str
    set: SetName
    labels: Literal["label", "origin_label"] = Field(
        "label", description="the set's labels, or those that they were made from"
    )


class Tsne(FigureKind):
    """t-SNE maps, a row per layer (chen2017 Figs 3.2, 6.5, 6.6)."""

    kind: Literal["tsne"]
    caption: ClassVar[str] = (
        "t-SNE maps, one row per layer: each dot is an example in the colour of its label, so"
        " that neighbours in the layer are neighbours in the map. Titles give the "
        "neighbourhood hit, the share of the nearest neighbours that have the same label, in "
        "the layer and in its map."
    )
    columns: Distinct[MapColumn] = Field(min_length=1)
    layers: Distinct[LayerName] | None = Field(
        None, min_length=1, description="by their names; input is the zeroth; left out: all"
    )
    colour_map: ColourMap = "turbo"

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        needed = ("projections", "neighbourhoods")
        if not all(is_made(study, table, model, wanted) for table in needed):
            return None
        column = MapColumn(title=model, model=model, set=wanted)
        return cls.titled("t-SNE maps, layer by layer", columns=[column])

    def data(self, study: Study) -> Data:
        tables = {
            "projections": "projections",
            "hits": "projections.hits",
            "layers": "neighbourhoods",
        }
        shown = dict.fromkeys((column.model, column.set) for column in self.columns)
        for model in dict.fromkeys(column.model for column in self.columns):
            known = ["input", *study.config.layers(model)]
            for layer in self.layers or [] if known[1:] else []:
                if layer not in known:
                    raise NotMade(layer, known)
        found = {
            role: [study.tables(table, *each)[0] for each in shown]
            for role, table in tables.items()
        }
        for place, column in enumerate(self.columns):
            projected = study.config.analysis("projections", column.model, column.set)
            if "t-sne" not in projected.methods:
                raise Refused(f"columns.{place}", "its maps are not by t-SNE")
        return found

    def derived(self, study: Study) -> dict[str, Any]:
        return {"first": first_class(study, self.columns[0].set)}

    def explored(self, study: Study) -> Explored | None:
        sets = list(dict.fromkeys(column.set for column in self.columns))
        shape = pictures(study, sets)
        data = {"projections": self.data(study)["projections"], "examples": inputs(study, sets)}
        classes = max(study.config.origin(one.split("/")[0]).classes for one in sets)
        settings = {**self.slice(study), "sets": sets, "classes": classes, **(shape or {})}
        return shape and Explored("linked_maps", data, settings)


class Shown(Section):
    """A network on a set."""

    model: str
    set: SetName


class DeviationSlopes(FigureKind):
    """How the layers' effect on deviations changes over training, networks compared."""

    former: ClassVar[str | None] = "partings"
    kind: Literal["deviation-slopes"]
    caption: ClassVar[str] = (
        "Slope over the layers of the deviation within classes, after each epoch whose "
        "weights were kept, for networks that learn and networks that memorise. A mark shows the "
        "epoch from which a network differs from the learning one until the end."
    )
    learning: Shown = Field(description="what the others are compared with")
    others: Distinct[Shown] = Field([])
    panels: Distinct[Literal["normalised", "cosine", "correlation"]] = Field(
        ["normalised", "cosine", "correlation"], min_length=1
    )
    colours: list[Colour] = Field(["#0072b2", "#d55e00", "#009e73", "#cc79a7"], min_length=2)

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        if not is_made(study, "deviation_trajectories", model, wanted):
            return None
        learning = Shown(model=model, set=wanted)
        return cls.titled("Deviation over the time of training", learning=learning)

    @property
    def shown(self) -> list[Shown]:
        return [self.learning, *self.others]

    def data(self, study: Study) -> Data:
        if len(self.shown) > len(self.colours):
            raise Refused("colours", f"{len(self.colours)} for {len(self.shown)} curves")
        shown = [(each.model, each.set) for each in self.shown]
        return {"trajectories": study.each("deviation_trajectories", shown)}

    def derived(self, study: Study) -> dict[str, Any]:
        return {"replicates": min(study.config.count(each.model) for each in self.shown)}
