"""Libraries of other data orders, of rectified patterns, and of some units (lee2019 §4.3)."""

from collections.abc import Callable, Sequence

import numpy as np
import torch

from glassbox.analyses.library_measures import Rows, agreements
from glassbox.analyses.library_network import Answered, LibraryNetwork


def order_rows(
    networks: Sequence[LibraryNetwork],
    training: Answered,
    test: Answered,
    nodes: int,
    device: torch.device,
) -> Rows:
    """What is measured of library networks of the same patterns in other orders."""
    for number, network in enumerate(networks, 1):
        yield from size_and_agreement(f"order={number}", network, training, test, nodes, device)


def variant_rows(
    training: Answered,
    test: Answered,
    shares: Sequence[float],
    rng: np.random.Generator,
    measure: Callable[[str, Answered, Answered], Rows],
) -> Rows:
    """What is measured of each variant by its name, and its training and test patterns.

    Patterns without what is below 0, where there is any; each share of the units, drawn at random.
    """
    width = training.patterns.shape[1]
    # No name is given to a variant's patterns, so that one copy at a time is in memory.
    if training.patterns.min() < 0:
        yield from measure("rectified", _rectified(training), _rectified(test))
    for share in shares:
        units = np.sort(rng.permutation(width)[: max(1, round(share * width))])
        yield from measure(f"share={share:g}", _of_units(training, units), _of_units(test, units))


def size_and_agreement(
    name: str,
    network: LibraryNetwork,
    training: Answered,
    test: Answered,
    nodes: int,
    device: torch.device,
) -> Rows:
    """Sizes of a variant's libraries, and how far they agree with the network on test patterns.

    training: of the patterns that the nodes hold.
    """
    active = network.most_active(test.patterns, training.patterns, nodes, device)
    built = network.libraries
    for threshold, size in zip(built.thresholds, built.sizes, strict=True):
        yield name, threshold, "size", size
    found = network.predictions(active, nodes)
    yield from agreements(name, built.thresholds, found, test.answers)


def _rectified(answered: Answered) -> Answered:
    return Answered(np.maximum(answered.patterns, 0), answered.answers)


def _of_units(answered: Answered, units: np.ndarray) -> Answered:
    return Answered(np.ascontiguousarray(answered.patterns[:, units]), answered.answers)
