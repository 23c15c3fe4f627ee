"""What a program about models is given, replicate by replicate: activations, series, examples.

`arguments` are those of the program: see `glassbox.replicates`. Networks are made when they are
first asked for, so that a program that reads dumps alone starts without torch.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Collection, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from glassbox.activations import Activations
from glassbox.analyses.points import Points, choose_points
from glassbox.replicates import by_replicate
from glassbox.seeds import generator
from glassbox.tables import Examples, read_examples

if TYPE_CHECKING:
    import numpy as np

    from glassbox.models.model import Model
    from glassbox.models.stack import Stack


def shown_of(arguments: Namespace) -> Iterator[tuple[Model, Examples]]:
    """The model of each replicate, and the examples that it is shown."""
    for replicate, path in by_replicate(arguments):
        yield model_of(arguments, replicate), read_examples(path)


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


def _of_dumps(
    arguments: Namespace,
    files: Iterable[tuple[int, Path]],
    dumps: Path,
    only: Collection[str] | None,
) -> Iterator[Activations]:
    for replicate, path in files:
        network = partial(model_of, arguments, replicate)
        yield Activations(network, read_examples(path), dumps / str(replicate), only)


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


def model_of(arguments: Namespace, replicate: int, epoch: int | None = None) -> Model:
    """The model of a replicate, as training kept it or as it was after an epoch."""
    from glassbox.models.weights import read_model

    checkpoint = arguments.checkpoint if epoch is None else epoch
    files = arguments.model, arguments.weights
    return read_model(*files, replicate, checkpoint, arguments.device())


def series_of(arguments: Namespace) -> Iterator[dict[int, Activations]]:
    """The activations of each replicate's examples at each checkpoint of its model, by epoch."""
    from glassbox.models.weights import kept_epochs

    for replicate, path in by_replicate(arguments):
        examples = read_examples(path)
        yield {
            epoch: Activations(partial(model_of, arguments, replicate, epoch), examples)
            for epoch in kept_epochs(arguments.weights, replicate)
        }


def points_of(arguments: Namespace) -> Iterator[Points]:
    """The examples of each replicate that are looked at, with their labels and those at first.

    The config slice says how many, and names their random stream.
    """
    config = arguments.config
    for replicate, labels in _labels_of(arguments):
        rng = generator(config["seed"], *config["stream"], replicate)
        yield choose_points(rng, config["points"], labels)


def draws_of(arguments: Namespace) -> list[Points]:
    """The examples of one replicate that are looked at, in as many draws as the config slice says.

    The first draw is that of `points_of`.
    """
    config, ((replicate, labels),) = arguments.config, _labels_of(arguments)
    stream = config["seed"], *config["stream"], replicate
    streams = [stream, *((*stream, "draw", each) for each in range(1, config["draws"]))]
    return [choose_points(generator(*each), config["points"], labels) for each in streams]


def _labels_of(arguments: Namespace) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
    """Each replicate with the labels of its examples, and those at first."""
    files = zip(by_replicate(arguments), by_replicate(arguments, "origins"), strict=True)
    for (replicate, path), (_, origin) in files:
        named = {"label": path, "origin_label": origin}
        yield replicate, {name: read_examples(each).labels for name, each in named.items()}
