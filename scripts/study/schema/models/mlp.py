"""Perceptrons of any depth."""

from typing import ClassVar, Literal

from pydantic import Field

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
