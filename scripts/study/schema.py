"""The config's schema: one source for defaults, validation, editor completion and documentation.

`load` validates the merged config as a whole and reports every problem at once, each with the
key's path, what was found, what is allowed and the nearest right name.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import Field, ValidationError

from study.classifiers import (
    LAYERS,
    AurocFigure,
    Classifier,
    ConfusionFigure,
    Libraries,
    LibraryFigure,
)
from study.section import Colour, File, Name, Positive, Section, SetName, Split

MADE_OF_ANOTHER = ("shuffled-labels", "shapes")
FILTERS = (
    "mixed",
    "smoothing",
    "differentiation",
    "first derivative",
    "second derivative",
    "moving average",
)
WHOLE = ("rise", "width", "spike_at")  # parameters of shapes that are counts of samples


class Jumps(Section):
    """Signals with one jump in Gaussian noise (chen2017 §3.1)."""

    kind: Literal["jumps"]
    length: int = Field(100, ge=4, description="samples per signal")
    first: int = Field(21, ge=2, description="first jump location, 1-based")
    last: int = Field(80, ge=3, description="last jump location; one class per location")
    height: float = Field(3.0, gt=0, description="height of the jump")
    noise: float = Field(1.0, ge=0, description="standard deviation of the noise (errata E-C02)")
    per_class: dict[Split, Positive] = Field(
        {"train": 200, "validation": 100, "test": 100, "averages": 1000},
        description="signals per class of each split",
    )

    @property
    def splits(self) -> list[str]:
        return list(self.per_class)

    @property
    def width(self) -> int:
        return self.length

    @property
    def classes(self) -> int:
        return self.last - self.first + 1


class ShuffledLabels(Section):
    """Another set with its labels permuted (chen2017 §6.2.1)."""

    kind: Literal["shuffled-labels"]
    of: str = Field(description="the data set whose labels are permuted")


Sample = Annotated[int, Field(ge=1, description="location, 1-based")]


class ShapeSection(Section):
    """One hand-made signal; what it leaves out is as in the plain step."""

    height: float | None = Field(None, gt=0, description="of the rise; null: that of the signals")
    rise: Positive = Field(1, description="samples that the rise takes")
    before: float = Field(0.0, ge=0, description="fall per sample before the rise, down to 0")
    after: float = Field(0.0, ge=0, description="fall per sample after the rise, 0 at the least")
    width: int = Field(0, ge=0, description="samples after which it drops; 0: never")
    drop: float = Field(1.0, description="share of the height that it drops by")
    spike: float = Field(0.0, description="height of another rise, of one sample")
    spike_at: Sample | None = Field(None, description="where that other rise is")


class SweepSection(Section):
    """Hand-made signals that differ in one parameter."""

    parameter: Literal["height", "rise", "before", "after", "width", "drop", "spike", "spike_at"]
    values: list[int | float] = Field(min_length=1)
    fixed: ShapeSection = Field(ShapeSection(), description="what all of them have besides")


class Shapes(Section):
    """Noise-free signals that share only the principal subpattern of a jump (chen2017 §7.2)."""

    kind: Literal["shapes"]
    of: str = Field(description="the jump signals whose length, locations and height they take")
    location: Sample = Field(50, description="where all of them rise")
    shapes: dict[Name, ShapeSection] = Field({}, description="signals by name")
    sweeps: dict[Name, SweepSection] = Field({})


class Images(Section):
    """What every set of images has."""

    validation: int = Field(ge=0, description="examples held out of training, at random")

    @property
    def splits(self) -> list[str]:
        held_out = ["validation"] if self.validation else []
        return ["train", *held_out, "test"]


class Digits(Images):
    """scikit-learn's embedded 8 x 8 digits: 1,797 images, not MNIST."""

    kind: Literal["digits"]
    test: Positive = Field(360, description="examples held out for the test, at random")
    validation: int = Field(287, ge=0, description="examples held out of training, at random")

    @property
    def width(self) -> int:
        return 64

    @property
    def classes(self) -> int:
        return 10


class IdxPair(Section):
    """The images and the labels of one part of an idx set."""

    images: File
    labels: File


class IdxFiles(Section):
    """The four files of an idx set."""

    train: IdxPair | None = Field(None, description="none for a set that is only shown")
    test: IdxPair


class Idx(Images):
    """MNIST and its kin from their four original files."""

    kind: Literal["idx"]
    folder: Name = Field(description="folder below the data folder")
    files: IdxFiles
    download: str | None = Field(None, description="torchvision's name, if it may download")
    size: int = Field(28, ge=1, description="height and width of an image")
    classes: Positive = 10

    @property
    def splits(self) -> list[str]:
        return super().splits if self.files.train else ["test"]

    @property
    def width(self) -> int:
        return self.size**2


class HubFiles(Section):
    """The Parquet files of a set on the Hugging Face hub."""

    train: list[File] = Field(min_length=1)
    test: list[File] = Field(min_length=1)


class Photos(Section):
    """Grey patches of scikit-learn's two embedded photographs: images from elsewhere."""

    kind: Literal["photos"]
    size: Positive = Field(8, description="height and width of a patch")
    test: Positive = Field(500, description="patches of the test set, at random places")

    @property
    def splits(self) -> list[str]:
        return ["test"]

    @property
    def width(self) -> int:
        return self.size**2

    @property
    def classes(self) -> int:
        return 2


