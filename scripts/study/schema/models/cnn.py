"""Convolutional networks with pooling and dense layers."""

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from study.schema.datasets import OriginalSection
from study.schema.models.mlp import Keep, other_count
from study.schema.models.section import ModelSection
from study.schema.section import Positive


class CNN(ModelSection):
    """Pairs of convolutions, each pair pooled, then dense layers, all of ReLU units (rauber2017).

    Its filters span 3 x 3 pixels and leave the size as it is, so that two poolings of 32 x 32
    pixels leave 64 x 8 x 8 = 4096 values; whether the 4096 of the slides are these or a dense layer
    of their own is open (E-R03): dense: [512] is the former, [4096, 512] the latter.
    """

    build: Literal["cnn"]
    dataset: str = Field(description="images that it is trained on")
    filters: list[Positive] = Field(
        [32, 64], min_length=1, description="of both convolutions of each pair"
    )
    dense: list[Positive] = Field(
        [4096, 512], description="widths of the dense layers before the last"
    )
    keep: Keep | list[Keep] = Field(
        1.0,
        description="share of the pooled and of the hidden dense layers' values that dropout keeps "
        "in training; or a list, of each of them",
    )
    start: Literal["glorot"] = Field("glorot", description="at random, as Keras has it")

    def layers(self, data: OriginalSection, shape: list[int] | None) -> dict[str, int | None]:
        height, width = (shape or [0, 0])[:2]
        found: dict[str, int | None] = {}
        for number, filters in enumerate(self.filters, start=1):
            pixels = filters * height * width
            height, width = height // 2, width // 2
            found |= {f"conv-{2 * number - 1}": pixels, f"conv-{2 * number}": pixels}
            found[f"pool-{number}"] = filters * height * width
        hidden = {f"hidden-{number}": each for number, each in enumerate(self.dense, start=1)}
        return {**found, **hidden, "output": data.classes}

    def misfits(self, data: OriginalSection, shape: list[int] | None) -> Iterable[tuple[str, str]]:
        pairs = len(self.filters)
        if not shape:
            yield "dataset", f"{self.dataset} has no images"
        elif min(shape[:2]) < 2**pairs:
            size = f"{shape[0]} x {shape[1]} pixels"
            yield "filters", f"found {pairs} pairs; so many poolings leave nothing of {size}"
        dropped = {"pooled layers": pairs, "hidden dense layers": len(self.dense)}
        yield from other_count(self.keep, dropped)
