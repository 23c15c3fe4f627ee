"""Experiments without networks."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from study.schema.section import Ascending, Distinct, Positive, Section, SetName

FILTERS = (
    "mixed",
    "smoothing",
    "differentiation",
    "first derivative",
    "second derivative",
    "moving average",
)


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
    noises: Ascending[float] = Field([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], description="over the height")
    taus: Ascending[float] = Field(min_length=1, description="widths of the Gaussian, in samples")
    per_class: Positive = Field(100, description="signals per location")


class FilterSearch(Section):
    """The window and the width of least error on a set (chen2017 §3.2.3)."""

    kind: Literal["filter-search"]
    set: SetName
    windows: Ascending[Positive] = Field(min_length=1, description="lengths of the smoother, odd")
    taus: Ascending[float] = Field(min_length=1, description="widths of the Gaussian, in samples")


class DetectorDraws(Section):
    """The errors of a detector on many draws of a set (chen2017 §3.2.3, Table 3.1)."""

    kind: Literal["detector-draws"]
    detector: str = Field(description="of signal processing, in closed form")
    set: SetName = Field(description="the jump signals that are drawn anew, as many of each class")
    draws: Positive = Field(description="per replicate")


class EmbeddingCells(Section):
    """How many points are embedded in a space of one dimension."""

    width: Positive = Field(description="dimension of the space, p")
    points: Ascending[Positive] = Field(min_length=1, description="numbers of points, n")


class Embeddings(Section):
    """Success of the Moore-Penrose embedding (chen2017 §4.3.4, Figs 4.14 and 4.15)."""

    former: ClassVar[str | None] = "embeddings"
    kind: Literal["moore-penrose-embeddings"]
    cells: Distinct[EmbeddingCells] = Field(min_length=1)
    distances: Ascending[float] = Field([0.0], description="least distances between points")
    maps: Distinct[Literal["affine", "linear"]] = Field(
        ["affine"], description="affine, as the figures must be (E-C09), or as the text says"
    )
    trials: Positive = Field(description="draws per cell and replicate")


Experiment = Annotated[
    MixedFilters | FilterWidths | FilterSearch | DetectorDraws | Embeddings,
    Field(discriminator="kind"),
]