class Hub(Images):
    """Any image set as Parquet in the layout of the Hugging Face hub."""

    kind: Literal["hub"]
    folder: Name = Field(description="folder below the data folder")
    files: HubFiles
    shape: list[Positive] = Field(
        min_length=2, max_length=3, description="height, width and, for colour, 3"
    )
    classes: Positive = 10

    @property
    def width(self) -> int:
        width = 1
        for side in self.shape:
            width *= side
        return width


Dataset = Annotated[
    Jumps | ShuffledLabels | Shapes | Digits | Idx | Hub | Photos,
    Field(discriminator="kind"),
]


class RecipeSection(Section):
    """How a network is trained (chen2017 §3.3.1)."""

    batch_size: Positive = Field(100, description="examples per step")
    learning_rate: float = Field(0.01, gt=0, description="of plain gradient descent")
    stop: Literal["validation-loss", "train-accuracy", "epochs"] = Field(
        "validation-loss",
        description="keep the least validation loss; train to 100 %; or train max_epochs",
    )
    patience: Positive = Field(
        100, description="epochs without a lesser validation loss, where that is the criterion"
    )
    max_epochs: Positive = Field(3000, description="the limit, whatever the criterion")


class Network(Section):
    """One architecture with its data and its recipe."""

    dataset: str = Field(description="the data set it is trained on")
    convolutions: list[Positive] = Field(
        [], description="taps of the one filter of each convolutional layer, before the dense ones"
    )
    rectified: bool = Field(
        True, description="whether what the filters give is rectified; chen2017 does not say"
    )
    hidden: list[Positive] = Field([], description="widths of the hidden dense layers")
    recipe: RecipeSection = RecipeSection()
    start: Literal["glorot", "moore-penrose"] = Field(
        "glorot", description="of the output layer: at random, or as §4.3.5 proposes"
    )
    checkpoints: list[Annotated[int, Field(ge=0)]] = Field(
        [], description="epochs after which to keep the weights besides; 0 is the start"
    )
    replicates: Positive | None = Field(None, description="its own value of `replicates`")
    together: Positive | None = Field(None, description="its own value of the study's `together`")


class Bottlenecks(Section):
    """Perceptrons <name>-<width> with hidden layers around, width, around reversed (§4.2)."""

    dataset: str = Field(description="the data set they are trained on")
    widths: list[Positive] = Field(min_length=1, description="units in the bottleneck, one each")
    around: list[Positive] = Field([], description="widths of the hidden layers before it")
    recipe: RecipeSection = RecipeSection()

    def members(self, name: str) -> dict[str, Network]:
        """The networks of the family, by their names."""
        return {
            f"{name}-{width}": Network(
                dataset=self.dataset,
                hidden=[*self.around, width, *reversed(self.around)],
                recipe=self.recipe,
            )
            for width in self.widths
        }


class GaussianDerivative(Section):
    """The smoothed first derivative (chen2017 §3.2)."""

    kind: Literal["gaussian-derivative"]
    dataset: str
    window: Positive = Field(19, description="length of the smoother, in samples")
    tau: float = Field(2.9, gt=0, description="width of the Gaussian, in samples")
    search: Literal["signal", "classes"] = Field(
        "signal", description="the whole signal, as published, or where jumps can be"
    )


class StepLikelihood(Section):
    """Maximum likelihood for a step of known height: the bound for every detector."""

    kind: Literal["step-likelihood"]
    dataset: str


class BlindStepLikelihood(Section):
    """Maximum likelihood for a step of unknown height in noise of unknown level."""

    kind: Literal["blind-step-likelihood"]
    dataset: str


class LearnedFilter(Section):
    """A network's mean filter, slid over the signal (chen2017 §3.3.3)."""

    kind: Literal["learned-filter"]
    dataset: str
    network: str
    split: str = Field("test", description="signals over which its filters are averaged")


Detector = Annotated[
    GaussianDerivative | StepLikelihood | BlindStepLikelihood | LearnedFilter,
    Field(discriminator="kind"),
]


class MixedFilters(Section):
    """Filters on a noisy step, and the noise that they let through (chen2017 Figs 3.3, 3.4)."""

    kind: Literal["mixed-filters"]
    length: int = Field(60, ge=8, description="samples; the jump is in the middle")
    height: float = Field(1.0, gt=0)
    noise: float = Field(0.1, gt=0, description="standard deviation")
    samples: Positive = Field(100_000, description="of noise, to measure the gain with")


class FilterWidths(Section):
    """Accuracy of detection against the width of the filter (chen2017 Fig. 3.5)."""

    kind: Literal["filter-widths"]
    dataset: str = Field(description="the jump signals whose length and locations are taken")
    noises: list[float] = Field([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], description="over the height")
    taus: list[float] = Field(min_length=1, description="widths of the Gaussian, in samples")
    per_class: Positive = Field(100, description="signals per location")


class FilterSearch(Section):
    """The window and the width of least error on a set (chen2017 §3.2.3)."""

    kind: Literal["filter-search"]
    set: SetName
    windows: list[Positive] = Field(min_length=1, description="lengths of the smoother, odd")
    taus: list[float] = Field(min_length=1, description="widths of the Gaussian, in samples")


