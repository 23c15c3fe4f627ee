"""Intervals for probabilities that are counted."""

import numpy as np
from scipy.special import betaincinv


def clopper_pearson(
    successes: np.ndarray | int, trials: np.ndarray | int, alpha: float = 0.05
) -> tuple[np.ndarray, np.ndarray]:
    """The exact interval of confidence 1 - alpha at the least, for a probability (two arrays).

    Of 0 successes in n trials it goes from 0, of n successes to 1.
    """
    successes, trials = np.asarray(successes), np.asarray(trials)
    with np.errstate(invalid="ignore"):
        low = betaincinv(successes, trials - successes + 1, alpha / 2)
        high = betaincinv(successes + 1, trials - successes, 1 - alpha / 2)
    return np.where(successes == 0, 0.0, low), np.where(successes == trials, 1.0, high)
