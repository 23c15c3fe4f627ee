"""The LeNet-like network of PyTorch's MNIST example of October 2019 (lee2019 §3.1)."""

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.functional import max_pool2d, relu

from glassbox.models.inputs import Inputs
from glassbox.models.layers import Output
from glassbox.models.modules import Plain

CHANNELS = (20, 50)
HIDDEN = 500
MEAN, DEVIATION = (0.1307,), (0.3081,)  # of MNIST's pixels, as in the example
# Before rectification and pooling, as the published code has them (E-L10).
PLACES = {"CN1": "conv1", "CN2": "conv2", "FC1": "fc1", "FC2": "fc2"}


class LeNet(nn.Module):
    """Two convolutions, each rectified and pooled by 2, then dense layers of `units`, `classes`."""

    def __init__(
        self,
        size: int = 28,
        classes: int = 10,
        kernel: int = 5,
        padding: int = 0,
        filters: Sequence[int] = CHANNELS,
        units: int = HIDDEN,
    ) -> None:
        """Take images of `size` x `size` pixels of one channel.

        kernel and padding are 5 and 0 in the example; smaller images want others. filters: of each
        convolution.
        """
        super().__init__()
        first, second = filters
        self.conv1 = nn.Conv2d(1, first, kernel, padding=padding)
        self.conv2 = nn.Conv2d(first, second, kernel, padding=padding)
        for _ in filters:
            size = (size + 2 * padding - kernel + 1) // 2
        self.fc1 = nn.Linear(second * size**2, units)
        self.fc2 = nn.Linear(units, classes)

    def forward(self, normalised: torch.Tensor) -> torch.Tensor:
        """Logits (n, classes) of images (n, 1, size, size)."""
        hidden = max_pool2d(relu(self.conv1(normalised)), 2)
        hidden = max_pool2d(relu(self.conv2(hidden)), 2)
        return self.fc2(relu(self.fc1(hidden.flatten(1))))


@torch.no_grad()
def start(model: LeNet, rng: np.random.Generator) -> None:
    """PyTorch's start, in place: all uniform within ±1 / sqrt(inputs of a unit)."""
    for layer in (model.conv1, model.conv2, model.fc1, model.fc2):
        bound = 1 / math.sqrt(layer.weight[0].numel())
        for parameter in (layer.weight, layer.bias):
            drawn = rng.uniform(-bound, bound, tuple(parameter.shape))
            parameter.copy_(torch.from_numpy(drawn.astype(np.float32)))


def architecture(
    shape: tuple[int, ...], classes: int, output: Output = "softmax", **settings: Any
) -> Plain:
    """The network for square images of a shape; settings: as `LeNet` takes them."""
    make = partial(LeNet, shape[0], classes, **settings)
    inputs = Inputs(shape, mean=MEAN, deviation=DEVIATION)
    return Plain(make, classes, inputs, PLACES, (), output, start)
