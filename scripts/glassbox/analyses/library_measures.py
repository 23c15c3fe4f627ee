"""What is measured of the libraries of one layer and of what they are compared with (lee2019 §3).

A measure is a row: what it is of (the libraries, or a variant of them or another method), their
threshold (NaN where there is none), its name, and its value.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import torch

from glassbox.analyses.baselines import NearestPatterns
from glassbox.analyses.deviations import mean_cosine
from glassbox.analyses.libraries import Libraries
from glassbox.analyses.library_network import Answered, LibraryNetwork
from glassbox.analyses.links import KERNEL, agreement, node_purity, predictions
from glassbox.analyses.nearest import MostActive, most_active
from glassbox.analyses.probes import Probe

COLUMNS = ("variant", "threshold", "measure", "value")
NONE = np.array([np.nan])  # the thresholds of what has none
BEST = (1, 3)
NODES = (1, 3, 8, 20)  # most active nodes that predict (L-N04)
KERNELS = (KERNEL, 0.001, 0.1, 1.0)  # L-N03
HOMOGENEITY = 5000  # patterns among which the mean cosine is taken
SHOWN_AGAIN = 1000  # stored patterns that are shown to the libraries again

Rows = Iterator[tuple[str, float, str, float]]


def agreements(
    variant: str, thresholds: np.ndarray, values: np.ndarray, answers: np.ndarray
) -> Rows:
    """The share of answers (n,) that are among the best of predictions (T, n, classes).

    thresholds: (T,).
    """
    for best in BEST:
        shares = agreement(values, answers, best)
        for threshold, share in zip(thresholds, shares, strict=True):
            yield variant, threshold, f"top{best}", share


def library_rows(network: LibraryNetwork, stored: np.ndarray, device: torch.device) -> Rows:
    """Size, purity of nodes, and the activation of stored patterns' own and other nodes (§2.1).

    stored: (N, d), the training patterns.
    """
    built, purity = network.libraries, node_purity(network.links)
    for place, threshold in enumerate(built.thresholds):
        yield "library", threshold, "size", built.sizes[place]
        yield "library", threshold, "purity", np.nanmean(purity[built.member[place]])
        own, other = shown_again(stored[built.library(place)[:SHOWN_AGAIN]], device)
        yield "library", threshold, "own activation", own
        yield "library", threshold, "other activation", other


def prediction_rows(
    networks: Mapping[float, LibraryNetwork],
    active: MostActive,
    training: Answered,
    test: Answered,
    nodes: int,
    device: torch.device,
) -> Rows:
    """Agreement by how many of the active nodes predict, and by the width of the kernel.

    networks: of the same libraries, by the kernel of their links. nodes: how many predict.
    """
    network = networks[KERNEL]
    thresholds, answers = network.libraries.thresholds, test.answers
    for count in NODES:
        found = network.predictions(active, count)
        yield from agreements(f"nodes={count}", thresholds, found, answers)
    found = network.all_node_predictions(test.patterns, training.patterns, device)
    yield from agreements("nodes=all", thresholds, found, answers)
    for kernel in [each for each in networks if each != KERNEL]:
        found = networks[kernel].predictions(active, nodes)
        yield from agreements(f"kernel={kernel:g}", thresholds, found, answers)
    found = network.predictions(active, nodes)
    yield from agreements("library", thresholds, found, answers)


def shown_again(stored: np.ndarray, device: torch.device) -> tuple[float, float]:
    """The least activation of their own node by stored patterns, and the largest of another's."""
    held, rows = np.ones((1, len(stored)), bool), np.arange(len(stored))
    active = most_active(stored, stored, rows, held, 2, device)
    own = np.where(active.nodes[0] == rows[:, None], active.cosines[0], np.nan)
    other = np.where(np.isnan(own), active.cosines[0], np.nan)
    return float(np.nanmin(np.nanmax(own, axis=1))), float(np.nanmax(other))


def prototype_rows(
    training: Answered,
    test: Answered,
    built: Libraries,
    classes: int,
    nodes: int,
    drawn: np.ndarray,
    device: torch.device,
) -> Rows:
    """Votes of the nearest of as many training patterns, drawn at random, as a library has.

    drawn: (n,), an order of all training patterns, of which a library's are the first.
    """
    prototypes = np.sort(drawn[: built.sizes.max()])
    member = np.stack([np.isin(prototypes, drawn[:size]) for size in built.sizes])
    near = most_active(test.patterns, training.patterns, prototypes, member, nodes, device)
    votes = np.eye(classes)[training.answers[prototypes]]
    voted = predictions(near, votes, nodes)
    yield from agreements("prototypes", built.thresholds, voted, test.answers)


def neighbour_rows(
    training: Answered, test: Answered, classes: int, nodes: int, device: torch.device
) -> Rows:
    """Votes of the nearest of all training patterns: of one, and of as many as nodes predict."""
    fitted = NearestPatterns.fit(training.patterns, training.answers, device, nodes)
    near, votes = fitted.nearest(test.patterns), np.eye(classes)[training.answers]
    for count in {1, nodes}:
        voted = predictions(near, votes, count)
        yield from agreements(f"neighbours={count}", NONE, voted, test.answers)


def probe_rows(probe: Probe, test: Answered, labels: np.ndarray) -> Rows:
    """How far a linear probe agrees with the network, and is right of labels (n,)."""
    logits = probe.logits(test.patterns)
    yield from agreements("probe", NONE, logits[None], test.answers)
    yield "probe", np.nan, "accuracy", (logits.argmax(axis=1) == labels).mean()


def pattern_rows(training: Answered, test: Answered, labels: np.ndarray, classes: int) -> Rows:
    """What the network answers, how many patterns there are, and how alike they are (§4.1)."""
    count, width = training.patterns.shape
    yield "network", np.nan, "accuracy", (test.answers == labels).mean()
    yield "network", np.nan, "majority", np.bincount(test.answers).max() / len(test.answers)
    yield "patterns", np.nan, "train", count
    yield "patterns", np.nan, "test", len(test.patterns)
    yield "patterns", np.nan, "classes", classes
    yield "patterns", np.nan, "units", width
    some = torch.from_numpy(training.patterns[:HOMOGENEITY])
    yield "patterns", np.nan, "cosine", 1 - mean_cosine(some)[0]
    yield "patterns", np.nan, "centred cosine", 1 - mean_cosine(some - some.mean(0))[0]