class EmbeddingCells(Section):
    """How many points are embedded in a space of one dimension."""

    width: Positive = Field(description="dimension of the space, p")
    points: list[Positive] = Field(min_length=1, description="numbers of points, n")


class Embeddings(Section):
    """Success of the Moore-Penrose embedding (chen2017 §4.3.4, Figs 4.14 and 4.15)."""

    kind: Literal["embeddings"]
    cells: list[EmbeddingCells] = Field(min_length=1)
    distances: list[float] = Field([0.0], description="least distances between points")
    maps: list[Literal["affine", "linear"]] = Field(
        ["affine"], description="affine, as the figures must be (E-C09), or as the text says"
    )
    trials: Positive = Field(description="draws per cell and replicate")


Experiment = Annotated[
    MixedFilters | FilterWidths | FilterSearch | Embeddings, Field(discriminator="kind")
]


class Projection(Section):
    """How neighbourhoods and t-SNE maps are made."""

    replicates: Positive = Field(1, description="replicates that get maps")
    points: Positive | None = Field(None, description="examples shown, at random; null: all")
    perplexity: float = Field(30.0, ge=1, description="of t-SNE")
    neighbours: Positive = Field(6, description="nearest neighbours that count")


class Ascents(Section):
    """Gradient ascent from noise to an input of each class (chen2017 §5)."""

    networks: list[str] = Field([], description="the networks whose outputs are climbed")
    bound: float = Field(0.05, ge=0, description="a start is uniform within ± this")
    rate: float = Field(10.0, gt=0, description="learning rate")
    level: float = Field(0.999, gt=0, lt=1, description="output at which a signal is done")
    limit: Positive = Field(2000, description="steps after which one that is not is given up")


class Analyses(Section):
    """Which network is looked at on which sets; a set is written dataset/split."""

    predictions: dict[str, list[SetName]] = Field({}, description="answers, example by example")
    averages: dict[str, list[SetName]] = Field({}, description="averaged activations (Eq. 3.6)")
    deviations: dict[str, list[SetName]] = Field({}, description="deviation measures (§6.4)")
    learned_filters: dict[str, list[SetName]] = Field({}, description="filters of a network (§3.3)")
    neighbourhoods: dict[str, list[SetName]] = Field({}, description="neighbours in layers (§6.3)")
    projections: dict[str, list[SetName]] = Field({}, description="t-SNE of layers (§6.3)")
    confidences: dict[str, list[SetName]] = Field({}, description="on hand-made signals (§7.2)")
    parameters: list[str] = Field([], description="networks whose weights are tabled (§3.3.2)")
    units: dict[str, list[SetName]] = Field({}, description="how often units are active (§4.2)")
    redundancy: dict[str, list[SetName]] = Field(
        {}, description="what single units tell, and networks without some units (§3.3.3)"
    )
    trajectories: dict[str, list[SetName]] = Field(
        {}, description="deviation measures at every checkpoint"
    )
    filters: list[str] = Field([], description="networks whose filters are looked at (§3.4)")
    ascents: Ascents = Ascents()

    @property
    def on_sets(self) -> dict[str, dict[str, list[str]]]:
        """The analyses of a method on sets, by name."""
        return {name: wanted for name, wanted in self if isinstance(wanted, dict)}


class HistogramFigure(Section):
    """Histograms of the absolute error (chen2017 Figs 3.7, 3.10)."""

    kind: Literal["histograms"]
    title: str
    method: str = Field(description="a network or a detector")
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
    bottlenecks: str = Field(description="a family of networks")
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


class Report(Section):
    """The report."""

    title: str = "Glassbox"


class Config(Section):
    """The whole study."""

    seed: int = Field(2017, ge=0, description="every random draw depends on it")
    replicates: Positive = Field(5, description="draws of data, start and order per network")
    together: Positive = Field(
        5, description="replicates in one job; such a block is always made whole"
    )
    device: Literal["auto", "cpu", "cuda"] = Field(
        "auto", description="where networks run; changing it redoes nothing"
    )
    datasets: dict[Name, Dataset]
    networks: dict[Name, Network]
    bottlenecks: dict[Name, Bottlenecks] = Field({})
    detectors: dict[Name, Detector] = Field({})
    experiments: dict[Name, Experiment] = Field({})
    projection: Projection = Projection()
    classifiers: dict[Name, Classifier] = Field({})
    libraries: dict[Name, Libraries] = Field({}, description="by the classifier's name")
    analyses: Analyses = Analyses()
    figures: dict[Name, Figure] = Field({})
    tables: dict[Name, Table] = Field({})
    report: Report = Report()

    def origin(self, dataset: str) -> Jumps | Digits | Idx | Hub | Photos:
        """The data set that a set was made from or is like: its sizes are those of the set."""
        section = self.datasets[dataset]
        return self.origin(section.of) if section.kind in MADE_OF_ANOTHER else section

    def count(self, method: str) -> int:
        """How many replicates of a network, a classifier or a detector the study has."""
        section = {**self.networks, **self.classifiers}.get(method)
        return getattr(section, "replicates", None) or self.replicates

    def own_counts(self) -> dict[str, int]:
        """The networks with a number of replicates of their own, and that number."""
        return {name: each.replicates for name, each in self.networks.items() if each.replicates}

    def image_shape(self, dataset: str) -> list[int] | None:
        """Height, width and, for colour, 3 of a set's images; None for what are no images."""
        section = self.origin(dataset)
        if section.kind in ("digits", "idx", "photos"):
            side = round(section.width**0.5)
            return [side, side]
        return section.shape if section.kind == "hub" else None

    def draws(self, dataset: str) -> bool:
        """Whether each replicate has a draw of its own, as generated sets have."""
        hand_made = self.datasets[dataset].kind == "shapes"
        return not hand_made and self.origin(dataset).kind == "jumps"

    def splits(self, dataset: str) -> list[str]:
        """The splits of a set."""
        hand_made = self.datasets[dataset].kind == "shapes"
        return ["all"] if hand_made else self.origin(dataset).splits

    def labelled(self, dataset: str) -> str:
        """The set that has the same examples under the labels that they were made with."""
        section = self.datasets[dataset]
        return self.labelled(section.of) if section.kind == "shuffled-labels" else dataset


