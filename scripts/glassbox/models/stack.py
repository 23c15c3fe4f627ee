"""Small feed-forward networks, several replicates side by side (chen2017 §1.3, §1.4, §3.4).

A layer is a module with a `weight` and a `bias` per replicate that maps (R, n, inputs) to
(R, n, outputs). It knows what becomes of its values where it is a hidden layer (`activate`), and
how one replicate's weight is stored: dense layers as (outputs, inputs), convolutions as
(1, 1, taps), in the way of torch.nn.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Literal

import numpy as np
import torch
from torch import nn
from torch.nn.functional import elu_, pad

from glassbox.models.inputs import Inputs
from glassbox.models.layers import Layer, Output, refuse_unknown
from glassbox.models.model import Predictor
from glassbox.models.outputs import probabilities


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


class ExponentialLinear(Dense):
    """Fully connected layers with ELU units (Clevert et al. 2016; pardo2019 §2.2)."""

    def activate(self, values: torch.Tensor) -> torch.Tensor:
        return elu_(values)


DENSE = {"relu": Dense, "elu": ExponentialLinear}


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

    def __init__(
        self,
        layers: Sequence[nn.Module],
        keep: float | Sequence[float] = 1,
        output: Output = "softmax",
    ) -> None:
        """Take the layers, inputs first.

        keep: the probability that a value of a hidden layer is kept in training, of all of them or
        one of each; it is divided by it then, so that nothing changes in use (Srivastava et al.
        2014 §10; pardo2019 §2.6 as read in E-P01). output: what makes probabilities of the logits.
        """
        super().__init__()
        self.layers = nn.ModuleList(layers)
        hidden = len(self.layers) - 1
        self.keep = tuple(keep) if isinstance(keep, Sequence) else (keep,) * hidden
        self.output = output
        self.generators: Sequence[torch.Generator] = ()

    @property
    def replicates(self) -> int:
        return len(self.layers[-1].bias)

    @property
    def metadata(self) -> dict[str, str] | None:
        """Metadata of its file of weights: that filters are not rectified, where so; else None."""
        linear = any(isinstance(layer, LinearConvolution) for layer in self.layers)
        return {"convolutions": "linear"} if linear else None

    def names(self) -> list[str]:
        """What its layers are called: "conv-1" on, "hidden-1" on, and "output"."""
        *hidden, _ = self.layers
        convolutions = sum(isinstance(layer, Convolution) for layer in hidden)
        dense = len(hidden) - convolutions
        return [
            *(f"conv-{number}" for number in range(1, convolutions + 1)),
            *(f"hidden-{number}" for number in range(1, dense + 1)),
            "output",
        ]

    def states(self) -> list[dict[str, torch.Tensor]]:
        """The tensors of each replicate, `<layer>.<weight or bias>`, layers counting from 1."""
        found: list[dict[str, torch.Tensor]] = [{} for _ in range(self.replicates)]
        for number, layer in enumerate(self.layers, start=1):
            for state, weight, bias in zip(found, *layer.stored(), strict=True):
                state |= {f"{number}.weight": weight, f"{number}.bias": bias}
        return found

    @torch.no_grad()
    def take(self, new: "Stack", which: torch.Tensor) -> None:
        """Take the weights of another stack's replicates where `which` (R,) is true."""
        which = which.to(self.layers[-1].bias.device)
        for own, other in zip(self.parameters(), new.parameters(), strict=True):
            own[which] = other[which]

    def pick(self, places: Sequence[int]) -> "Stack":
        """Copies of the replicates at these places, on their device."""
        layers = [
            type(layer)(layer.weight.detach()[places], layer.bias.detach()[places])
            for layer in self.layers
        ]
        return type(self)(layers, self.keep, self.output)

    def draw_from(self, generators: Sequence[torch.Generator]) -> None:
        """Draw what is dropped from these, one per replicate, on the device of the weights."""
        self.generators = generators

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Logits (R, n, classes) of inputs (R, n, d)."""
        return self.layers[-1](self._hidden(inputs)[-1])

    def activations(self, inputs: torch.Tensor) -> list[torch.Tensor]:
        """a^(1) to a^(L) of inputs (R, n, d): hidden layers, then softmax or sigmoid outputs."""
        values = self._hidden(inputs)
        return [*values[1:], probabilities(self.layers[-1](values[-1]), self.output)]

    def _hidden(self, inputs: torch.Tensor) -> list[torch.Tensor]:
        """The inputs and the activations of all hidden layers."""
        values, drops = [inputs], self.training and min(self.keep, default=1) < 1
        factors = self._factors(inputs) if drops else ()
        for place, layer in enumerate(self.layers[:-1]):
            found = layer.activate(layer(values[-1]))
            values.append(found * factors[place] if drops else found)
        return values

    def _factors(self, inputs: torch.Tensor) -> list[torch.Tensor]:
        """What dropout multiplies each hidden layer by, (R, n, units): 0 or 1 / keep.

        Neighbouring layers of which as many values are kept are drawn at once.
        """
        units = [inputs.shape[2]]
        for layer in self.layers[:-1]:
            units.append(layer.units(units[-1]))
        factors: list[torch.Tensor] = []
        for keep, alike in groupby(zip(self.keep, units[1:], strict=True), itemgetter(0)):
            sizes = [inputs.shape[1] * each for _, each in alike]
            drawn = inputs.new_empty(self.replicates, sum(sizes))
            for own, generator in zip(drawn, self.generators, strict=True):
                own.bernoulli_(keep, generator=generator)
            parts = drawn.div_(keep).split(sizes, dim=1)
            factors += [part.unflatten(1, (inputs.shape[1], -1)) for part in parts]
        return factors


def join(stacks: Sequence[Stack]) -> Stack:
    """The replicates of some stacks of one architecture, in the order given, as one stack."""
    layers = []
    for alike in zip(*(stack.layers for stack in stacks), strict=True):
        weight = torch.cat([layer.weight.detach() for layer in alike])
        bias = torch.cat([layer.bias.detach() for layer in alike])
        layers.append(type(alike[0])(weight, bias))
    return Stack(layers, stacks[0].keep, stacks[0].output)


class StackModel(Predictor):
    """The one replicate of a stack as a model, see `glassbox.models.model.Model`.

    The values of the output are the probabilities (Eq. 1.3).
    """

    rows = 4096

    def __init__(self, stack: Stack, width: int) -> None:
        """Take a stack of one, and how many values an example has."""
        super().__init__()
        self.stack = stack.eval().requires_grad_(False)
        self.inputs = Inputs((width,))
        *hidden, output = (
            Layer(name, depth, (units,), "after")
            for depth, (name, units) in enumerate(_named_units(stack, width), start=1)
        )
        self.layers = (*hidden, replace(output, output=stack.output))

    def logits(self, normalised: torch.Tensor) -> torch.Tensor:
        return self.stack(normalised[None])[0]

    def read(self, values: torch.Tensor, names: Collection[str]) -> dict[str, torch.Tensor]:
        refuse_unknown(self.layers, names)
        found = zip(self.layers, self.stack.activations(self.inputs(values)[None]), strict=True)
        return {layer.name: each[0] for layer, each in found if layer.name in names}


def _named_units(stack: Stack, width: int) -> Iterator[tuple[str, int]]:
    """Each layer's name, and how many units it has for inputs of this width."""
    for name, layer in zip(stack.names(), stack.layers, strict=True):
        width = layer.units(width)
        yield name, width


