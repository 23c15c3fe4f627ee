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


class MLP(ModelSection):
    """A perceptron of rectified dense layers (chen2017 §3.3.1)."""

    stacked: ClassVar[bool] = True

    build: Literal["mlp"]
    hidden: list[Positive] = Field([], description="widths of the hidden layers")
    start: Start = GLOROT

    def layers(self, data: Original, shape: list[int] | None) -> dict[str, int | None]:
        return dense(self.hidden, data)


def dense(hidden: Sequence[int], data: Original) -> dict[str, int | None]:
    """The units of dense layers by name, hidden ones and the output."""
    numbered = {f"hidden-{number}": units for number, units in enumerate(hidden, start=1)}
    return {**numbered, "output": data.classes}
