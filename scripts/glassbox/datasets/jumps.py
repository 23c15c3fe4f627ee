"""Piece-wise constant signals with one jump, in Gaussian noise (chen2017 §3.1, Eq. 3.1)."""

import numpy as np

from glassbox.tables import Examples


def jump_signals(
    rng: np.random.Generator,
    per_class: int,
    *,
    length: int,
    first: int,
    last: int,
    height: float,
    noise: float,
) -> Examples:
    """Draw `per_class` signals for each jump location from `first` to `last`.

    A location t0 is 1-based and names the first sample at the new level; its class is t0 - first
    (errata E-C14). The classes take turns, so that any leading part is nearly balanced.
    values: (per_class * classes, length) float32.
    """
    classes = last - first + 1
    labels = np.tile(np.arange(classes), per_class)
    time = np.arange(1, length + 1)
    signals = rng.standard_normal((len(labels), length), np.float32) * np.float32(noise)
    signals += np.float32(height) * (time >= labels[:, None] + first)
    metadata = {
        "values": "signal",
        "shape": [length],
        "classes": classes,
        "first_class": first,
        "unit": "noise standard deviations" if noise == 1 else "arbitrary",
    }
    return Examples(np.arange(len(labels)), labels, signals, metadata)
