"""What to build: a network by its kind and settings, for the examples and classes of a data set.

A description is what `model.json` holds beside a file of weights: `build`, the kind and its
settings, with `output` where the outputs are no softmax; `shape`, of one example; `classes`, how
many there are; of a network of a user's own also `code`, what tells its code from another.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch

from glassbox.digests import write_json
from glassbox.models.inputs import Inputs
from glassbox.models.kinds import module_name
from glassbox.models.model import Model

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
    kind = module_name(description["build"]["kind"])
    return made(import_module(f"glassbox.models.kinds.{kind}").architecture, description)


def made(make: Callable[..., Architecture], description: Description) -> Architecture:
    """The network that a description tells, of the kind that `make` makes."""
    settings = {key: value for key, value in description["build"].items() if key != "kind"}
    return make(tuple(description["shape"]), description["classes"], **settings)
