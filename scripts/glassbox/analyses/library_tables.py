"""What the libraries of one layer show, as tables (lee2019 §3.2, §3.3)."""

import logging
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd
import torch

from glassbox.analyses.confusion import confusion_table
from glassbox.analyses.library_measures import (
    COLUMNS,
    KERNELS,
    NODES,
    Rows,
    library_rows,
    neighbour_rows,
    pattern_rows,
    prediction_rows,
    probe_rows,
    prototype_rows,
)
from glassbox.analyses.library_network import Answered, LibraryNetwork
from glassbox.analyses.library_variants import order_rows, size_and_agreement, variant_rows
from glassbox.analyses.links import KERNEL
from glassbox.analyses.probes import Probe


def library_tables(
    training: Answered,
    test: Answered,
    labels: np.ndarray,
    classes: int,
    *,
    thresholds: Sequence[float],
    nodes: int,
    orders: int,
    shares: Sequence[float],
    rng: np.random.Generator,
    device: torch.device,
    progress: Callable[[range], Iterator[int]] = iter,
) -> dict[str, pd.DataFrame]:
    """Tables by name, of the libraries of one layer's training patterns.

    labels: (n,) of the test examples. nodes: how many of the most active ones predict (Eq. 3).
    orders: in how many other orders, drawn at random, libraries are made of the same patterns too.
    shares: of the units, see `variant_rows`. progress wraps the counts of long work.

    table: columns variant, threshold, measure and value, see `library_measures`. nodes: that of
    `LibraryNetwork`. confusion: see `confusion_table`. probe: that of `Probe`.
    """
    count = len(training.patterns)
    drawn, *others = (rng.permutation(count) for _ in range(1 + orders))
    fitted = training, classes, thresholds, device
    networks, *reordered = LibraryNetwork.by_order(*fitted, others, KERNELS, progress)
    network, built = networks[KERNEL], networks[KERNEL].libraries
    logging.info("predictions and baselines")
    top = max(*NODES, nodes)
    active = network.most_active(test.patterns, training.patterns, top, device)
    probe = Probe.fit(training.patterns, training.answers, device, classes)

    def measure(name: str, known: Answered, shown: Answered) -> Rows:
        logging.info("variant %s", name)
        own = LibraryNetwork.fit(known, classes, thresholds, device, progress)
        return size_and_agreement(name, own, known, shown, nodes, device)

    rows = [
        *library_rows(network, training.patterns, device),
        *prediction_rows(networks, active, training, test, nodes, device),
        *prototype_rows(training, test, built, classes, nodes, drawn, device),
        *neighbour_rows(training, test, classes, nodes, device),
        *probe_rows(probe, test, labels),
        *pattern_rows(training, test, labels, classes),
        *order_rows([each[KERNEL] for each in reordered], training, test, nodes, device),
        *variant_rows(training, test, shares, rng, measure),
    ]
    return {
        "table": pd.DataFrame(rows, columns=COLUMNS),
        "nodes": network.table(),
        "confusion": confusion_table(built.thresholds, network.predictions(active, nodes), labels),
        "probe": probe.table(),
    }
