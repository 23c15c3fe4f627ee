"""Signals that are alike, up to a shift: those between layers of convolutions."""

import numpy as np

ALIKE = 0.9  # correlation from which two signals are of almost the same shape
SHIFT = 4  # samples by which a filter of nine taps may shift a signal


def mean_correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Mean over classes of the correlation of two signals (labels, length), at the best shift."""
    shifts = range(-SHIFT, SHIFT + 1)
    return max(
        np.mean([correlation(a, b, by) for a, b in zip(one, other, strict=True)]) for by in shifts
    )


def correlation(one: np.ndarray, other: np.ndarray, by: int) -> float:
    """The correlation of one[i + by] and other[i]; 0 where one of them is constant."""
    a, b = one[max(by, 0) : len(one) + min(by, 0)], other[max(-by, 0) : len(other) - max(by, 0)]
    if not np.ptp(a) or not np.ptp(b):
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])
