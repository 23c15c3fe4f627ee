"""Units by the class that they prefer, and in its colour (pardo2019 §2.8 and §2.9)."""

import numpy as np
import pandas as pd

BRIGHT = 95  # percentile of units whose colour is as bright as can be


def expected_activations(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """E[h_i | H_k] of one layer, units by labels, from the rows of that layer.

    table: columns unit, label and those of the ways to take the expectation; column: the one taken.
    """
    return table.pivot(index="unit", columns="label", values=column)


def preferred_classes(expected: np.ndarray) -> np.ndarray:
    """The class of the largest expected activation (n, classes) of each unit (Eq. 10), (n,) int.

    The first of classes that expect the same.
    """
    return np.argmax(expected, axis=1)


def sorted_units(preferred: np.ndarray) -> np.ndarray:
    """The units of a layer by their class (n,), those of one class in their order: places (n,)."""
    return np.argsort(preferred, kind="stable")


def unit_colours(expected: np.ndarray, colours: np.ndarray) -> np.ndarray:
    """The colours (classes, 3) of all classes, weighted by expected activations (n, classes).

    Eq. 11 in the reading of E-P03: alpha_i = 1 / (K + 1) sum_k c_k E[h_i | H_k], classes being 0 to
    K. A row (n, 3) per unit, not bounded: activations may be negative or above 1.
    """
    return expected @ colours / expected.shape[1]


def visible(alpha: np.ndarray) -> np.ndarray:
    """Colours (n, 3) of one layer, brightened for a look: components between 0 and 1.

    The scale is that at which the largest component of a unit is 1 for the 95th of 100 units; each
    of the few beyond it gets a scale of its own, which keeps its hue. Negative components are 0:
    black is inhibited or silent.
    """
    largest = alpha.max(axis=1, keepdims=True)
    scale = np.maximum(largest, np.percentile(largest, BRIGHT))
    return np.clip(np.divide(alpha, scale, out=np.zeros_like(alpha), where=scale > 0), 0, 1)


def normalised(pattern: np.ndarray) -> np.ndarray:
    """One layer's part of a pattern (n,), over its largest absolute value (pardo2019 Fig. 3)."""
    largest = np.abs(pattern).max(initial=0)
    return pattern / largest if largest > 0 else pattern
