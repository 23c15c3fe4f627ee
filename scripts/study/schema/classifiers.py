"""The parts of the config for classifiers, their libraries and attacks on them (lee2019)."""

from typing import Annotated, Literal

from pydantic import Field

from study.schema.section import Colour, File, Name, Positive, Section, SetName

LAYERS = {
    "lenet": ("CN1", "CN2", "FC1", "FC2"),
    "resnet44": ("CN1", "CL1", "CL2", "CL3", "FC"),
}
SPACES = ("normalised", "pixels")

Cosine = Annotated[float, Field(gt=-1, le=1)]
Size = Annotated[float, Field(gt=0)]


class MomentumSection(Section):
    """How a classifier is trained: PyTorch's MNIST example of October 2019."""

    batch_size: Positive = 64
    learning_rate: float = Field(0.01, gt=0)
    momentum: float = Field(0.5, ge=0, lt=1)
    epochs: Positive = 10


class LeNetSection(Section):
    """The LeNet-like network of PyTorch's MNIST example (lee2019 §3.1)."""

    kind: Literal["lenet"]
    dataset: str = Field(description="grey images that it is trained on")
    kernel: Positive = Field(5, description="height and width of a filter")
    padding: int = Field(0, ge=0, description="zeros around an image; small images want some")
    recipe: MomentumSection = MomentumSection()
    replicates: Positive | None = Field(None, description="its own value of `replicates`")
    together: Positive | None = Field(None, description="its own value of the study's `together`")


class ResNet44Section(Section):
    """ResNet44 for CIFAR-10 with foreign weights: one replicate (lee2019 §3.1)."""

    kind: Literal["resnet44"]
    dataset: str = Field(description="colour images of 32 x 32 pixels that it was trained on")
    folder: Name = Field("weights", description="folder below the data folder")
    file: File = Field(description="the checkpoint, loaded without running its code")
    accuracy: float = Field(ge=0, le=1, description="known accuracy on the test set")
    within: float = Field(0.005, ge=0, description="how far off it may be found")

    @property
    def replicates(self) -> int:
        return 1

    @property
    def together(self) -> int:
        return 1


Classifier = Annotated[LeNetSection | ResNet44Section, Field(discriminator="kind")]


class Attacks(Section):
    """Projected gradient attacks and their controls (lee2019 §3.4)."""

    images: Positive = Field(200, description="the first ones of the test set")
    steps: Positive = 40
    step: Size = 0.01
    normalised: list[Size] = Field(
        [], description="sizes in units of the deviation, clipped there, as published (E-L08)"
    )
    pixels: list[Size] = Field([], description="sizes in pixels, as it should have been")


class Libraries(Section):
    """Library networks of one classifier, and what they tell (lee2019)."""

    thresholds: dict[str, list[Cosine]] = Field(description="thresholds of each layer")
    nodes: Positive = Field(3, description="most active nodes that predict (Eq. 3)")
    orders: int = Field(1, ge=0, description="shuffled data orders beside the given one")
    shares: list[Annotated[float, Field(gt=0, lt=1)]] = Field(
        [0.1], description="shares of a layer's units, drawn at random (§4.3)"
    )
    sets: dict[Name, dict[str, Cosine]] = Field(
        {}, description="thresholds by layer whose predictions are compared (Table 1)"
    )
    attacks: Attacks = Attacks()
    outliers: list[SetName] = Field([], description="images from elsewhere (§4.2)")
    mahalanobis: str | None = Field(None, description="layer of the Mahalanobis distance")


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


class LibraryFigure(Section):
    """Sizes of libraries and their agreement against the threshold (lee2019 Figs 2 and 4)."""

    kind: Literal["library-curves"]
    title: str
    classifier: str
    colours: Colours = COLOURS


class ConfusionFigure(Section):
    """Confusion indices as matrices (lee2019 Fig. 3)."""

    kind: Literal["confusions"]
    title: str
    classifier: str
    layers: list[str] = Field(min_length=1)
    thresholds: list[Cosine] = Field(min_length=1)
    colour_map: str = Field("viridis", description="matplotlib's name")


class AurocFigure(Section):
    """How well consistency tells attacks (lee2019 Fig. 5)."""

    kind: Literal["aurocs"]
    title: str
    classifier: str
    detector: Literal["CPL, printed", "CPL, code"] = Field(
        description="reading of Eq. 5: as printed, or as in the published code (E-L04)"
    )
    shown: Size = Field(description="size of the attack whose distribution is drawn")
    colours: Colours = COLOURS
