"""Consistency of the predictions of several libraries, CPL (lee2019 §3.4, Eq. 5)."""

from itertools import combinations

import numpy as np
from scipy.special import softmax


def consistency(layers: list[np.ndarray]) -> np.ndarray:
    """Mean cosine of predictions (n, classes) over all unordered pairs of layers: (n,).

    Eq. 5 as printed. A prediction that is zero has the cosine 0 with any other.
    """
    units = [_unit(predicted) for predicted in layers]
    cosines = [(one * other).sum(axis=1) for one, other in combinations(units, 2)]
    return np.mean(cosines, axis=0)


def softmax_consistency(layers: list[np.ndarray]) -> np.ndarray:
    """The same of the softmax of predictions, which the published code takes (E-L04): (n,)."""
    return consistency([softmax(predicted, axis=1) for predicted in layers])


def _unit(vectors: np.ndarray) -> np.ndarray:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0)