class ConfigError(Exception):
    """All that is wrong with a config, one problem per line."""


def load(merged: Mapping[str, Any]) -> Config:
    """Validate a merged config; entries set to null are left out, families are spelled out.

    Raises ConfigError with one line per problem.
    """
    try:
        config = Config.model_validate(_without_nulls(merged))
    except ValidationError as error:
        problems = [_describe(detail, merged) for detail in error.errors()]
        raise ConfigError("\n".join(problems)) from None
    problems = list(_family_problems(config))
    if not problems:
        config = _spelled_out(config)
        problems = list(_inconsistencies(config))
    if problems:
        raise ConfigError("\n".join(problems))
    return config


def _family_problems(config: Config) -> Iterable[str]:
    """Families of networks whose members have the name of another network, or one name."""
    taken = set(config.networks)
    for name, family in config.bottlenecks.items():
        if len(set(family.widths)) < len(family.widths):
            yield f"bottlenecks.{name}.widths: found {family.widths}; must differ"
        members = set(family.members(name))
        if taken & members:
            both = ", ".join(sorted(taken & members))
            yield f"bottlenecks.{name}: {both} is also the name of another network"
        taken |= members


def _spelled_out(config: Config) -> Config:
    """The config with each family's members among the networks, and in place of its name."""
    families = {name: family.members(name) for name, family in config.bottlenecks.items()}
    networks = dict(config.networks)
    for members in families.values():
        networks |= members

    def spread(names: Iterable[str]) -> list[str]:
        return [member for name in names for member in families.get(name, [name])]

    analyses = {
        analysis: {member: sets for name, sets in wanted.items() for member in spread([name])}
        for analysis, wanted in config.analyses.on_sets.items()
    }
    tables = {
        name: table.model_copy(update={"methods": spread(table.methods)})
        for name, table in config.tables.items()
    }
    changed = {"analyses": config.analyses.model_copy(update=analyses), "tables": tables}
    return config.model_copy(update={"networks": networks, **changed})


def nearest(wrong: object, allowed: Iterable[str]) -> str:
    """'allowed: ...' with the nearest right name first, for an error message."""
    names = sorted(allowed)
    close = difflib.get_close_matches(str(wrong), names, n=1, cutoff=0.5)
    hint = f"did you mean '{close[0]}'? " if close else ""
    return f"{hint}allowed: {', '.join(names) or 'none'}"


def _without_nulls(section: Any) -> Any:
    if isinstance(section, Mapping):
        return {key: _without_nulls(value) for key, value in section.items() if value is not None}
    return section


def _describe(detail: dict, merged: Mapping[str, Any]) -> str:
    """One problem that pydantic found, in the words of the config."""
    path = _config_path(detail["loc"], merged)
    where = ".".join(map(str, path))
    if detail["type"] == "extra_forbidden":
        names = _section_at(detail["loc"][:-1]).model_fields
        return f"{where}: unknown key; {nearest(path[-1], names)}"
    if detail["type"] == "missing":
        return f"{where}: required, but missing"
    if detail["type"] in ("union_tag_invalid", "union_tag_not_found"):
        kinds = _by_kind(_section_at(detail["loc"]))
        if "kind" not in detail["input"]:
            return f"{where}.kind: required, but missing; {nearest(None, kinds)}"
        found = detail["input"]["kind"]
        return f"{where}.kind: found {found!r}; {nearest(found, kinds)}"
    if detail["type"] == "literal_error":
        allowed = [option.strip("' ") for option in _options(detail["ctx"]["expected"])]
        return f"{where}: found {detail['input']!r}; {nearest(detail['input'], allowed)}"
    if detail["type"] in ("model_type", "model_attributes_type", "dict_type"):
        return f"{where}: found {detail['input']!r}; must be a section of keys"
    return f"{where}: found {detail['input']!r}; {detail['msg'][0].lower()}{detail['msg'][1:]}"


def _options(expected: str) -> list[str]:
    return expected.replace(" or ", ", ").split(", ")


def _config_path(location: tuple, merged: Any) -> list:
    """The location without the tags that pydantic adds for the kinds of a section."""
    path, here = [], merged
    for position, step in enumerate(location):
        last = position == len(location) - 1
        if isinstance(here, Mapping) and step not in here and not last and step == here.get("kind"):
            continue
        if step == "[key]":
            continue
        path.append(step)
        reachable = isinstance(here, Mapping) and step in here
        here = here[step] if reachable or (isinstance(here, list) and step < len(here)) else None
    return path


