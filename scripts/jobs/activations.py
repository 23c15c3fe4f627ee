"""The activations of each replicate's model: of a set, of what it was trained on, over training."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Collection, Iterable, Iterator
from functools import partial
from pathlib import Path

from glassbox.activations import Activations
from glassbox.tables import Examples, read_examples
from jobs.models import model_of
from jobs.replicates import by_replicate


def activations_of(
    arguments: Namespace, only: Collection[str] | None = None
) -> Iterator[Activations]:
    """What the layers of each replicate's model make of its examples, from dumps as far as such.

    only: the names of the layers that will be asked for, where that is known.
    """
    yield from _of_dumps(arguments, by_replicate(arguments), arguments.activations, only)


def training_of(arguments: Namespace, only: Collection[str] | None = None) -> Iterator[Activations]:
    """What the layers of each replicate's model make of the examples that it was trained on."""
    files = by_replicate(arguments, "training")
    yield from _of_dumps(arguments, files, arguments.training_activations, only)


def beside_of(arguments: Namespace, only: Collection[str] | None = None) -> Iterator[Activations]:
    """What the layers of each replicate's model make of a set that is shown beside its examples."""
    files = by_replicate(arguments, "beside")
    yield from _of_dumps(arguments, files, arguments.beside_activations, only)


def series_of(
    arguments: Namespace, replicate: int, examples: Examples
) -> Iterator[tuple[int, Activations]]:
    """Each epoch with a checkpoint of a replicate's model, and the activations of examples there.

    One after another, since each holds all layers once it was asked for one.
    """
    from glassbox.models.weights import kept_epochs

    for epoch in kept_epochs(arguments.weights, replicate):
        network = partial(model_of, arguments, replicate, epoch)
        yield epoch, Activations(network, examples)


def _of_dumps(
    arguments: Namespace,
    files: Iterable[tuple[int, Path]],
    dumps: Path,
    only: Collection[str] | None,
) -> Iterator[Activations]:
    for replicate, path in files:
        network = partial(model_of, arguments, replicate)
        yield Activations(network, read_examples(path), dumps / str(replicate), only)
