"""Convolutional networks on signals."""

from collections.abc import Iterable
from typing import ClassVar, Literal

from pydantic import Field

from study.schema.datasets import OriginalSection
from study.schema.models.mlp import GLOROT, Start, dense
from study.schema.models.section import ModelSection
from study.schema.section import Positive


class CNN1D(ModelSection):
    """Convolutional layers of one filter each, then dense ones (chen2017 §3.4)."""

    stacked: ClassVar[bool] = True

    build: Literal["cnn-1d"]
    convolutions: list[Positive] = Field(
        min_length=1, description="taps of the one filter of each convolutional layer"
    )
    rectified: bool = Field(
        True, description="whether what the filters give is rectified; chen2017 does not say"
    )
    hidden: list[Positive] = Field([], description="widths of the dense layers before the last")
    start: Start = GLOROT

    def layers(self, data: OriginalSection, shape: list[int] | None) -> dict[str, int | None]:
        convolved = {f"conv-{number + 1}": data.width for number in range(len(self.convolutions))}
        return {**convolved, **dense(self.hidden, data)}

    def misfits(self, data: OriginalSection, shape: list[int] | None) -> Iterable[tuple[str, str]]:
        if not (data.kind == "jumps" or (data.kind == "arrays" and len(data.shape) == 1)):
            yield "dataset", f"{self.dataset} holds no signals to convolve"
            return
        for taps in self.convolutions:
            if taps % 2 == 0 or taps > data.width:
                yield (
                    "convolutions",
                    f"found {taps}; must be odd, to be centred, "
                    f"and at most the length ({data.width})",
                )