def _section_at(location: tuple) -> Any:
    """The type of the part of the config at pydantic's location."""
    part: Any = Config
    for step in location:
        part = _step_into(part, step)
    return part


def _step_into(part: Any, step: str | int) -> Any:
    if isinstance(part, type):
        annotation = part.model_fields[step].annotation
        optional = type(None) in get_args(annotation)
        return get_args(annotation)[0] if optional else annotation
    if get_origin(part) in (dict, list):
        return get_args(part)[-1]
    return _by_kind(part)[step]


def _by_kind(union: Any) -> dict[str, type[Section]]:
    """The sections of a union by the `kind` that tells them apart."""
    sections = get_args(get_args(union)[0])
    return {get_args(each.model_fields["kind"].annotation)[0]: each for each in sections}


def _inconsistencies(config: Config) -> Iterable[str]:
    """Names that do not exist and combinations that cannot work."""
    yield from _dataset_problems(config)
    known = {name for name in config.datasets if _rooted(config, name)}
    if known != set(config.datasets):
        return
    for name, network in config.networks.items():
        yield from _network_problems(config, name, network)
    for name, detector in config.detectors.items():
        yield from _detector_problems(config, name, detector)
    if set(config.networks) & set(config.detectors):
        both = sorted(set(config.networks) & set(config.detectors))
        yield f"detectors: {', '.join(both)} is also the name of a network"
    methods = (*config.networks.values(), *config.detectors.values())
    if any(method.dataset not in config.datasets for method in methods):
        return
    for name, experiment in config.experiments.items():
        yield from _experiment_problems(config, f"experiments.{name}", experiment)
    for name, network in config.networks.items():
        yield from _training_problems(config, f"networks.{name}", network.dataset, "validation")
    yield from _classifier_problems(config)
    yield from _analysis_problems(config)
    yield from _figure_problems(config)


def _rooted(config: Config, name: str) -> bool:
    seen = set()
    while config.datasets[name].kind in MADE_OF_ANOTHER:
        seen.add(name)
        name = config.datasets[name].of
        if name in seen or name not in config.datasets:
            return False
    return True


def _dataset_problems(config: Config) -> Iterable[str]:
    for name, section in config.datasets.items():
        where = f"datasets.{name}"
        if section.kind in MADE_OF_ANOTHER:
            problems = list(_unknown(f"{where}.of", section.of, set(config.datasets) - {name}))
            yield from problems
            if not problems and not _rooted(config, name):
                yield f"{where}.of: {section.of} is itself made from {name}"
            elif not problems and section.kind == "shapes":
                yield from _shape_problems(config, where, section)
        elif section.kind == "jumps":
            if not section.first <= section.last - 1:
                yield f"{where}.last: found {section.last}; must be above first ({section.first})"
            if section.last > section.length:
                yield f"{where}.last: found {section.last}; at most the length ({section.length})"
            missing = {"train", "validation"} - set(section.per_class)
            if missing:
                yield f"{where}.per_class: {', '.join(sorted(missing))} is missing"
        elif section.kind == "digits" and section.validation + section.test >= 1797:
            yield f"{where}: validation and test leave nothing of the 1797 images to train on"


def _shape_problems(config: Config, where: str, section: Shapes) -> Iterable[str]:
    """Hand-made signals that are no signals, or of no class."""
    if config.datasets[section.of].kind != "jumps":
        yield f"{where}.of: {section.of} is not a set of kind jumps"
        return
    signals = config.datasets[section.of]
    if not signals.first <= section.location <= signals.last:
        yield (
            f"{where}.location: found {section.location}; "
            f"must be from {signals.first} to {signals.last}"
        )
    if not section.shapes and not section.sweeps:
        yield f"{where}: neither shapes nor sweeps are given"
    shapes = {f"shapes.{name}": shape for name, shape in section.shapes.items()}
    for name, sweep in section.sweeps.items():
        shapes[f"sweeps.{name}.fixed"] = sweep.fixed
        if sweep.parameter in WHOLE and not all(isinstance(each, int) for each in sweep.values):
            yield f"{where}.sweeps.{name}.values: {sweep.parameter} takes whole numbers"
        if sweep.parameter == "spike" and sweep.fixed.spike_at is None:
            yield f"{where}.sweeps.{name}.fixed.spike_at: required, but missing"
    for name, shape in shapes.items():
        if shape.spike and shape.spike_at is None:
            yield f"{where}.{name}.spike_at: required, but missing"
        if (shape.spike_at or 1) > signals.length:
            yield (
                f"{where}.{name}.spike_at: found {shape.spike_at}; "
                f"at most the length ({signals.length})"
            )


