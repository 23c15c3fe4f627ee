"""The parts of the config for libraries of patterns and attacks on models (lee2019)."""

from typing import Annotated, Literal

from pydantic import Field

from study.schema.section import Colour, Name, Positive, Section, SetName

SPACES = ("normalised", "pixels")

Cosine = Annotated[float, Field(gt=-1, le=1)]
Size = Annotated[float, Field(gt=0)]


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
    """Library networks of one model, and what they tell (lee2019)."""

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
