"""The weights and biases of a network as a tidy table (chen2017 §3.3.2, Figs 3.11 and 3.14)."""

import numpy as np
import pandas as pd

from glassbox.models.stack import Stack


def parameters(model: Stack) -> pd.DataFrame:
    """One row per weight and bias of a stack of one perceptron.

    Columns: layer, depth (from 1), parameter (weight or bias), input and unit (both 0-based;
    a bias has the input -1), value.
    """
    frames = []
    for depth, (name, dense) in enumerate(zip(model.names(), model.layers, strict=True), start=1):
        inputs, units = dense.weight.shape[1:]
        for parameter, tensor, first in (("weight", dense.weight, 0), ("bias", dense.bias, -1)):
            rows = inputs if parameter == "weight" else 1
            frame = pd.DataFrame(
                {
                    "input": np.repeat(np.arange(first, first + rows), units),
                    "unit": np.tile(np.arange(units), rows),
                    "value": tensor[0].detach().numpy().ravel(),
                }
            )
            frames.append(frame.assign(layer=name, depth=depth, parameter=parameter))
    return pd.concat(frames)[["layer", "depth", "parameter", "input", "unit", "value"]]