def _experiment_problems(config: Config, where: str, experiment: Experiment) -> Iterable[str]:
    if experiment.kind == "filter-widths":
        problems = list(_unknown(f"{where}.dataset", experiment.dataset, config.datasets))
        yield from problems
        if not problems and config.datasets[experiment.dataset].kind != "jumps":
            yield f"{where}.dataset: {experiment.dataset} is not a set of kind jumps"
    elif experiment.kind == "filter-search":
        problems = list(_set_problems(config, f"{where}.set", experiment.set))
        yield from problems
        if not problems and config.datasets[experiment.set.split("/")[0]].kind != "jumps":
            yield f"{where}.set: {experiment.set} is not of a set of kind jumps"
        for window in experiment.windows:
            if window % 2 == 0:
                yield f"{where}.windows: found {window}; must be odd, to be centred"
    elif experiment.kind == "embeddings":
        for place, cells in enumerate(experiment.cells):
            least = cells.width + ("affine" in experiment.maps)
            if min(cells.points) < least:
                yield (
                    f"{where}.cells.{place}.points: found {min(cells.points)}; at least {least} "
                    f"points span {cells.width} dimensions"
                )


def _network_problems(config: Config, name: str, network: Network) -> Iterable[str]:
    where = f"networks.{name}"
    learnable = {each for each, section in config.datasets.items() if section.kind != "shapes"}
    problems = list(_unknown(f"{where}.dataset", network.dataset, learnable))
    yield from problems
    if problems or not network.convolutions:
        return
    shown = config.origin(network.dataset)
    if shown.kind != "jumps":
        yield f"{where}.convolutions: {network.dataset} holds no signals to convolve"
    for taps in network.convolutions:
        if taps % 2 == 0 or taps > shown.width:
            yield (
                f"{where}.convolutions: found {taps}; "
                f"must be odd, to be centred, and at most the length ({shown.width})"
            )


def _detector_problems(config: Config, name: str, detector: Detector) -> Iterable[str]:
    where = f"detectors.{name}"
    problems = list(_unknown(f"{where}.dataset", detector.dataset, config.datasets))
    yield from problems
    if problems:
        return
    if config.datasets[detector.dataset].kind != "jumps":
        yield f"{where}.dataset: {detector.dataset} is not a set of kind jumps"
    elif detector.kind == "learned-filter":
        yield from _learned_filter_problems(config, where, detector)
    elif detector.kind == "gaussian-derivative":
        signals = config.datasets[detector.dataset]
        if detector.window % 2 == 0:
            yield f"{where}.window: found {detector.window}; must be odd, to be centred"
        if detector.window > signals.length:
            yield f"{where}.window: found {detector.window}; at most the length ({signals.length})"


def _learned_filter_problems(config: Config, where: str, detector: LearnedFilter) -> Iterable[str]:
    problems = list(_unknown(f"{where}.network", detector.network, config.analyses.learned_filters))
    yield from problems
    wanted = f"{detector.dataset}/{detector.split}"
    if not problems and wanted not in config.analyses.learned_filters[detector.network]:
        yield (f"{where}.split: analyses.learned_filters.{detector.network} leaves out {wanted}")


def _training_problems(config: Config, where: str, dataset: str, *also: str) -> Iterable[str]:
    """Splits that training wants and a set lacks."""
    missing = [one for one in ("train", *also) if one not in config.splits(dataset)]
    if missing:
        yield f"{where}.dataset: {dataset} has no {' and no '.join(missing)} set to train with"


def _classifier_problems(config: Config) -> Iterable[str]:
    """Classifiers whose images they can't take, and libraries of layers that there are not."""
    known = set()
    for name, classifier in config.classifiers.items():
        where = f"classifiers.{name}"
        if name in {**config.networks, **config.detectors}:
            yield f"{where}: the name is that of a network or detector"
        problems = list(_unknown(f"{where}.dataset", classifier.dataset, config.datasets))
        problems = problems or list(_training_problems(config, where, classifier.dataset, "test"))
        problems = problems or list(_image_problems(config, where, classifier))
        yield from problems
        known |= set() if problems else {name}
    for name, libraries in config.libraries.items():
        where = f"libraries.{name}"
        yield from _unknown(where, name, config.classifiers)
        if name in known:
            yield from _library_problems(config, where, config.classifiers[name], libraries)


def _image_problems(config: Config, where: str, classifier: Classifier) -> Iterable[str]:
    images = config.origin(classifier.dataset)
    shape = config.image_shape(classifier.dataset)
    if classifier.kind == "resnet44":
        if shape != [32, 32, 3]:
            yield f"{where}.dataset: {classifier.dataset} has no images of 32 x 32 x 3"
        return
    if not shape or len(shape) != 2 or shape[0] != shape[1]:
        yield f"{where}.dataset: {classifier.dataset} has no square grey images"
        return
    size = shape[0]
    for _ in range(2):
        size = (size + 2 * classifier.padding - classifier.kernel + 1) // 2
    if size < 1:
        side = f"{images.width**0.5:.0f}"
        yield f"{where}.kernel: found {classifier.kernel}; leaves nothing of {side} x {side} pixels"


def _library_problems(
    config: Config, where: str, classifier: Classifier, libraries: Libraries
) -> Iterable[str]:
    layers = LAYERS[classifier.kind]
    for layer in libraries.thresholds:
        yield from _unknown(f"{where}.thresholds", layer, layers)
    if libraries.mahalanobis:
        yield from _unknown(f"{where}.mahalanobis", libraries.mahalanobis, layers)
    for name, chosen in libraries.sets.items():
        if len(chosen) < 2:
            yield f"{where}.sets.{name}: found {len(chosen)} layers; at least 2 are compared"
        for layer, threshold in chosen.items():
            at = f"{where}.sets.{name}.{layer}"
            built = libraries.thresholds.get(layer, [])
            if threshold not in built:
                yield f"{at}: found {threshold}; built: {', '.join(map(str, built)) or 'none'}"
    for one in libraries.outliers:
        problems = list(_set_problems(config, f"{where}.outliers", one))
        yield from problems
        width = config.origin(classifier.dataset).width
        if not problems and config.origin(one.split("/")[0]).width != width:
            yield f"{where}.outliers: {one} has not the {width} inputs of {classifier.dataset}"


