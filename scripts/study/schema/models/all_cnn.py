"""All-convolutional networks."""

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from study.schema.datasets import OriginalSection
from study.schema.models.section import ModelSection
from study.schema.section import Positive


class AllCNN(ModelSection):
    """Convolutions, a global average and dense layers, all of ELU units (pardo2019 Table 1)."""

    build: Literal["all-cnn"]
    dataset: str = Field(description="images that it is trained on")
    widths: list[Positive] = Field(
        [96, 192],
        min_length=1,
        description="filters of three convolutions each, the third at every other pixel",
    )
    dense: list[Positive] = Field(
        [512, 512, 512], description="widths of the dense layers before the last"
    )
    keep: float = Field(
        1.0,
        gt=0,
        le=1,
        description="share of the hidden layers' values that dropout keeps in training",
    )
    start: Literal["glorot"] = Field("glorot", description="at random, as TensorFlow has it")

    def layers(self, data: OriginalSection, shape: list[int] | None) -> dict[str, int | None]:
        height, width = (shape or [0, 0])[:2]
        units: list[int] = []
        for filters in self.widths:
            units += 2 * [filters * height * width]
            height, width = (height + 1) // 2, (width + 1) // 2
            units.append(filters * height * width)
        convolved = {f"conv-{number}": each for number, each in enumerate(units, start=1)}
        hidden = {f"hidden-{number}": each for number, each in enumerate(self.dense, start=1)}
        return {**convolved, "average": self.widths[-1], **hidden, "output": data.classes}

    def misfits(self, data: OriginalSection, shape: list[int] | None) -> Iterable[tuple[str, str]]:
        if not shape:
            yield "dataset", f"{self.dataset} has no images"
