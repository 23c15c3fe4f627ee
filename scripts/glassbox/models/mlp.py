"""Multi-layer perceptrons, several replicates side by side (chen2017 §1.3, Eq. 1.3 to 1.5)."""

import math
from itertools import pairwise

import numpy as np
import torch
from torch import nn


class StackedMLP(nn.Module):
    """R perceptrons of one architecture, each with weights of its own, run as batched products.

    Hidden layers are rectified linear; the last layer gives logits. What one replicate computes
    does not depend on the others but for float rounding.
    """

    def __init__(self, weights: list[torch.Tensor], biases: list[torch.Tensor]) -> None:
        """Take weights (R, inputs, outputs) and biases (R, 1, outputs), one pair per layer."""
        super().__init__()
        self.weights = nn.ParameterList(weights)
        self.biases = nn.ParameterList(biases)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Logits (R, n, classes) of inputs (R, n, d)."""
        hidden = inputs
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            hidden = torch.baddbmm(bias, hidden, weight).relu_()
        return torch.baddbmm(self.biases[-1], hidden, self.weights[-1])

    def activations(self, inputs: torch.Tensor) -> list[torch.Tensor]:
        """a^(1) to a^(L) of inputs (R, n, d): rectified hidden layers, then softmax output."""
        layers, hidden = [], inputs
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            hidden = torch.baddbmm(bias, hidden, weight).relu_()
            layers.append(hidden)
        logits = torch.baddbmm(self.biases[-1], hidden, self.weights[-1])
        return [*layers, logits.softmax(dim=2)]


def initialise(widths: list[int], generators: list[np.random.Generator]) -> StackedMLP:
    """A stack with one replicate per generator, layers of the given widths (inputs first).

    Weights are uniform within ±sqrt(6 / (inputs + outputs)) (Glorot), biases zero: the customary
    start of the thesis's time, which its text does not state.
    """
    weights, biases = [], []
    for inputs, outputs in pairwise(widths):
        bound = math.sqrt(6 / (inputs + outputs))
        drawn = [rng.uniform(-bound, bound, (inputs, outputs)) for rng in generators]
        weights.append(torch.from_numpy(np.stack(drawn).astype(np.float32)))
        biases.append(torch.zeros(len(generators), 1, outputs))
    return StackedMLP(weights, biases)
