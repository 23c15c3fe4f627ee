"""Perceptrons of any depth."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from study.schema.datasets import Original
from study.schema.models.section import ModelSection
from study.schema.section import Positive

Start = Literal["glorot", "moore-penrose"]
GLOROT = Field(
    "glorot", description="of the output layer: at random, or as chen2017 §4.3.5 proposes"
)


KEEP = Field(
    1.0, gt=0, le=1, description="share of the hidden layers' values that dropout keeps in training"
)


class MLP(ModelSection):
    """A perceptron of dense layers (chen2017 §3.3.1; pardo2019 Table 1)."""

    stacked: ClassVar[bool] = True
    unsaid: ClassVar[tuple[str, ...]] = ("activation", "keep")

    build: Literal["mlp"]
    hidden: list[Positive] = Field([], description="widths of the hidden layers")
    activation: Literal["relu", "elu"] = Field("relu", description="of the hidden layers")
    keep: float = KEEP
    start: Start = GLOROT

    def layers(self, data: Original, shape: list[int] | None) -> dict[str, int | None]:
        return dense(self.hidden, data)


def dense(hidden: Sequence[int], data: Original) -> dict[str, int | None]:
    """The units of dense layers by name, hidden ones and the output."""
    numbered = {f"hidden-{number}": units for number, units in enumerate(hidden, start=1)}
    return {**numbered, "output": data.classes}
