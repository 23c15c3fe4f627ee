"""ResNet44 for CIFAR-10."""

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from study.schema.datasets import OriginalSection
from study.schema.models.section import ModelSection, Weights


class ResNet44(ModelSection):
    """ResNet44 for CIFAR-10, with given weights (lee2019 §3.1)."""

    build: Literal["resnet44"]
    dataset: str = Field(description="colour images of 32 x 32 pixels that it was trained on")
    weights: Weights = Field(description="weights of others: it is not trained here")

    def layers(self, data: OriginalSection, shape: list[int] | None) -> dict[str, int | None]:
        first = 16 * 32 * 32
        return {
            **{"CN1": first, "CL1": first, "CL2": first // 2, "CL3": first // 4},
            "FC": data.classes,
        }

    def misfits(self, data: OriginalSection, shape: list[int] | None) -> Iterable[tuple[str, str]]:
        if shape != [32, 32, 3]:
            yield "dataset", f"{self.dataset} has no images of 32 x 32 x 3"
