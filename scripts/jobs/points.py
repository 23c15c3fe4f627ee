"""The examples of each replicate that are looked at, as the config slice says."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from glassbox.analyses.points import Points, choose_points
from glassbox.seeds import generator
from glassbox.tables import read_examples
from jobs.replicates import by_replicate

if TYPE_CHECKING:
    import numpy as np


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
