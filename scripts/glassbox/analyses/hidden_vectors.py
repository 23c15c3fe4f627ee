"""The hidden layers of a network as one vector per example (pardo2019 §2.3, §2.8)."""

from collections.abc import Collection

import numpy as np

from glassbox.activations import Activations
from glassbox.errors import GlassboxError
from glassbox.models.layers import Layer


def hidden_layers(
    activations: Activations, names: Collection[str] | None = None
) -> tuple[Layer, ...]:
    """The layers of these names, or all hidden ones, in order of depth.

    Raises GlassboxError for a network without hidden layers where none are named.
    """
    chosen = activations.hidden if names is None else activations.named(names)
    if not chosen:
        raise GlassboxError("the network has no hidden layers, of which vectors could be made")
    return chosen


def hidden_vectors(activations: Activations, names: Collection[str] | None = None) -> np.ndarray:
    """h, such layers side by side: (n, units) float32. Raises GlassboxError as `hidden_layers`."""
    layers = hidden_layers(activations, names)
    return np.concatenate([activations[layer.name] for layer in layers], axis=1)
