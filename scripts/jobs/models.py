"""The networks of each replicate; they are made when they are first asked for.

A program that reads dumps alone starts without torch.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from glassbox.tables import Examples, read_examples
from jobs.replicates import by_replicate

if TYPE_CHECKING:
    from glassbox.models.model import Model
    from glassbox.models.stack import Stack


def model_of(arguments: Namespace, replicate: int, epoch: int | None = None) -> Model:
    """The model of a replicate, as training kept it or as it was after an epoch."""
    from glassbox.models.weights import read_model

    checkpoint = arguments.checkpoint if epoch is None else epoch
    files = arguments.model, arguments.weights
    return read_model(*files, replicate, checkpoint, arguments.device())


def shown_of(arguments: Namespace) -> Iterator[tuple[Model, Examples]]:
    """The model of each replicate, and the examples that it is shown."""
    for replicate, path in by_replicate(arguments):
        yield model_of(arguments, replicate), read_examples(path)


def fitted_of(arguments: Namespace) -> Iterator[dict[str, Model]]:
    """What was fitted once on the training examples of each replicate's model, by part."""
    from glassbox.models.parts import read_parts

    given = arguments.fitted_model, arguments.fitted_weights
    for replicate in arguments.replicates:
        yield read_parts(*given, replicate, arguments.device())


def stacks_of(arguments: Namespace) -> list[Stack]:
    """The perceptron or 1-D CNN of each replicate, as a stack of one."""
    from glassbox.models.weights import read_stack

    given = arguments.model, arguments.weights
    return [read_stack(*given, each, arguments.checkpoint) for each in arguments.replicates]
