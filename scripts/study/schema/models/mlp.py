"""Perceptrons of any depth."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from study.schema.datasets import OriginalSection
from study.schema.models.section import ModelSection
from study.schema.section import Positive

Start = Literal["glorot", "moore-penrose"]
GLOROT = Field(
    "glorot", description="of the output layer: at random, or as chen2017 §4.3.5 proposes"
)

Keep = Annotated[float, Field(gt=0, le=1)]


class MLP(ModelSection):
    """A perceptron of dense layers (chen2017 §3.3.1; pardo2019 Table 1; rauber2017)."""

    stacked: ClassVar[bool] = True
    unsaid: ClassVar[tuple[str, ...]] = ("activation", "keep")

    build: Literal["mlp"]
    hidden: list[Positive] = Field([], description="widths of the hidden layers")
    activation: Literal["relu", "elu"] = Field("relu", description="of the hidden layers")
    keep: Keep | list[Keep] = Field(
        1.0,
        description="share of the hidden layers' values that dropout keeps in training; or a list, "
        "of each of them",
    )
    start: Start = GLOROT

    def layers(self, data: OriginalSection, shape: list[int] | None) -> dict[str, int | None]:
        return dense(self.hidden, data)

    def misfits(self, data: OriginalSection, shape: list[int] | None) -> Iterable[tuple[str, str]]:
        yield from other_count(self.keep, {"hidden layers": len(self.hidden)})


def dense(hidden: Sequence[int], data: OriginalSection) -> dict[str, int | None]:
    """The units of dense layers by name, hidden ones and the output."""
    numbered = {f"hidden-{number}": units for number, units in enumerate(hidden, start=1)}
    return {**numbered, "output": data.classes}


def other_count(
    keep: float | Sequence[float], dropped: Mapping[str, int]
) -> Iterable[tuple[str, str]]:
    """A list of shares that are kept, for other than the layers whose numbers are given."""
    if isinstance(keep, Sequence) and len(keep) != sum(dropped.values()):
        named = " and ".join(f"{count} {what}" for what, count in dropped.items())
        yield "keep", f"found {len(keep)} shares; it has {named}"
