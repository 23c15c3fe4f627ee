"""Whether vectors of one cluster lie together: silhouettes (Rousseeuw 1987) by cosine distance."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from glassbox.activations import Activations
from glassbox.analyses.layers import by_layer
from glassbox.analyses.unit_vectors import unit_vectors
from glassbox.tables import Examples

ALIKE = 1e-12  # mean distances that are no more than rounding


def silhouettes(activations: Activations, *, layers: Collection[str] | None = None) -> pd.DataFrame:
    """How clustered examples of one answer are in the layers of these names, or in all.

    Columns: layer, depth, silhouette (the mean over examples; NaN where all have one answer).
    """

    def measure(examples: Examples) -> pd.DataFrame:
        found = cosine_silhouettes(examples.values, activations.answers)
        return pd.DataFrame({"silhouette": [found.mean()]})

    return by_layer(activations, measure, activations.named(layers))


def cosine_silhouettes(vectors: np.ndarray, clusters: np.ndarray) -> np.ndarray:
    """(b - a) / max(a, b) of each of vectors (n, d), whose clusters are given (n,): (n,) float64.

    a is the mean cosine distance from the others of its cluster, b that from the nearest other
    cluster; each is one product with the sum of a cluster's unit vectors, so that all takes time
    linear in n. The cosine of a zero vector with any other is 0. A vector that is alone in its
    cluster has 0; where all are in one, silhouettes are not defined: NaN.
    """
    names, own, counts = np.unique(clusters, return_inverse=True, return_counts=True)
    if len(names) < 2:
        return np.full(len(vectors), np.nan)
    sums = np.zeros((len(names), vectors.shape[1]))
    for place, units in unit_vectors(vectors):
        sums += (own[place] == np.arange(len(names))[:, None]).astype(float) @ units
    return np.concatenate(
        [_of_block(units, own[place], sums, counts) for place, units in unit_vectors(vectors)]
    )


def _of_block(
    units: np.ndarray, own: np.ndarray, sums: np.ndarray, counts: np.ndarray
) -> np.ndarray:
    here = np.arange(len(units))
    cosines = units @ sums.T
    others = counts[own] - 1
    alone = others == 0
    itself = (units * units).sum(axis=1)
    within = 1 - (cosines[here, own] - itself) / np.where(alone, 1, others)
    between = 1 - cosines / counts
    between[here, own] = np.inf
    nearest = between.min(axis=1)
    larger = np.maximum(within, nearest)
    defined = ~alone & (larger > ALIKE)
    return np.divide(nearest - within, larger, out=np.zeros(len(units)), where=defined)