def _set_problems(config: Config, where: str, wanted: str) -> Iterable[str]:
    dataset, split = wanted.split("/")
    problems = list(_unknown(where, dataset, config.datasets))
    yield from problems or _unknown(where, split, config.splits(dataset))


def _analysis_problems(config: Config) -> Iterable[str]:
    for place, name in enumerate(config.analyses.parameters):
        yield from _unknown(f"analyses.parameters.{place}", name, config.networks)
    for analysis, wanted in config.analyses.on_sets.items():
        for name, sets in wanted.items():
            where = f"analyses.{analysis}.{name}"
            allowed = set(config.networks)
            if analysis == "predictions":
                allowed |= set(config.detectors)
            if analysis == "trajectories":
                allowed = {each for each in allowed if config.networks[each].checkpoints}
            if analysis == "redundancy":
                allowed = {each for each in allowed if _is_mlp(config.networks[each])}
            problems = list(_unknown(where, name, allowed))
            for one in sets:
                problems += _set_problems(config, where, one)
            problems = problems or list(_kind_problems(config, where, analysis, sets))
            yield from problems or _fit_problems(config, where, name, sets)
    with_filters = [name for name, network in config.networks.items() if network.convolutions]
    for name in config.analyses.filters:
        yield from _unknown("analyses.filters", name, with_filters)
    with_jumps = [
        name
        for name, network in config.networks.items()
        if config.origin(network.dataset).kind == "jumps"
    ]
    for name in config.analyses.ascents.networks:
        yield from _unknown("analyses.ascents.networks", name, with_jumps)


def _is_mlp(network: Network) -> bool:
    return bool(network.hidden) and not network.convolutions


def _kind_problems(config: Config, where: str, analysis: str, sets: list[str]) -> Iterable[str]:
    """Sets that an analysis can't be made of, for want of locations or of shapes."""
    allowed = {"learned_filters": ("jumps",), "confidences": ("shapes",)}.get(analysis)
    for one in sets:
        if allowed and config.datasets[one.split("/")[0]].kind not in allowed:
            yield f"{where}: {one} is not of a set of kind {allowed[0]}"


def _fit_problems(config: Config, where: str, name: str, sets: list[str]) -> Iterable[str]:
    """A network can only be shown inputs and classes of the size that it was made for."""
    methods = {**config.networks, **config.detectors}
    trained = config.origin(methods[name].dataset)
    for one in sets:
        shown = config.origin(one.split("/")[0])
        if (shown.width, shown.classes) != (trained.width, trained.classes):
            yield (
                f"{where}: {one} has {shown.width} inputs and {shown.classes} classes, "
                f"{name} takes {trained.width} and {trained.classes}"
            )


def _figure_problems(config: Config) -> Iterable[str]:
    for name, figure in config.figures.items():
        yield from FIGURE_PROBLEMS[figure.kind](config, f"figures.{name}", figure)
    for name in sorted(set(config.figures) & set(config.tables)):
        yield f"tables.{name}: is also the name of a figure"
    for name, table in config.tables.items():
        shown = {f"methods.{place}": method for place, method in enumerate(table.methods)}
        yield from _not_analysed(config, f"tables.{name}", "predictions", shown, table.set)


def _of_network(analysis: str, method: str = "network") -> Callable:
    """The problems of a figure that shows one method on a set, from this analysis."""

    def problems(config: Config, where: str, figure: Any) -> Iterable[str]:
        shown = {method: getattr(figure, method)}
        yield from _not_analysed(config, where, analysis, shown, figure.set)

    return problems


def _plane_problems(config: Config, where: str, figure: PlaneFigure) -> Iterable[str]:
    problems = list(_unknown(f"{where}.network", figure.network, config.networks))
    yield from problems or _set_problems(config, f"{where}.set", figure.set)
    if problems:
        return
    hidden = config.networks[figure.network].hidden
    if config.networks[figure.network].convolutions or hidden[figure.layer - 1 :][:1] != [2]:
        yield f"{where}.layer: layer {figure.layer} of {figure.network} has not two units"


def _bottleneck_problems(config: Config, where: str, figure: BottleneckFigure) -> Iterable[str]:
    problems = list(_unknown(f"{where}.bottlenecks", figure.bottlenecks, config.bottlenecks))
    yield from problems
    if problems:
        return
    members = config.bottlenecks[figure.bottlenecks].members(figure.bottlenecks)
    shown = {"bottlenecks": next(iter(members))}
    if figure.reference is not None:
        shown["reference"] = figure.reference
    yield from _not_analysed(config, where, "predictions", shown, figure.set)


def _filter_problems(config: Config, where: str, figure: FilterFigure) -> Iterable[str]:
    yield from _unknown(f"{where}.network", figure.network, config.analyses.filters)


