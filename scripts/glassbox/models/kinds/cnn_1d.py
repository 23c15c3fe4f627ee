"""Convolutional networks on signals, with one filter a layer (chen2017 §3.4)."""

import math
from typing import Any

from glassbox.models.stack import Feedforward


def architecture(shape: tuple[int, ...], classes: int, **settings: Any) -> Feedforward:
    """The network for examples of a shape; settings: as `Feedforward` takes them."""
    return Feedforward(math.prod(shape), classes, **settings)
