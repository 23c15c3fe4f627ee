"""Jump detectors of signal processing, and the best that any detector can do."""

import numpy as np
from scipy.ndimage import correlate1d
from scipy.special import softmax


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
    gain = _sums_from_here_on(height * signals.astype(np.float64) - height**2 / 2)
    return first + gain[:, first - 1 : last].argmax(axis=1)


def blind_step_likelihood(signals: np.ndarray, first: int, last: int) -> np.ndarray:
    """Locations of maximum likelihood for a step of unknown height in noise of unknown level.

    The likeliest height at t is the mean of the m samples from t on, which leaves the squares of
    the signal less sum**2 / m; the least of these is the likeliest location whatever the noise is,
    as long as it is the same before and after (chen2017 Eq. 3.1, simplified). The height may be
    negative. Returns (n,) int64, 1-based.
    """
    sums = _sums_from_here_on(signals.astype(np.float64))
    explained = sums**2 / np.arange(signals.shape[1], 0, -1)
    return first + explained[:, first - 1 : last].argmax(axis=1)


def step_posterior(
    signals: np.ndarray, height: float, noise: float, first: int, last: int
) -> np.ndarray:
    """The probability of each location, all being equally likely before: (n, locations).

    What the best of all detectors knows of a step from 0 to `height` in white Gaussian noise of
    standard deviation `noise`.
    """
    gain = (height * signals.astype(np.float64) - height**2 / 2) / noise**2
    return softmax(_sums_from_here_on(gain)[:, first - 1 : last], axis=1)


DETECTORS = {
    "gaussian-derivative": gaussian_derivative,
    "step-likelihood": step_likelihood,
    "blind-step-likelihood": blind_step_likelihood,
}


def located(signals: np.ndarray, kind: str, **settings: float) -> np.ndarray:
    """The locations (n,), 1-based, that a detector of one of these kinds finds."""
    return DETECTORS[kind](signals, **settings)


def _sums_from_here_on(values: np.ndarray) -> np.ndarray:
    return values[:, ::-1].cumsum(axis=1)[:, ::-1]
