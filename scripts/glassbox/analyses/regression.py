"""Regressors that are fitted on some examples and asked of others."""

from collections.abc import Callable

import numpy as np

PENALTY = 1e-3  # of squared weights of inputs of unit variance, beside the mean squared error


def ridge(inputs: np.ndarray, targets: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Ridge regression of targets (p,) on standardised inputs (p, d); predicts (n,) of (n, d)."""
    mean, deviation = inputs.mean(axis=0, dtype=np.float64), inputs.std(axis=0, dtype=np.float64)
    scale = np.where(deviation > 0, deviation, 1)

    def standardised(values: np.ndarray) -> np.ndarray:
        return (values - mean) / scale

    known, level = standardised(inputs), targets.mean()
    products = known.T @ known / len(known) + PENALTY * np.eye(known.shape[1])
    weights = np.linalg.solve(products, known.T @ (targets - level) / len(known))
    return lambda values: standardised(values) @ weights + level
