"""ResNet44 for CIFAR-10."""

from collections.abc import Iterable
from typing import ClassVar, Literal

from pydantic import Field

from study.schema.datasets import Original
from study.schema.models.section import ModelSection, Weights


class ResNet44(ModelSection):
    """ResNet44 for CIFAR-10, with given weights (lee2019 §3.1)."""

    layers: ClassVar[tuple[str, ...]] = ("CN1", "CL1", "CL2", "CL3", "FC")

    build: Literal["resnet44"]
    dataset: str = Field(description="colour images of 32 x 32 pixels that it was trained on")
    weights: Weights = Field(description="weights of others: it is not trained here")

    def misfits(self, data: Original, shape: list[int] | None) -> Iterable[tuple[str, str]]:
        if shape != [32, 32, 3]:
            yield "dataset", f"{self.dataset} has no images of 32 x 32 x 3"
