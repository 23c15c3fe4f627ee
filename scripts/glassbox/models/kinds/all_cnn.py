"""The all-convolutional network of pardo2019 (Table 1, Net2), after Springenberg et al. 2015."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import torch
from torch import nn

from glassbox.models import glorot
from glassbox.models.inputs import Inputs
from glassbox.models.layers import Output
from glassbox.models.modules import Plain

WIDTHS, DENSE = (96, 192), (512, 512, 512)
KERNEL = 3
AVERAGE, OUTPUT = "average", "output"


class Average(nn.Module):
    """The mean of each channel over an image (n, channels, height, width)."""

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return images.mean((2, 3))


class AllCNN(nn.Sequential):
    """Convolutions instead of pooling, a global average, and dense layers; all but the last ELU.

    Of each width there are three convolutions of 3 x 3, the last at every other pixel. "1×192,
    global avg." is read as the average of the 192 channels. Zeros lie all around an image ("same");
    at every other pixel TensorFlow has them at the far ends alone, the mirror image of this.
    """

    def __init__(
        self,
        channels: int,
        classes: int,
        widths: Sequence[int] = WIDTHS,
        dense: Sequence[int] = DENSE,
        keep: float = 1,
    ) -> None:
        """Take images of so many channels; dense: widths of the hidden dense layers.

        keep: the probability that a value of a hidden layer is kept in training, see `Stack`.
        """
        parts: dict[str, nn.Module] = {}
        for number, (sizes, stride) in enumerate(_convolutions(channels, widths), start=1):
            layer = nn.Conv2d(*sizes, KERNEL, stride, padding=KERNEL // 2)
            parts[f"conv-{number}"] = _unit(layer, keep)
        parts[AVERAGE] = Average()
        *hidden, last = pairwise([widths[-1], *dense, classes])
        for number, sizes in enumerate(hidden, start=1):
            parts[f"hidden-{number}"] = _unit(nn.Linear(*sizes), keep)
        super().__init__(OrderedDict(parts, output=nn.Linear(*last)))


def _convolutions(channels: int, widths: Sequence[int]) -> Iterator[tuple[tuple[int, int], int]]:
    """The channels in and out of each convolution, and its stride."""
    for width in widths:
        yield (channels, width), 1
        yield (width, width), 1
        yield (width, width), 2
        channels = width


def _unit(layer: nn.Module, keep: float) -> nn.Sequential:
    """A layer with its ELU, which is read, and its dropout."""
    dropout = [nn.Dropout(1 - keep)] if keep < 1 else []
    return nn.Sequential(layer, nn.ELU(inplace=True), *dropout)


def places(widths: Sequence[int], dense: Sequence[int]) -> dict[str, str]:
    """Where its layers are read, by their names: behind the ELU of the hidden ones."""
    convolutions = [f"conv-{number}" for number in range(1, 3 * len(widths) + 1)]
    hidden = [f"hidden-{number}" for number in range(1, len(dense) + 1)]
    found = {name: f"{name}.1" for name in (*convolutions, *hidden)}
    return found | {AVERAGE: AVERAGE, OUTPUT: OUTPUT}


def architecture(
    shape: tuple[int, ...],
    classes: int,
    widths: Sequence[int] = WIDTHS,
    dense: Sequence[int] = DENSE,
    output: Output = "softmax",
    **settings: Any,
) -> Plain:
    """The network for images of a shape; settings: as `AllCNN` takes them."""
    inputs = Inputs(shape)
    make = partial(AllCNN, inputs.taken[0], classes, widths, dense, **settings)
    return Plain(make, classes, inputs, places(widths, dense), [AVERAGE], output, glorot.start)
