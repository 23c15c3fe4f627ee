"""Averaged activations, the class representations of chen2017 §3.3.3 (Eq. 3.6)."""

import numpy as np
import pandas as pd

from glassbox.tables import Examples


def class_means(values: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """A_(c), the mean of values (n, d) over each class: (classes, d) float64, NaN for none."""
    order = np.argsort(labels, kind="stable")
    counts = np.bincount(labels, minlength=classes)
    ends = counts.cumsum()
    means = np.full((classes, values.shape[1]), np.nan)
    for label in np.flatnonzero(counts):
        rows = order[ends[label] - counts[label] : ends[label]]
        means[label] = values[rows].mean(axis=0, dtype=np.float64)
    return means


def averaged_activations(layer: int, examples: Examples) -> pd.DataFrame:
    """One row per class and unit of a layer.

    Columns: layer, label, unit (0-based), mean (Eq. 3.6), and the variance over the examples of
    the class (divided by their number).
    """
    means = class_means(examples.values, examples.labels, examples.classes)
    squares = class_means(
        np.square(examples.values, dtype=np.float64), examples.labels, examples.classes
    )
    classes, units = means.shape
    return pd.DataFrame(
        {
            "layer": layer,
            "label": np.repeat(np.arange(classes), units),
            "unit": np.tile(np.arange(units), classes),
            "mean": means.ravel(),
            "variance": np.maximum(squares - means**2, 0).ravel(),
        }
    )
