"""A trained network, ready to predict, whose layers can be read: one call for every kind."""

import math
import tempfile
from collections.abc import Collection
from typing import Protocol

import numpy as np
import torch
from torch import nn

from glassbox.errors import GlassboxError
from glassbox.models.inputs import Inputs
from glassbox.models.layers import Layer, refuse_unknown
from glassbox.models.outputs import probabilities

IN_MEMORY = 2**31  # bytes of layers that are read together


class Model(Protocol):
    """One trained replicate of a network, on a device.

    Examples are (n, d) float32 as data sets hold them; `inputs` arranges and normalises them.
    Gradients flow from what is read to the examples. rows: how many examples go through at once.
    Values of the last layer are the logits where its site is "before", and the probabilities that
    its `output` makes of them, by softmax or sigmoid, where it is "after". The answer is the class
    of the largest, of either.
    """

    layers: tuple[Layer, ...]
    inputs: Inputs
    rows: int

    @property
    def device(self) -> torch.device:
        """Where the model is, and examples must be."""
        ...

    def __call__(self, values: torch.Tensor) -> torch.Tensor:
        """Logits (n, classes) of examples (n, d)."""
        ...

    def logits(self, normalised: torch.Tensor) -> torch.Tensor:
        """Logits (n, classes) of examples that `inputs` has arranged and normalised."""
        ...

    def outputs(self, values: torch.Tensor) -> torch.Tensor:
        """Probabilities (n, classes) of examples (n, d), by softmax or sigmoid."""
        ...

    def read(self, values: torch.Tensor, names: Collection[str]) -> dict[str, torch.Tensor]:
        """The values of some layers for examples (n, d): (n, units) each, by name.

        Raises GlassboxError for a layer that the network lacks.
        """
        ...


class Predictor(nn.Module):
    """What every model does alike, from its `inputs` and the `logits` that it gives."""

    inputs: Inputs
    layers: tuple[Layer, ...]

    @property
    def device(self) -> torch.device:
        return self.inputs.mean.device

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return self.logits(self.inputs(values))

    def outputs(self, values: torch.Tensor) -> torch.Tensor:
        return probabilities(self(values), self.layers[-1].output)


@torch.no_grad()
def read_layers(
    model: Model, values: np.ndarray, names: Collection[str] | None = None, rows: int | None = None
) -> dict[str, np.ndarray]:
    """The values of some layers, or of all, for examples (n, d), from one pass: (n, units) float32.

    By name. As many examples go through at a time as suit the model, or `rows`. Layers that are
    too large together lie on the disk until they are used. Raises GlassboxError for a layer that
    the network lacks, and for no examples.
    """
    if not len(values):
        raise GlassboxError("no examples to read layers of")
    wanted = {layer.name: layer for layer in model.layers}
    if names is not None:
        refuse_unknown(model.layers, names)
        wanted = {name: layer for name, layer in wanted.items() if name in names}
    shapes = {name: (len(values), layer.units) for name, layer in wanted.items()}
    too_large = 4 * sum(map(math.prod, shapes.values())) > IN_MEMORY
    make = _on_disk if too_large else np.empty
    found = {name: make(shape, np.float32) for name, shape in shapes.items()}
    step = rows or model.rows
    for start in range(0, len(values), step):
        block = torch.from_numpy(values[start : start + step]).to(model.device)
        for name, read in model.read(block, wanted).items():
            found[name][start : start + step] = read.cpu().numpy()
    return found


def _on_disk(shape: tuple[int, int], kind: type) -> np.ndarray:
    """An array in a file without a name, which ends with it."""
    with tempfile.TemporaryFile(prefix="glassbox-") as file:
        return np.memmap(file, kind, "w+", shape=shape).view(np.ndarray)


@torch.no_grad()
def answers(model: Model, values: np.ndarray) -> np.ndarray:
    """The class that a model answers to each example (n, d): (n,) int64."""
    blocks = torch.from_numpy(values).split(model.rows)
    return torch.cat([model(each.to(model.device)).argmax(1).cpu() for each in blocks]).numpy()
