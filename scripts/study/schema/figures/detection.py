"""Figures of detection: errors, filters of signal processing, and signals made by hand."""

from typing import Any, ClassVar, Literal, Self

from pydantic import Field

from study.paths import Study
from study.schema.experiments.filters import FILTERS
from study.schema.figures.kind import Data, FigureKind, is_made
from study.schema.section import Colour, ColourMap, Distinct, SetName


class ErrorHistograms(FigureKind):
    """Histograms of the absolute error (chen2017 Figs 3.7, 3.10)."""

    former: ClassVar[str | None] = "histograms"
    kind: Literal["error-histograms"]
    caption: ClassVar[str] = (
        "Histogram of the absolute error of the location, in samples: of all test signals, of"
        " the 99 % of lowest error, and of all on a logarithmic axis, where rare large errors"
        " show. Bars are means, lines the range over replicates."
    )
    method: str = Field(description="a model or a detector")
    set: SetName
    colour: Colour = "#1f77b4"

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        if not study.config.is_ordered(wanted) or not is_made(study, "predictions", model, wanted):
            return None
        return cls.titled("Absolute error", method=model, set=wanted)

    def data(self, study: Study) -> Data:
        return {"predictions": study.tables("predictions", self.method, self.set)}

    def derived(self, study: Study) -> dict[str, Any]:
        return {"replicates": study.config.count(self.method)}


class FilterResponses(FigureKind):
    """What filters make of a noisy step (chen2017 Figs 3.3, 3.4)."""

    former: ClassVar[str | None] = "responses"
    kind: Literal["filter-responses"]
    caption: ClassVar[str] = (
        "A noisy step and what each filter makes of it; the location that the filter reports "
        "is where its response is largest."
    )
    experiment: str = Field(description="of kind mixed-filters")
    filters: Distinct[Literal[FILTERS]] = Field(min_length=1)

    def data(self, study: Study) -> Data:
        return {"responses": study.tables("mixed_filters.responses", self.experiment)[:1]}


class DetectionCurves(FigureKind):
    """Accuracy of detection against the width of the filter (chen2017 Fig. 3.5)."""

    kind: Literal["detection-curves"]
    caption: ClassVar[str] = (
        "Share of jumps that a filter finds, against its width, one curve per level of noise,"
        " with the best width marked and, at the right, what the two maximum-likelihood "
        "bounds find. Curves are means in a band from the least to the greatest replicate."
    )
    experiment: str = Field(description="of kind filter-widths")
    colour_map: ColourMap = "viridis"

    def data(self, study: Study) -> Data:
        return {"widths": study.tables("filter_widths", self.experiment)}

    def derived(self, study: Study) -> dict[str, Any]:
        return {"replicates": study.config.replicates}


class FilterSearchErrors(FigureKind):
    """The error of the filter by window and width (chen2017 §3.2.3)."""

    former: ClassVar[str | None] = "searches"
    kind: Literal["filter-search-errors"]
    caption: ClassVar[str] = (
        "Mean absolute error of the filter on the training signals, against its width and for"
        " each window; the choice of the thesis and the least error are marked."
    )
    experiment: str = Field(description="of kind filter-search")
    colour_map: ColourMap = "viridis"

    def data(self, study: Study) -> Data:
        return {"searches": study.tables("filter_search", self.experiment)}

    def derived(self, study: Study) -> dict[str, Any]:
        return {"replicates": study.config.replicates}


class LearnedAndDesignedFilters(FigureKind):
    """A network's filters beside those of signal processing (chen2017 Figs 3.15, 3.16)."""

    former: ClassVar[str | None] = "learned"
    kind: Literal["learned-and-designed-filters"]
    caption: ClassVar[str] = (
        "Filters that the network has learned: that of one class (a), that of the thesis (b),"
        " those of all classes aligned at their jump with their mean (c), and the mean beside"
        " the filters of signal processing at unit length (d)."
    )
    model: str
    set: SetName
    label: int = Field(29, ge=0, description="class of the filter shown alone, 0-based")

    def data(self, study: Study) -> Data:
        return {
            "filters": study.tables("learned_filters.filters", self.model, self.set)[:1],
            "likeness": study.tables("learned_filters.likeness", self.model, self.set),
        }

    def derived(self, study: Study) -> dict[str, Any]:
        return {"replicates": study.config.count(self.model)}


class HandMadeSignals(FigureKind):
    """Hand-made signals and how sure a network is of them (chen2017 Fig. 7.1)."""

    former: ClassVar[str | None] = "shapes"
    kind: Literal["hand-made-signals"]
    caption: ClassVar[str] = (
        "Signals made by hand, and below each the location that the network answers and the "
        "confidence (largest softmax output) of that answer."
    )
    model: str
    set: SetName

    def data(self, study: Study) -> Data:
        return {
            "confidences": study.tables("confidences", self.model, self.set),
            "examples": study.examples(*self.set.split("/")),
        }

    def derived(self, study: Study) -> dict[str, Any]:
        return {"replicates": study.config.count(self.model)}


class ConfidenceCurves(FigureKind):
    """How sure networks are of hand-made signals, by parameter (chen2017 §7.2)."""

    former: ClassVar[str | None] = "sweeps"
    kind: Literal["confidence-curves"]
    caption: ClassVar[str] = (
        "Confidence of networks in the location of hand-made signals against one parameter of"
        " the signal per panel, beside that of an ideal observer. Bold lines are means over "
        "replicates, thin lines single replicates."
    )
    models: Distinct[str] = Field(min_length=1)
    set: SetName

    def data(self, study: Study) -> Data:
        shown = [(model, self.set) for model in self.models]
        return {"confidences": study.each("confidences", shown)}

    def derived(self, study: Study) -> dict[str, Any]:
        return {"replicates": min(map(study.config.count, self.models))}
