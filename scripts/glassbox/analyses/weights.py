"""The weights and biases of a network as a tidy table (chen2017 §3.3.2, Figs 3.11 and 3.14)."""

import numpy as np
import pandas as pd

from glassbox.models.mlp import StackedMLP


def parameters(model: StackedMLP) -> pd.DataFrame:
    """One row per weight and bias of a stack of one perceptron.

    Columns: layer (from 1), parameter (weight or bias), input and unit (both 0-based; a bias has
    the input -1), value.
    """
    frames = []
    for layer, (weights, biases) in enumerate(zip(model.weights, model.biases, strict=True), 1):
        inputs, units = weights.shape[1:]
        for parameter, tensor, first in (("weight", weights, 0), ("bias", biases, -1)):
            rows = inputs if parameter == "weight" else 1
            frame = pd.DataFrame(
                {
                    "input": np.repeat(np.arange(first, first + rows), units),
                    "unit": np.tile(np.arange(units), rows),
                    "value": tensor[0].detach().numpy().ravel(),
                }
            )
            frames.append(frame.assign(layer=layer, parameter=parameter))
    return pd.concat(frames)[["layer", "parameter", "input", "unit", "value"]]
