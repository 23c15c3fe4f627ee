"""Figures of library networks (lee2019)."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field

from study.paths import Study
from study.schema.analyses.libraries import Cosine
from study.schema.datasets import Size
from study.schema.figures.kind import Data, FigureKind, Refused, is_made
from study.schema.refusals import not_among
from study.schema.section import Colour, ColourMap, Distinct, SetName

COLOURS = [
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#e69f00",
    "#56b4e9",
    "#882255",
    "#444444",
]
Colours = Annotated[list[Colour], Field(min_length=5)]


class LibraryCurves(FigureKind):
    """Sizes of libraries and their agreement against the threshold (lee2019 Figs 2 and 4)."""

    kind: Literal["library-curves"]
    caption: ClassVar[str] = (
        "Size of the libraries of each layer and their agreement with the network's answers, "
        "against the threshold of similarity. Bold lines are means, thin lines single "
        "replicates; at the right, what a linear probe and the nearest pattern reach."
    )
    model: str
    set: SetName
    colours: Colours = COLOURS

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        if not is_made(study, "libraries", model, wanted):
            return None
        title = "Sizes of libraries and their agreement"
        return cls.titled(title, model=model, set=wanted)

    def data(self, study: Study) -> Data:
        return {"libraries": study.tables("libraries", self.model, self.set)}

    def derived(self, study: Study) -> dict[str, Any]:
        layers = study.layers("libraries", self.model, self.set)
        return {"replicates": study.config.count(self.model), "layers": layers}


class Confusions(FigureKind):
    """Confusion indices as matrices (lee2019 Fig. 3)."""

    kind: Literal["confusions"]
    caption: ClassVar[str] = (
        "Confusion indices of the libraries as matrices, one column per layer and one row per"
        " threshold: how much evidence for another class (column) there is when the class of "
        "the row is recognised. The diagonal is 1 by definition and is left white; a grey row"
        " is a class that no replicate recognises."
    )
    model: str
    set: SetName
    thresholds: dict[str, Annotated[Distinct[Cosine], Field(min_length=1)]] = Field(
        min_length=1, description="of the libraries that are shown, by layer, a row each"
    )
    colour_map: ColourMap = "viridis"

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        if not is_made(study, "libraries.confusion", model, wanted):
            return None
        by_layer = study.config.analysis("libraries", model, wanted).thresholds
        chosen = {layer: [each[len(each) // 2]] for layer, each in by_layer.items()}
        return cls.titled("Confusion of classes", model=model, set=wanted, thresholds=chosen)

    def data(self, study: Study) -> Data:
        tables = study.tables("libraries.confusion", self.model, self.set)
        built = study.config.analysis("libraries", self.model, self.set).thresholds
        for layer, shown in self.thresholds.items():
            for why in not_among(layer, built):
                raise Refused("thresholds", why)
            for threshold in [each for each in shown if each not in built[layer]]:
                known = ", ".join(map(str, built[layer]))
                raise Refused(f"thresholds.{layer}", f"found {threshold}; built: {known}")
        return {"confusion": tables}

    def derived(self, study: Study) -> dict[str, Any]:
        every = study.layers("libraries.confusion", self.model, self.set)
        layers = [layer for layer in every if layer in self.thresholds]
        return {"replicates": study.config.count(self.model), "layers": layers}


class Aurocs(FigureKind):
    """How well consistency tells attacks (lee2019 Fig. 5)."""

    kind: Literal["aurocs"]
    caption: ClassVar[str] = (
        "Left, the distribution of consistency for normal and attacked images; then the AUROC"
        " with which consistency distinguishes them, against the size of the attack, in "
        "normalised space as published and in pixels. Lines are means in a band from the "
        "least to the greatest replicate; grey lines are controls, random ends and clipping "
        "alone. 0.5 is chance."
    )
    model: str
    set: SetName
    detector: Literal["CPL, printed", "CPL, code"] = Field(
        description="reading of Eq. 5: as printed, or as in the published code (E-L04)"
    )
    shown: Size = Field(description="size of the attack whose distribution is drawn")
    colours: Colours = COLOURS

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        if not is_made(study, "consistency", model, wanted):
            return None
        entry = study.config.analysis("consistency", model, wanted)
        sizes = entry.sizes(study.config, "normalised")
        if "set1" not in entry.sets or not sizes:
            return None
        chosen = {"detector": "CPL, printed", "shown": sizes[len(sizes) // 2]}
        return cls.titled("Attacks told by consistency", model=model, set=wanted, **chosen)

    def data(self, study: Study) -> Data:
        of = self.model, self.set
        detection = study.tables("consistency", *of)
        entry = study.config.analysis("consistency", *of)
        sizes = entry.sizes(study.config, "normalised")
        if "set1" not in entry.sets:
            raise Refused("model", f"consistency of {self.model} has no set1 to show")
        if self.shown not in sizes:
            made = ", ".join(map(str, sizes)) or "none"
            raise Refused("shown", f"found {self.shown}; attacks, normalised: {made}")
        return {
            "detection": detection,
            "scores": study.tables("consistency.scores", *of),
        }

    def derived(self, study: Study) -> dict[str, Any]:
        return {"replicates": study.config.count(self.model)}
