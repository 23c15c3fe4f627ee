"""The layers of a network, as places where values can be read."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from glassbox.errors import GlassboxError

Site = Literal["before", "after"]
Output = Literal["softmax", "sigmoid"]


@dataclass(frozen=True)
class Layer:
    """A place in a network where values can be read.

    depth: 1 for the first layer, the input being the zeroth; the last layer is the output.
    shape: of one example's values. site: before or after the layer's non-linearity (E-L10).
    output: of the last layer, what makes probabilities of its logits.
    """

    name: str
    depth: int
    shape: tuple[int, ...]
    site: Site
    output: Output = "softmax"

    @property
    def units(self) -> int:
        """How many values an example has here."""
        return math.prod(self.shape)


def refuse_unknown(layers: Sequence[Layer], names: Collection[str]) -> None:
    """Raise GlassboxError for a name that no layer has."""
    known = [layer.name for layer in layers]
    for name in names:
        if name not in known:
            raise GlassboxError(f"no layer {name}; the network has {', '.join(known)}")
