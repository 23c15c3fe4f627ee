"""Libraries of other data orders, of rectified patterns, and of some units (lee2019 §4.3)."""

import logging
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch

from glassbox.analyses.library_measures import Rows, agreements
from glassbox.analyses.library_network import Answered, LibraryNetwork


def variant_rows(
    training: Answered,
    test: Answered,
    orders: int,
    shares: Sequence[float],
    rng: np.random.Generator,
    measure: Callable[[str, Answered, Answered], Rows],
) -> Rows:
    """What is measured of each variant by its name, and its training and test patterns.

    As many orders of the training patterns as are asked for, drawn at random; patterns without what
    is below 0, where there is any; each share of the units, drawn at random.
    """
    count, width = training.patterns.shape
    # No name is given to a variant's patterns, so that one copy at a time is in memory.
    for number in range(orders):
        yield from measure(f"order={number + 1}", _in_order(training, rng.permutation(count)), test)
    if training.patterns.min() < 0:
        yield from measure("rectified", _rectified(training), _rectified(test))
    for share in shares:
        units = np.sort(rng.permutation(width)[: max(1, round(share * width))])
        yield from measure(f"share={share:g}", _of_units(training, units), _of_units(test, units))


def size_and_agreement(
    name: str,
    training: Answered,
    test: Answered,
    classes: int,
    thresholds: Sequence[float],
    nodes: int,
    device: torch.device,
    progress: Callable[[range], Iterator[int]] = iter,
) -> Rows:
    """Sizes of a variant's libraries, and how far they agree with the network."""
    logging.info("variant %s", name)
    network = LibraryNetwork.fit(training, classes, thresholds, device, progress)
    active = network.most_active(test.patterns, training.patterns, nodes, device)
    built = network.libraries
    for threshold, size in zip(built.thresholds, built.sizes, strict=True):
        yield name, threshold, "size", size
    found = network.predictions(active, nodes)
    yield from agreements(name, built.thresholds, found, test.answers)


def _in_order(training: Answered, order: np.ndarray) -> Answered:
    return Answered(training.patterns[order], training.answers[order])


def _rectified(answered: Answered) -> Answered:
    return Answered(np.maximum(answered.patterns, 0), answered.answers)


def _of_units(answered: Answered, units: np.ndarray) -> Answered:
    return Answered(np.ascontiguousarray(answered.patterns[:, units]), answered.answers)
