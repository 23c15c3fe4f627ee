"""What a program about models is given, replicate by replicate: activations, series, examples.

`arguments` are those of the program: see `glassbox.replicates`.
"""

from argparse import Namespace
from collections.abc import Collection, Iterator

from glassbox.activations import Activations
from glassbox.analyses.neighbourhoods import Points, choose_points
from glassbox.models.model import Model
from glassbox.models.parts import read_parts
from glassbox.models.stack import Stack
from glassbox.models.weights import kept_epochs, read_model, read_stack
from glassbox.replicates import by_replicate
from glassbox.seeds import generator
from glassbox.tables import Examples, read_examples


def shown_of(arguments: Namespace) -> Iterator[tuple[Model, Examples]]:
    """The model of each replicate, and the examples that it is shown."""
    for replicate, path in by_replicate(arguments):
        yield _model(arguments, replicate), read_examples(path)


def activations_of(
    arguments: Namespace, only: Collection[str] | None = None
) -> Iterator[Activations]:
    """What the layers of each replicate's model make of its examples, from dumps as far as such.

    only: the names of the layers that will be asked for, where that is known.
    """
    shown = zip(arguments.replicates, shown_of(arguments), strict=True)
    for replicate, (model, examples) in shown:
        yield Activations(model, examples, arguments.activations / str(replicate), only)


def training_of(arguments: Namespace, only: Collection[str] | None = None) -> Iterator[Activations]:
    """The same of the examples that it was trained on."""
    for replicate, path in by_replicate(arguments, "training"):
        model, dump = _model(arguments, replicate), arguments.training_activations / str(replicate)
        yield Activations(model, read_examples(path), dump, only)


def fitted_of(arguments: Namespace) -> Iterator[dict[str, Model]]:
    """What was fitted once on the training examples of each replicate's model, by part."""
    given = arguments.fitted_model, arguments.fitted_weights
    for replicate in arguments.replicates:
        yield read_parts(*given, replicate, arguments.device)


def stacks_of(arguments: Namespace) -> list[Stack]:
    """The perceptron or 1-D CNN of each replicate, as a stack of one."""
    given = arguments.model, arguments.weights
    return [read_stack(*given, each, arguments.checkpoint) for each in arguments.replicates]


def _model(arguments: Namespace, replicate: int) -> Model:
    given = arguments.model, arguments.weights, replicate
    return read_model(*given, arguments.checkpoint, arguments.device)


def series_of(arguments: Namespace) -> Iterator[dict[int, Activations]]:
    """The same at each checkpoint of each replicate's model, by epoch."""
    for replicate, path in by_replicate(arguments):
        given = arguments.model, arguments.weights, replicate
        examples = read_examples(path)
        yield {
            epoch: Activations(read_model(*given, epoch, arguments.device), examples)
            for epoch in kept_epochs(arguments.weights, replicate)
        }


def points_of(arguments: Namespace) -> Iterator[Points]:
    """The examples of each replicate that are looked at, with their labels and those at first.

    The config slice says how many, and names their random stream.
    """
    config = arguments.config
    files = zip(by_replicate(arguments), by_replicate(arguments, "origins"), strict=True)
    for (replicate, path), (_, origin) in files:
        labels = {"label": read_examples(path).labels, "origin_label": read_examples(origin).labels}
        rng = generator(config["seed"], *config["stream"], replicate)
        yield choose_points(rng, config["points"], labels)