def _ascent_problems(
    config: Config, where: str, figure: AscentFigure | AscentLayerFigure
) -> Iterable[str]:
    several = isinstance(figure, AscentFigure)
    networks = figure.networks if several else [figure.network]
    for network in networks:
        problems = list(_unknown(where, network, config.analyses.ascents.networks))
        yield from problems
        for location in [] if problems else figure.locations if several else [figure.location]:
            signals = config.origin(config.networks[network].dataset)
            if not signals.first <= location <= signals.last:
                yield (
                    f"{where}: found location {location}; "
                    f"jumps of {network} are at {signals.first} to {signals.last}"
                )


def _trajectory_problems(config: Config, where: str, figure: TrajectoryFigure) -> Iterable[str]:
    for key, shown in {"learning": figure.learning, **dict(enumerate(figure.others))}.items():
        network = {"network": shown.network}
        yield from _not_analysed(config, f"{where}.{key}", "trajectories", network, shown.set)
    if len(figure.others) >= len(figure.colours):
        yield f"{where}.colours: {len(figure.colours)} for {len(figure.others) + 1} curves"


def _of_experiment(kind: str) -> Callable:
    """The problems of a figure that shows an experiment of this kind."""

    def problems(config: Config, where: str, figure: Any) -> Iterable[str]:
        allowed = [name for name, each in config.experiments.items() if each.kind == kind]
        yield from _unknown(f"{where}.experiment", figure.experiment, allowed)

    return problems


def _weight_problems(config: Config, where: str, figure: WeightFigure) -> Iterable[str]:
    yield from _unknown(f"{where}.network", figure.network, config.analyses.parameters)


def _curve_problems(config: Config, where: str, figure: CurveFigure) -> Iterable[str]:
    yield from _unknown(f"{where}.network", figure.network, config.networks)


def _sweep_problems(config: Config, where: str, figure: SweepFigure) -> Iterable[str]:
    networks = {f"networks.{place}": name for place, name in enumerate(figure.networks)}
    yield from _not_analysed(config, where, "confidences", networks, figure.set)


def _map_problems(config: Config, where: str, figure: MapFigure) -> Iterable[str]:
    for place, column in enumerate(figure.columns):
        for analysis in ("projections", "neighbourhoods"):
            here = f"{where}.columns.{place}"
            yield from _not_analysed(
                config, here, analysis, {"network": column.network}, column.set
            )


def _library_figure_problems(
    config: Config, where: str, figure: LibraryFigure | ConfusionFigure | AurocFigure
) -> Iterable[str]:
    """What a figure shows of libraries, and what the config does not have built or attacked."""
    problems = list(_unknown(f"{where}.classifier", figure.classifier, config.libraries))
    yield from problems
    if problems or figure.classifier not in config.classifiers:
        return
    libraries = config.libraries[figure.classifier]
    if figure.kind == "aurocs":
        if "set1" not in libraries.sets:
            yield f"{where}.classifier: libraries.{figure.classifier}.sets has no set1 to show"
        if figure.shown not in libraries.attacks.normalised:
            sizes = ", ".join(map(str, libraries.attacks.normalised)) or "none"
            yield f"{where}.shown: found {figure.shown}; attacks, normalised: {sizes}"
    elif figure.kind == "confusions":
        for layer in figure.layers:
            yield from _unknown(f"{where}.layers", layer, libraries.thresholds)
            built = libraries.thresholds.get(layer, figure.thresholds)
            for threshold in set(figure.thresholds) - set(built):
                yield f"{where}.thresholds: found {threshold}, which {layer} is not built with"


FIGURE_PROBLEMS: dict[str, Callable[[Config, str, Any], Iterable[str]]] = {
    "histograms": _of_network("predictions", "method"),
    "heatmaps": _of_network("averages"),
    "profiles": _of_network("deviations"),
    "filter-shapes": _filter_problems,
    "planes": _plane_problems,
    "bottleneck-widths": _bottleneck_problems,
    "ascent-signals": _ascent_problems,
    "ascent-layers": _ascent_problems,
    "partings": _trajectory_problems,
    "responses": _of_experiment("mixed-filters"),
    "detection-curves": _of_experiment("filter-widths"),
    "searches": _of_experiment("filter-search"),
    "successes": _of_experiment("embeddings"),
    "learned": _of_network("learned_filters"),
    "weights": _weight_problems,
    "curves": _curve_problems,
    "tsne": _map_problems,
    "shapes": _of_network("confidences"),
    "sweeps": _sweep_problems,
    "library-curves": _library_figure_problems,
    "confusions": _library_figure_problems,
    "aurocs": _library_figure_problems,
}


def _not_analysed(
    config: Config, where: str, analysis: str, shown: dict[str, str], wanted: str
) -> Iterable[str]:
    """Methods, by their keys, or their sets that a figure wants and the analysis leaves out."""
    analysed = getattr(config.analyses, analysis)
    for key, method in shown.items():
        problems = list(_unknown(f"{where}.{key}", method, analysed))
        yield from problems or _unknown(f"{where}.set", wanted, analysed[method])


def _unknown(where: str, name: str, allowed: Iterable[str]) -> Iterable[str]:
    if name not in allowed:
        yield f"{where}: found '{name}'; {nearest(name, allowed)}"
