"""What to build: a network by its kind and settings, for the examples and classes of a data set.

A description is what `model.json` holds beside a file of weights: `build`, the kind and its
settings, with `output` where the outputs are no softmax; `shape`, of one example; `classes`, how
many there are; of a network of a user's own also `code`, what tells its code from another.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import nn

from glassbox.digests import write_json
from glassbox.models import all_cnn, cnn, lenet, resnet
from glassbox.models.inputs import Inputs
from glassbox.models.layers import Output
from glassbox.models.model import Model
from glassbox.models.modules import Plain
from glassbox.models.own import own_module
from glassbox.models.stack import Feedforward

Description = dict[str, Any]


class Replicates(Protocol):
    """Untrained or trained networks of one architecture, R of them, side by side: a torch module.

    replicates: R. metadata: that of a file of their weights. Calling them with inputs (R, n, ...),
    arranged and normalised, gives what their loss takes: of classifiers, logits (R, n, classes).
    """

    replicates: int
    metadata: dict[str, str] | None

    def draw_from(self, generators: Sequence[torch.Generator]) -> None:
        """Draw what training needs, such as dropout, from these, one per replicate; or nothing."""
        ...

    def pick(self, places: Sequence[int]) -> "Replicates":
        """Copies of the replicates at these places."""
        ...

    def states(self) -> list[dict[str, torch.Tensor]]:
        """The tensors of each replicate, by name."""
        ...

    def take(self, new: "Replicates", which: torch.Tensor) -> None:
        """Take the tensors of others where `which` (R,) is true."""
        ...


class Architecture(Protocol):
    """A network that is to be built, for one shape of examples and a number of classes."""

    inputs: Inputs

    def start(self, generators: list[np.random.Generator]) -> list[Replicates]:
        """An untrained replicate per generator, in groups that train side by side."""
        ...

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of one replicate's tensors, by name."""
        ...

    def model(self, state: Mapping[str, torch.Tensor]) -> Model:
        """The model that such tensors make."""
        ...


def describe(
    build: Mapping[str, Any],
    shape: Sequence[int],
    classes: int,
    code: Mapping[str, str] | None = None,
) -> Description:
    """The description of a network for examples of this shape and so many classes.

    code: digests of the definitions that make a network of a user's own, by name, so that other
    code gives another description.
    """
    description = {"build": dict(build), "shape": list(shape), "classes": classes}
    return description | ({"code": dict(code)} if code else {})


def write_description(path: Path, description: Description) -> None:
    """Write a description as JSON."""
    write_json(path, description)


def read_description(path: Path) -> Description:
    """Read what `write_description` wrote."""
    return json.loads(path.read_text(encoding="utf-8"))


def architecture(description: Description) -> Architecture:
    """The network that a description tells."""
    settings = {key: value for key, value in description["build"].items() if key != "kind"}
    kind = KINDS[description["build"]["kind"]]
    return kind(tuple(description["shape"]), description["classes"], **settings)


def _feedforward(shape: tuple[int, ...], classes: int, **settings: Any) -> Feedforward:
    return Feedforward(math.prod(shape), classes, **settings)


def _lenet(
    shape: tuple[int, ...], classes: int, output: Output = "softmax", **settings: Any
) -> Plain:
    make = partial(lenet.LeNet, shape[0], classes, **settings)
    inputs = Inputs(shape, mean=lenet.MEAN, deviation=lenet.DEVIATION)
    return Plain(make, classes, inputs, lenet.PLACES, (), output, lenet.start)


def _all_cnn(
    shape: tuple[int, ...],
    classes: int,
    widths: Sequence[int] = all_cnn.WIDTHS,
    dense: Sequence[int] = all_cnn.DENSE,
    output: Output = "softmax",
    **settings: Any,
) -> Plain:
    inputs = Inputs(shape)
    make = partial(all_cnn.AllCNN, inputs.taken[0], classes, widths, dense, **settings)
    places, after = all_cnn.places(widths, dense), [all_cnn.AVERAGE]
    return Plain(make, classes, inputs, places, after, output, all_cnn.start)


def _cnn(
    shape: tuple[int, ...],
    classes: int,
    filters: Sequence[int] = cnn.FILTERS,
    dense: Sequence[int] = cnn.DENSE,
    output: Output = "softmax",
    **settings: Any,
) -> Plain:
    inputs = Inputs(shape)
    make = partial(cnn.CNN, inputs.taken, classes, filters, dense, **settings)
    places, after = cnn.places(filters, dense), list(cnn.pooled(filters))
    return Plain(make, classes, inputs, places, after, output, all_cnn.start)


def _resnet44(shape: tuple[int, ...], classes: int) -> Plain:
    inputs = Inputs(shape, mean=resnet.MEAN, deviation=resnet.DEVIATION)
    return Plain(partial(resnet.ResNet, classes), classes, inputs, resnet.PLACES, resnet.AFTER)


def _own(
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
    """A user's own: `named` is as `own_module` takes it, the rest as `Inputs` and `hooked` do."""

    def make() -> nn.Module:
        return own_module(named)

    return Plain(make, classes, Inputs(shape, input, mean, deviation), places, after, output)


KINDS: dict[str, Callable[..., Architecture]] = {
    "mlp": _feedforward,
    "cnn-1d": _feedforward,
    "all-cnn": _all_cnn,
    "cnn": _cnn,
    "lenet": _lenet,
    "resnet44": _resnet44,
    "own": _own,
}
