"""Convolution filters on a noisy step: what they do to it and to the noise (chen2017 §3.2.2)."""

import numpy as np
import pandas as pd

from glassbox.analyses.detectors import blind_step_likelihood, gaussian_derivative, step_likelihood
from glassbox.analyses.intervals import clopper_pearson
from glassbox.datasets.jumps import jump_signals

FILTERS = {  # Figs 3.3 and 3.4, the prototypes of the text, and a smoother that is normalised
    "mixed": (1, 1, 1, 1, -1),
    "smoothing": (1, 1, 1, 0, 0),
    "differentiation": (0, 0, 0, 1, -1),
    "first derivative": (1, -1),
    "second derivative": (1, -2, 1),
    "moving average": (0.2, 0.2, 0.2, 0.2, 0.2),
}
NEAR = 1  # samples: how far off a detection may be that counts (Fig. 3.5)


def convolved(signals: np.ndarray, taps: tuple[float, ...]) -> np.ndarray:
    """y(i) = sum of taps(k) x(i - k) over k from 0 on, x being 0 beyond its ends: (n, length)."""
    values = np.zeros(signals.shape)
    for delay, tap in enumerate(taps):
        values[:, delay:] += tap * signals[:, : signals.shape[1] - delay]
    return values


def responses(signal: np.ndarray) -> pd.DataFrame:
    """A signal (length,) and what each of FILTERS makes of it, sample by sample.

    Columns: filter (empty for the signal itself), location (1-based), value.
    """
    made = {"": signal} | {name: convolved(signal[None], taps)[0] for name, taps in FILTERS.items()}
    frames = [
        pd.DataFrame({"filter": name, "location": np.arange(1, len(signal) + 1), "value": values})
        for name, values in made.items()
    ]
    return pd.concat(frames)


def noise_gains(rng: np.random.Generator, samples: int, noise: float) -> pd.DataFrame:
    """The variance of filtered noise over that of the noise (Eq. 3.4), in `samples` samples.

    Columns: filter, sum (of its taps), squared_norm (what Eq. 3.4 says), gain (what is measured).
    """
    drawn = noise * rng.standard_normal((1, samples))
    rows = [
        (
            name,
            float(sum(taps)),
            float(sum(tap**2 for tap in taps)),
            float(convolved(drawn, taps)[0, len(taps) :].var() / drawn.var()),
        )
        for name, taps in FILTERS.items()
    ]
    return pd.DataFrame(rows, columns=["filter", "sum", "squared_norm", "gain"])


def smoother_window(tau: float, length: int) -> int:
    """The least odd window that holds four widths on each side, and no more than the signal."""
    return min(2 * int(np.ceil(4 * tau)) + 1, length - 1 + length % 2)


def detection_by_width(
    rng: np.random.Generator,
    noises: list[float],
    taus: list[float],
    *,
    per_class: int,
    length: int,
    first: int,
    last: int,
    height: float = 1.0,
) -> pd.DataFrame:
    """How often the filter finds a jump to within a sample, for each noise and width (Fig. 3.5).

    The same draws of noise serve every level and every width. As in the thesis the filter searches
    the whole signal; its window holds four widths to each side. Columns: detector
    (gaussian-derivative, or the two bounds, which have no width), noise (over the height), tau
    (samples; NaN for the bounds), signals, found, share, and low and high, the ends of its 95 %
    interval.
    """
    place = {"length": length, "first": first, "last": last}
    drawn = jump_signals(rng, per_class, height=0.0, noise=1.0, **place)
    locations = drawn.labels + first
    steps = height * (np.arange(1, length + 1) >= locations[:, None])
    rows = []
    for noise in noises:
        signals = steps + noise * height * drawn.values

        def count(detector: str, tau: float, answers: np.ndarray, noise: float = noise) -> None:
            found = int((np.abs(answers - locations) <= NEAR).sum())
            rows.append((detector, noise, tau, len(locations), found))

        for tau in taus:
            window = smoother_window(tau, length)
            count("gaussian-derivative", tau, gaussian_derivative(signals, window, tau, 2, length))
        count("step-likelihood", np.nan, step_likelihood(signals, height, first, last))
        count("blind-step-likelihood", np.nan, blind_step_likelihood(signals, first, last))
    frame = pd.DataFrame(rows, columns=["detector", "noise", "tau", "signals", "found"])
    low, high = clopper_pearson(frame["found"].to_numpy(), frame["signals"].to_numpy())
    return frame.assign(share=frame["found"] / frame["signals"], low=low, high=high)


def best_width(found: pd.Series) -> float:
    """The width that finds most, of several the geometric mean; the index has a level tau."""
    best = found.index.get_level_values("tau")[found == found.max()].to_numpy()
    return float(np.exp(np.log(best).mean()))


def filter_errors(
    signals: np.ndarray, locations: np.ndarray, windows: list[int], taus: list[float]
) -> pd.DataFrame:
    """The mean absolute error of the filter for each window and width (§3.2.3), whole signal.

    signals: (n, length); locations: (n,), 1-based. Columns: window, tau, L1 (samples).
    """
    length = signals.shape[1]
    rows = [
        (window, tau, np.abs(gaussian_derivative(signals, window, tau, 2, length) - locations))
        for window in windows
        for tau in taus
    ]
    return pd.DataFrame(
        [(window, tau, float(errors.mean())) for window, tau, errors in rows],
        columns=["window", "tau", "L1"],
    )
