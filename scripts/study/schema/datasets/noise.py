"""Noisy copies of examples of another set."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from study.schema.datasets.section import (
    Ids,
    OneSplitSection,
    chosen_twice,
    named_twice,
    stream,
)
from study.schema.section import Ascending, Positive, SetName

if TYPE_CHECKING:
    from study.schema.config import Config


class Noise(OneSplitSection):
    """Copies of examples of another set in white Gaussian noise (pardo2019 §3.4).

    Splits are noise-<sigma>. Nothing is clipped. Each replicate has a draw of its own. The columns
    `origin_id` and `copy` say of which example each row is a copy, and which.
    """

    by_split: ClassVar[bool] = True
    kind: Literal["noise"]
    of: SetName = Field(description="the examples that are copied, dataset/split")
    sigmas: Ascending[Annotated[float, Field(ge=0)]] = Field(
        min_length=1, description="deviations of the noise, in the unit of the values; 0: none"
    )
    images: Positive | None = Field(None, description="the first examples; null: all")
    examples: Ids | None = Field(None, description="in their place, the ids of examples")
    copies: Positive = Field(1, description="copies of each example in each split")

    @property
    def sigma(self) -> dict[str, float]:
        """The deviation of the noise of each split."""
        return {f"noise-{sigma:g}": sigma for sigma in self.sigmas}

    def splits(self, config: Config) -> list[str]:
        return list(self.sigma)

    def has_draws(self, config: Config) -> bool:
        return True

    def most_draws(self, config: Config) -> int | None:
        return config.most_draws(self.source)

    def misfits(self, config: Config) -> Iterable[tuple[str, str]]:
        yield from super().misfits(config)
        yield from named_twice("sigmas", self.sigmas)
        yield from chosen_twice(self.images, self.examples)

    def slice(self, config: Config, name: str, draw: int = 0, split: str = "") -> dict[str, Any]:
        return {
            **self.model_dump(include={"images", "examples", "copies"}),
            **stream(config, name, draw, split),
            "sigma": self.sigma[split],
        }
