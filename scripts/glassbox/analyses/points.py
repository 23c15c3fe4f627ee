"""Which examples of a set are looked at, and their labels."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Points:
    """Examples that are looked at: their rows in a set (n,), and their labels (n,) by name."""

    rows: np.ndarray
    labels: dict[str, np.ndarray]


def choose_points(
    rng: np.random.Generator, wanted: int | None, labels: dict[str, np.ndarray]
) -> Points:
    """All examples, or `wanted` of them at random, in their order; labels: of all, by name."""
    (count,) = {len(each) for each in labels.values()}
    rows = np.arange(count)
    if wanted is not None and wanted < count:
        rows = np.sort(rng.choice(count, wanted, replace=False))
    return Points(rows, {name: each[rows] for name, each in labels.items()})
