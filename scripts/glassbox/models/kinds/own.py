"""Networks of a user's own."""

from collections.abc import Mapping, Sequence
from typing import Any

from torch import nn

from glassbox.models.inputs import Inputs
from glassbox.models.layers import Output
from glassbox.models.modules import Plain
from glassbox.models.own import own_module


def architecture(
    shape: tuple[int, ...],
    classes: int,
    input: Sequence[int] | None = None,
    mean: Sequence[float] = (),
    deviation: Sequence[float] = (),
    places: Mapping[str, str] | None = None,
    after: Sequence[str] = (),
    output: Output = "softmax",
    **named: Any,
) -> Plain:
    """The network for examples of a shape.

    `named` is as `own_module` takes it, the rest as `Inputs` and `hooked` do.
    """

    def make() -> nn.Module:
        return own_module(named)

    return Plain(make, classes, Inputs(shape, input, mean, deviation), places, after, output)
