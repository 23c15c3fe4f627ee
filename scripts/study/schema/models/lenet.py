"""The network of PyTorch's MNIST example."""

from collections.abc import Iterable
from typing import ClassVar, Literal

from pydantic import Field

from study.schema.datasets import OriginalSection
from study.schema.models.section import ModelSection
from study.schema.section import Positive


class LeNet(ModelSection):
    """The LeNet-like network of PyTorch's MNIST example (lee2019 §3.1)."""

    stream: ClassVar[str] = "classifiers"
    unsaid: ClassVar[tuple[str, ...]] = ("filters", "units")

    build: Literal["lenet"]
    dataset: str = Field(description="grey images that it is trained on")
    kernel: Positive = Field(5, description="height and width of a filter")
    padding: int = Field(0, ge=0, description="zeros around an image; small images want some")
    filters: list[Positive] = Field(
        [20, 50], min_length=2, max_length=2, description="of each convolutional layer"
    )
    units: Positive = Field(500, description="of the hidden dense layer")
    start: Literal["uniform"] = Field(
        "uniform", description="within ± 1 / sqrt(inputs of a unit), as PyTorch has it"
    )

    def layers(self, data: OriginalSection, shape: list[int] | None) -> dict[str, int | None]:
        first = self._convolved(shape[0] if shape else 0)
        second = self._convolved(first // 2)
        convolved = {
            "CN1": self.filters[0] * first**2,
            "CN2": self.filters[1] * second**2,
        }
        return {**convolved, "FC1": self.units, "FC2": data.classes}

    def misfits(self, data: OriginalSection, shape: list[int] | None) -> Iterable[tuple[str, str]]:
        if not shape or len(shape) != 2 or shape[0] != shape[1]:
            yield "dataset", f"{self.dataset} has no square grey images"
            return
        size = side = shape[0]
        for _ in range(2):
            size = self._convolved(size) // 2
        if size < 1:
            yield "kernel", f"found {self.kernel}; leaves nothing of {side} x {side} pixels"

    def _convolved(self, size: int) -> int:
        """The height and width of what a convolution gives, before pooling."""
        return size + 2 * self.padding - self.kernel + 1
