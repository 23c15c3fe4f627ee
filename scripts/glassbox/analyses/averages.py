"""Averaged activations, the class representations of chen2017 §3.3.3 (Eq. 3.6)."""

import numpy as np
import pandas as pd

from glassbox.activations import Activations
from glassbox.analyses.layers import by_layer
from glassbox.tables import Examples


def averages(activations: Activations) -> pd.DataFrame:
    """The averaged activations of every layer, the input included: see `averaged_activations`."""
    return by_layer(activations, averaged_activations)


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


def averaged_activations(examples: Examples) -> pd.DataFrame:
    """One row per class and unit of a layer, whose values the examples have.

    Columns: label, unit (0-based), mean (Eq. 3.6), and the variance over the examples of
    the class (divided by their number).
    """
    means = class_means(examples.values, examples.labels, examples.classes)
    squares = class_means(
        np.square(examples.values, dtype=np.float64), examples.labels, examples.classes
    )
    classes, units = means.shape
    return pd.DataFrame(
        {
            "label": np.repeat(np.arange(classes), units),
            "unit": np.tile(np.arange(units), classes),
            "mean": means.ravel(),
            "variance": np.maximum(squares - means**2, 0).ravel(),
        }
    )
