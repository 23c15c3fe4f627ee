"""Embeddings of random points by the Moore-Penrose inverse."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from study.schema.experiments.section import ExperimentSection
from study.schema.section import Ascending, Distinct, Positive, Section

if TYPE_CHECKING:
    from study.schema.config import Config


class EmbeddingCells(Section):
    """How many points are embedded in a space of one dimension."""

    width: Positive = Field(description="dimension of the space, p")
    points: Ascending[Positive] = Field(min_length=1, description="numbers of points, n")


class MoorePenroseEmbeddings(ExperimentSection):
    """Success of the Moore-Penrose embedding (chen2017 §4.3.4, Figs 4.14 and 4.15)."""

    former: ClassVar[str | None] = "embeddings"
    minutes: ClassVar[int] = 60
    kind: Literal["moore-penrose-embeddings"]
    cells: Distinct[EmbeddingCells] = Field(min_length=1)
    distances: Ascending[float] = Field([0.0], description="least distances between points")
    maps: Distinct[Literal["affine", "linear"]] = Field(
        ["affine"], description="affine, as the figures must be (E-C09), or as the text says"
    )
    trials: Positive = Field(description="draws per cell and replicate")

    def misfits(self, config: Config) -> Iterable[tuple[str, str]]:
        for place, cells in enumerate(self.cells):
            least = cells.width + ("affine" in self.maps)
            if min(cells.points) < least:
                yield (
                    f"cells.{place}.points",
                    f"found {min(cells.points)}; at least {least} points span {cells.width} "
                    "dimensions",
                )
