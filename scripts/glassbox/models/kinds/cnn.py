"""A network of paired convolutions, poolings and dense layers (rauber2017, slide on networks)."""

import math
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from torch import nn

from glassbox.models import glorot
from glassbox.models.inputs import Inputs
from glassbox.models.layers import Output
from glassbox.models.modules import Plain

FILTERS, DENSE = (32, 64), (4096, 512)
KERNEL = 3


class CNN(nn.Sequential):
    """Pairs of convolutions, each pair pooled by 2, then dense layers; all but the last ReLU.

    The slides print neither the filters' size nor what lies around an image: 3 x 3 pixels and zeros
    ("same") leave the 64 x 8 x 8 values of 32 x 32 pixels behind both poolings that E-R03 is about.
    """

    def __init__(
        self,
        shape: Sequence[int],
        classes: int,
        filters: Sequence[int] = FILTERS,
        dense: Sequence[int] = DENSE,
        keep: float | Sequence[float] = 1,
    ) -> None:
        """Take images of a shape (channels, height, width).

        filters: of both convolutions of each pair. dense: widths of the hidden dense layers. keep:
        the probability that a value of a pooled or a hidden dense layer is kept in training, of all
        of them or one of each, see `Stack`.
        """
        layers = len(filters) + len(dense)
        shares = iter(keep if isinstance(keep, Sequence) else [keep] * layers)
        channels, *size = shape
        parts: dict[str, nn.Module] = {}
        for number, width in enumerate(filters, start=1):
            for place, each in ((2 * number - 1, channels), (2 * number, width)):
                parts[f"conv-{place}"] = _unit(nn.Conv2d(each, width, KERNEL, padding=KERNEL // 2))
            parts[f"pool-{number}"] = nn.Sequential(nn.MaxPool2d(2), *_dropout(next(shares)))
            channels, size = width, [side // 2 for side in size]
        parts["flat"] = nn.Flatten()
        *hidden, last = pairwise([channels * math.prod(size), *dense, classes])
        for number, sizes in enumerate(hidden, start=1):
            parts[f"hidden-{number}"] = _unit(nn.Linear(*sizes), _dropout(next(shares)))
        super().__init__(OrderedDict(parts, output=nn.Linear(*last)))


def _unit(layer: nn.Module, dropout: Iterable[nn.Module] = ()) -> nn.Sequential:
    """A layer with its ReLU, which is read, and what is dropped of that."""
    return nn.Sequential(layer, nn.ReLU(inplace=True), *dropout)


def _dropout(keep: float) -> list[nn.Module]:
    return [nn.Dropout(1 - keep)] if keep < 1 else []


def pooled(filters: Sequence[int]) -> dict[str, str]:
    """Where its pooled layers are read, by their names, before anything is dropped."""
    return {f"pool-{number}": f"pool-{number}.0" for number in range(1, len(filters) + 1)}


def places(filters: Sequence[int], dense: Sequence[int]) -> dict[str, str]:
    """Where its layers are read, by their names: behind the ReLU of the hidden ones."""
    convolutions = [f"conv-{number}" for number in range(1, 2 * len(filters) + 1)]
    hidden = [f"hidden-{number}" for number in range(1, len(dense) + 1)]
    found = {name: f"{name}.1" for name in (*convolutions, *hidden)}
    return {**found, **pooled(filters), "output": "output"}


def architecture(
    shape: tuple[int, ...],
    classes: int,
    filters: Sequence[int] = FILTERS,
    dense: Sequence[int] = DENSE,
    output: Output = "softmax",
    **settings: Any,
) -> Plain:
    """The network for images of a shape; settings: as `CNN` takes them."""
    inputs = Inputs(shape)
    make = partial(CNN, inputs.taken, classes, filters, dense, **settings)
    after = list(pooled(filters))
    return Plain(make, classes, inputs, places(filters, dense), after, output, glorot.start)
