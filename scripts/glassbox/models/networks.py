"""Small feed-forward networks, several replicates side by side (chen2017 §1.3, §1.4, §3.4).

A layer is a module with a `weight` and a `bias` per replicate that maps (R, n, inputs) to
(R, n, outputs). It knows what becomes of its values where it is a hidden layer (`activate`), and
how one replicate's weight is stored: dense layers as (outputs, inputs), convolutions as
(1, 1, taps), in the way of torch.nn.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch import nn
from torch.nn.functional import pad


@dataclass(frozen=True)
class Architecture:
    """What a network is made of, from its inputs to its classes.

    convolutions: the number of taps, odd, of the one filter of each convolutional layer; these
    come before the dense layers, whose widths `hidden` gives. rectified: whether what a filter
    gives is rectified, which the thesis does not say; hidden dense layers always are.
    """

    inputs: int
    classes: int
    hidden: Sequence[int] = ()
    convolutions: Sequence[int] = ()
    rectified: bool = True


class Dense(nn.Module):
    """R fully connected layers: weight (R, inputs, outputs), bias (R, 1, outputs)."""

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(weight), nn.Parameter(bias)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return torch.baddbmm(self.bias, inputs, self.weight)

    def activate(self, values: torch.Tensor) -> torch.Tensor:
        return values.relu_()

    def units(self, inputs: int) -> int:
        return self.bias.shape[2]

    def stored(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Weights (R, outputs, inputs) as in Eq. 1.4, and biases (R, outputs)."""
        return self.weight.transpose(1, 2), self.bias[:, 0]

    @classmethod
    def read(cls, weight: torch.Tensor, bias: torch.Tensor) -> "Dense":
        """One replicate's layer from what `stored` gave of it."""
        return cls(weight.T[None].contiguous(), bias[None, None])

    @classmethod
    def start(cls, inputs: int, outputs: int, generators: list[np.random.Generator]) -> "Dense":
        """Uniform weights within the bound of Glorot, no bias."""
        weight = _uniform((inputs, outputs), inputs + outputs, generators)
        return cls(weight, torch.zeros(len(generators), 1, outputs))


class Convolution(nn.Module):
    """R convolutional layers of one filter, "same" padding: weight (R, taps), bias (R, 1, 1).

    out(i) = bias + sum_k weight(k) x(i + k - (taps - 1) / 2), x being 0 beyond its ends: the
    customary correlation, Eq. 3.8 with the filter reversed and centred (E-C15).
    """

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(weight), nn.Parameter(bias)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        length, taps = inputs.shape[2], self.weight.shape[1]
        padded = pad(inputs, (taps // 2, taps // 2))
        total = self.bias
        # A sum of shifted inputs: faster here than conv1d with R groups, or unfolding.
        for tap in range(taps):
            weight = self.weight[:, tap, None, None]
            total = torch.addcmul(total, padded[:, :, tap : tap + length], weight)
        return total

    def activate(self, values: torch.Tensor) -> torch.Tensor:
        return values.relu_()

    def units(self, inputs: int) -> int:
        return inputs

    def stored(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Weights (R, 1, 1, taps) and biases (R, 1)."""
        return self.weight[:, None, None], self.bias[:, 0]

    @classmethod
    def read(cls, weight: torch.Tensor, bias: torch.Tensor) -> "Convolution":
        """One replicate's layer from what `stored` gave of it."""
        return cls(weight[0], bias[None, None])

    @classmethod
    def start(cls, taps: int, generators: list[np.random.Generator]) -> "Convolution":
        """Uniform weights within the bound of Glorot, no bias."""
        return cls(_uniform((taps,), 2 * taps, generators), torch.zeros(len(generators), 1, 1))


class LinearConvolution(Convolution):
    """Convolutional layers whose values are left as they are."""

    def activate(self, values: torch.Tensor) -> torch.Tensor:
        return values


class Stack(nn.Module):
    """R networks of one architecture, each with weights of its own, run as batched operations.

    The last layer gives logits. What one replicate computes does not depend on the others but for
    float rounding.
    """

    def __init__(self, layers: Sequence[nn.Module]) -> None:
        """Take the layers, inputs first."""
        super().__init__()
        self.layers = nn.ModuleList(layers)

    @property
    def replicates(self) -> int:
        return len(self.layers[-1].bias)

    def units(self, inputs: int) -> list[int]:
        """How many units each layer has, for inputs of this width."""
        widths = []
        for layer in self.layers:
            inputs = layer.units(inputs)
            widths.append(inputs)
        return widths

    def pick(self, places: Sequence[int]) -> "Stack":
        """Copies of the replicates at these places, on their device."""
        return Stack(
            [
                type(layer)(layer.weight.detach()[places], layer.bias.detach()[places])
                for layer in self.layers
            ]
        )

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Logits (R, n, classes) of inputs (R, n, d)."""
        return self.layers[-1](self._hidden(inputs)[-1])

    def activations(self, inputs: torch.Tensor) -> list[torch.Tensor]:
        """a^(1) to a^(L) of inputs (R, n, d): hidden layers, then the softmax output."""
        values = self._hidden(inputs)
        return [*values[1:], self.layers[-1](values[-1]).softmax(dim=2)]

    def _hidden(self, inputs: torch.Tensor) -> list[torch.Tensor]:
        """The inputs and the activations of all hidden layers."""
        values = [inputs]
        for layer in self.layers[:-1]:
            values.append(layer.activate(layer(values[-1])))
        return values


def join(stacks: Sequence[Stack]) -> Stack:
    """The replicates of some stacks of one architecture, in the order given, as one stack."""
    layers = []
    for alike in zip(*(stack.layers for stack in stacks), strict=True):
        weight = torch.cat([layer.weight.detach() for layer in alike])
        bias = torch.cat([layer.bias.detach() for layer in alike])
        layers.append(type(alike[0])(weight, bias))
    return Stack(layers)


def initialise(architecture: Architecture, generators: list[np.random.Generator]) -> Stack:
    """A stack with one replicate per generator.

    Weights are uniform within ±sqrt(6 / (inputs + outputs)) of a unit (Glorot), biases zero: the
    customary start of the thesis's time, which its text does not state.
    """
    convolution = Convolution if architecture.rectified else LinearConvolution
    layers: list[nn.Module] = [
        convolution.start(taps, generators) for taps in architecture.convolutions
    ]
    widths = [architecture.inputs, *architecture.hidden, architecture.classes]
    for inputs, outputs in pairwise(widths):
        layers.append(Dense.start(inputs, outputs, generators))
    return Stack(layers)


def _uniform(
    shape: tuple[int, ...], fans: int, generators: list[np.random.Generator]
) -> torch.Tensor:
    bound = math.sqrt(6 / fans)
    drawn = [rng.uniform(-bound, bound, shape) for rng in generators]
    return torch.from_numpy(np.stack(drawn).astype(np.float32))
