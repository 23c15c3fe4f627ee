"""Figures and tables of the report."""

from typing import Annotated, Literal

from pydantic import Field

from study.schema.experiments import FILTERS
from study.schema.libraries import (
    AurocFigure,
    ConfusionFigure,
    LibraryFigure,
)
from study.schema.section import Colour, Positive, Section, SetName


class HistogramFigure(Section):
    """Histograms of the absolute error (chen2017 Figs 3.7, 3.10)."""

    kind: Literal["histograms"]
    title: str
    method: str = Field(description="a model or a detector")
    set: SetName
    colour: Colour = "#1f77b4"


class HeatmapFigure(Section):
    """Averaged activations as heat maps, a panel per layer (chen2017 Figs 3.12, 6.3, 6.4)."""

    kind: Literal["heatmaps"]
    title: str
    network: str
    set: SetName
    colour_map: str = Field("viridis", description="matplotlib's name")


class ProfileFigure(Section):
    """Deviation measures from layer to layer (chen2017 Figs 6.7 to 6.9, 6.12 to 6.14)."""

    kind: Literal["profiles"]
    title: str
    network: str
    set: SetName
    panels: list[Literal["euclidean", "level", "normalised", "inner", "inter"]] = Field(
        min_length=1
    )
    colours: list[Colour] = Field(["#0072b2", "#d55e00", "#009e73"], min_length=3)


class ResponseFigure(Section):
    """What filters make of a noisy step (chen2017 Figs 3.3, 3.4)."""

    kind: Literal["responses"]
    title: str
    experiment: str = Field(description="of kind mixed-filters")
    filters: list[Literal[FILTERS]] = Field(min_length=1)


class WidthFigure(Section):
    """Accuracy of detection against the width of the filter (chen2017 Fig. 3.5)."""

    kind: Literal["detection-curves"]
    title: str
    experiment: str = Field(description="of kind filter-widths")
    colour_map: str = Field("viridis", description="matplotlib's name")


class SearchFigure(Section):
    """The error of the filter by window and width (chen2017 §3.2.3)."""

    kind: Literal["searches"]
    title: str
    experiment: str = Field(description="of kind filter-search")
    colour_map: str = Field("viridis", description="matplotlib's name")


class LearnedFigure(Section):
    """A network's filters beside those of signal processing (chen2017 Figs 3.15, 3.16)."""

    kind: Literal["learned"]
    title: str
    network: str
    set: SetName
    label: int = Field(29, ge=0, description="class of the filter shown alone, 0-based")


class WeightFigure(Section):
    """Weights and biases (chen2017 Figs 3.11, 3.14)."""

    kind: Literal["weights"]
    title: str
    network: str
    colour_map: str = Field("RdBu_r", description="matplotlib's name")


class CurveFigure(Section):
    """Loss and error during training (chen2017 Fig. 3.9)."""

    kind: Literal["curves"]
    title: str
    network: str


class SuccessFigure(Section):
    """Success of the Moore-Penrose embedding (chen2017 Figs 4.14, 4.15)."""

    kind: Literal["successes"]
    title: str
    experiment: str = Field(description="of kind embeddings")
    colour_map: str = Field("viridis", description="matplotlib's name")


class MapColumn(Section):
    """One column of t-SNE maps."""

    title: str
    network: str
    set: SetName
    labels: Literal["label", "origin_label"] = Field(
        "label", description="the set's labels, or those that they were made from"
    )


class MapFigure(Section):
    """t-SNE maps, a row per layer (chen2017 Figs 3.2, 6.5, 6.6)."""

    kind: Literal["tsne"]
    title: str
    columns: list[MapColumn] = Field(min_length=1)
    layers: list[Annotated[int, Field(ge=0)]] = Field(min_length=1, description="0 is the input")
    colour_map: str = Field("turbo", description="matplotlib's name")


class ShapeFigure(Section):
    """Hand-made signals and how sure a network is of them (chen2017 Fig. 7.1)."""

    kind: Literal["shapes"]
    title: str
    network: str
    set: SetName


class SweepFigure(Section):
    """How sure networks are of hand-made signals, by parameter (chen2017 §7.2)."""

    kind: Literal["sweeps"]
    title: str
    networks: list[str] = Field(min_length=1)
    set: SetName


class FilterFigure(Section):
    """The filters of a convolutional network (chen2017 Figs 3.18, 3.19, 3.21, 3.23)."""

    kind: Literal["filter-shapes"]
    title: str
    network: str
    colours: list[Colour] = Field(["#0072b2", "#d55e00"], min_length=2)


class PlaneFigure(Section):
    """The two-dimensional representation in a bottleneck (chen2017 Figs 4.7, 4.8)."""

    kind: Literal["planes"]
    title: str
    network: str
    set: SetName
    layer: Positive = Field(1, description="a layer of two units")
    colour_map: str = Field("viridis", description="matplotlib's name")


class BottleneckFigure(Section):
    """Errors against the width of a bottleneck (chen2017 Figs 4.3, 4.4)."""

    kind: Literal["bottleneck-widths"]
    title: str
    models: list[str] = Field(
        min_length=1, description="perceptrons; the least of their widths is the bottleneck's"
    )
    set: SetName
    reference: str | None = Field(None, description="a network or detector to compare with")
    colour: Colour = "#0072b2"


class AscentFigure(Section):
    """Signals that gradient ascent finds, networks by jump locations (chen2017 Figs 5.1, 5.2)."""

    kind: Literal["ascent-signals"]
    title: str
    networks: list[str] = Field(min_length=1)
    locations: list[Positive] = Field([21, 40, 60, 80], min_length=1)


class AscentLayerFigure(Section):
    """Such a signal after each convolutional layer (chen2017 Figs 5.3 to 5.5)."""

    kind: Literal["ascent-layers"]
    title: str
    network: str
    location: Positive = 50


class Shown(Section):
    """A network on a set."""

    network: str
    set: SetName


class TrajectoryFigure(Section):
    """How the layers' effect on deviations changes over training, networks compared."""

    kind: Literal["partings"]
    title: str
    learning: Shown = Field(description="what the others are compared with")
    others: list[Shown] = Field(min_length=1)
    panels: list[Literal["normalised", "cosine", "correlation"]] = Field(
        ["normalised", "cosine", "correlation"], min_length=1
    )
    colours: list[Colour] = Field(["#0072b2", "#d55e00", "#009e73", "#cc79a7"], min_length=2)


Figure = Annotated[
    HistogramFigure
    | HeatmapFigure
    | ProfileFigure
    | FilterFigure
    | PlaneFigure
    | BottleneckFigure
    | AscentFigure
    | AscentLayerFigure
    | TrajectoryFigure
    | ResponseFigure
    | WidthFigure
    | SearchFigure
    | LearnedFigure
    | WeightFigure
    | CurveFigure
    | SuccessFigure
    | MapFigure
    | ShapeFigure
    | SweepFigure
    | LibraryFigure
    | ConfusionFigure
    | AurocFigure,
    Field(discriminator="kind"),
]


class Table(Section):
    """A table of error measures (chen2017 Tables 3.1 to 3.3)."""

    title: str
    methods: list[str] = Field(min_length=1, description="networks and detectors, in this order")
    set: SetName