class Feedforward:
    """What a stack is made of, from its inputs to its classes."""

    def __init__(
        self,
        inputs: int,
        classes: int,
        hidden: Sequence[int] = (),
        convolutions: Sequence[int] = (),
        rectified: bool = True,
        activation: Literal["relu", "elu"] = "relu",
        keep: float | Sequence[float] = 1,
        output: Output = "softmax",
    ) -> None:
        """Take the network's description.

        convolutions: the number of taps, odd, of the one filter of each convolutional layer; these
        come before the dense layers, whose widths `hidden` gives. rectified: whether what a filter
        gives is rectified, which the thesis does not say. activation: of the hidden dense layers.
        keep and output: as a stack takes them.
        """
        self.inputs = Inputs((inputs,))
        self.hidden, self.keep, self.output = DENSE[activation], keep, output
        self.convolutions, self.widths = convolutions, [inputs, *hidden, classes]
        self.convolution = Convolution if rectified else LinearConvolution

    def start(self, generators: list[np.random.Generator]) -> list[Stack]:
        """One stack, in which all replicates train side by side."""
        return [initialise(self, generators)]

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of one replicate's tensors, as `Stack.states` gives them."""
        dense = pairwise(self.widths)
        shapes = [((1, 1, taps), (1,)) for taps in self.convolutions]
        shapes += [((outputs, inputs), (outputs,)) for inputs, outputs in dense]
        return {
            f"{number}.{part}": shape
            for number, pair in enumerate(shapes, start=1)
            for part, shape in zip(("weight", "bias"), pair, strict=True)
        }

    def model(self, state: Mapping[str, torch.Tensor]) -> StackModel:
        """The model that such tensors make."""
        hidden = [self.hidden] * (len(self.widths) - 2)
        kinds = [*[self.convolution] * len(self.convolutions), *hidden, Dense]
        layers = [
            kind.read(state[f"{number}.weight"], state[f"{number}.bias"])
            for number, kind in enumerate(kinds, start=1)
        ]
        return StackModel(Stack(layers, self.keep, self.output), self.widths[0])


def initialise(network: Feedforward, generators: list[np.random.Generator]) -> Stack:
    """A stack with one replicate per generator.

    Weights are uniform within ±sqrt(6 / (inputs + outputs)) of a unit (Glorot), biases zero: the
    customary start of the thesis's time, which its text does not state, and what the layers of
    TensorFlow 1.14, with which pardo2019 was computed (§2.6), start with where nothing is said.
    """
    layers: list[nn.Module] = [
        network.convolution.start(taps, generators) for taps in network.convolutions
    ]
    *hidden, last = pairwise(network.widths)
    layers += [network.hidden.start(*each, generators) for each in hidden]
    layers.append(Dense.start(*last, generators))
    return Stack(layers, network.keep, network.output)


def _uniform(
    shape: tuple[int, ...], fans: int, generators: list[np.random.Generator]
) -> torch.Tensor:
    bound = math.sqrt(6 / fans)
    drawn = [rng.uniform(-bound, bound, shape) for rng in generators]
    return torch.from_numpy(np.stack(drawn).astype(np.float32))
