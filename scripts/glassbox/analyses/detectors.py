"""Jump detectors of signal processing, and the best that any detector can do."""

import numpy as np
from scipy.ndimage import correlate1d


def gaussian_smoother(window: int, tau: float) -> np.ndarray:
    """A centred Gaussian of `window` samples and width `tau`, summing to 1 (Fig. 3.6, E-C15)."""
    offsets = np.arange(window) - (window - 1) / 2
    kernel = np.exp(-0.5 * (offsets / tau) ** 2)
    return kernel / kernel.sum()


def gaussian_derivative(
    signals: np.ndarray, window: int, tau: float, first: int, last: int
) -> np.ndarray:
    """Locations of the largest increase of the smoothed signals (chen2017 §3.2.1).

    signals: (n, length), taken as 0 beyond their ends. A location t is 1-based, its increase that
    from sample t-1 to t; the search goes from `first`, 2 at the least, to `last`. The thesis
    searches the whole signal. Returns (n,) int64.
    """
    smoother = gaussian_smoother(window, tau)
    smoothed = correlate1d(signals.astype(np.float64), smoother, axis=1, mode="constant")
    increase = np.diff(smoothed, axis=1)
    return first + increase[:, first - 2 : last - 1].argmax(axis=1)


def step_likelihood(signals: np.ndarray, height: float, first: int, last: int) -> np.ndarray:
    """Locations of maximum likelihood for a step from 0 to `height` in white Gaussian noise.

    With every location equally likely no detector is right more often: the bound for all others
    (the log-likelihood of t is that of the step's samples from t on, height * x - height**2 / 2).
    Returns (n,) int64, 1-based.
    """
    gain = height * signals.astype(np.float64) - height**2 / 2
    from_here_on = gain[:, ::-1].cumsum(axis=1)[:, ::-1]
    return first + from_here_on[:, first - 1 : last].argmax(axis=1)
