"""Intervals of confidence 1 - alpha, from the values of replicates or of draws.

Values that are all equal say nothing of their spread. They give an interval of no width where so
many equal ones would be unlikely if as many of all lay elsewhere (the sign test), or where one more
that differs would be unlikely after them (its rank); else an interval without ends.
"""

from functools import lru_cache

import numpy as np
from scipy import stats

from glassbox.analyses.intervals import clopper_pearson
from glassbox.claims.hypotheses import Interval

EVERYTHING = (-np.inf, np.inf)
PERMUTATIONS = 100_000
AT_ONCE = 2_000  # of these
DIGITS = 12  # so that correlations that are equal but for rounding are
ROUNDING = 1e-9  # so that a correlation which chance gives as often as that holds 0, on both sides


def mean_interval(values: np.ndarray, alpha: float) -> Interval:
    """Student's t-interval for the mean of values (replicates,)."""
    if all_equal(values):
        return _no_width(values, 2 * 0.5 ** len(values) <= alpha)
    return _student(values, alpha, np.sqrt(1 / len(values)))


def prediction_interval(values: np.ndarray, alpha: float) -> Interval:
    """The interval that one further value lies in: mean ± t · s · sqrt(1 + 1/n)."""
    if all_equal(values):
        return _no_width(values, 1 / (len(values) + 1) <= alpha)
    return _student(values, alpha, np.sqrt(1 + 1 / len(values)))


def draws_interval(values: np.ndarray, alpha: float) -> Interval:
    """The interval that one further of many draws lies in, whatever their distribution: by rank."""
    out = int(np.floor(alpha / 2 * (len(values) + 1)))
    if out < 1 or not np.isfinite(values).all():
        return EVERYTHING
    ordered = np.sort(values)
    return float(ordered[out - 1]), float(ordered[-out])


def share_interval(values: np.ndarray, alpha: float) -> Interval:
    """The exact interval (Clopper and Pearson) for a share, of values that are 0 or 1."""
    return counted_interval(values, alpha, trials=1)


def counted_interval(values: np.ndarray, alpha: float, trials: int) -> Interval:
    """The same for a probability, of shares (replicates,) that are each counted over trials."""
    if not len(values) or not np.isfinite(values).all():
        return EVERYTHING
    successes = round(float(values.sum()) * trials)
    low, high = clopper_pearson(successes, trials * len(values), alpha)
    return float(low), float(high)


def no_interval(values: np.ndarray, alpha: float) -> Interval:
    """The value itself, of what involves no draw."""
    return float(values[0]), float(values[0])


def correlation_interval(correlation: float, count: int, alpha: float) -> Interval:
    """The rank correlation of so many pairs, less what it is between by chance.

    It leaves out 0 where the permutation test of independence rejects at alpha, and then only.
    """
    if not np.isfinite(correlation):
        return EVERYTHING
    by_chance, correlation = _by_chance(count), round(correlation, DIGITS)
    out = int(np.floor(alpha / 2 * len(by_chance)))
    if out < 1:
        return EVERYTHING
    least, most = float(by_chance[out - 1]), float(by_chance[-out])
    return correlation - most - ROUNDING, correlation - least + ROUNDING


@lru_cache
def _by_chance(count: int) -> np.ndarray:
    """Rank correlations of orders drawn at random, (permutations,), sorted."""
    ranks = np.arange(count) - (count - 1) / 2
    rng, same = np.random.default_rng(0), np.tile(ranks, (AT_ONCE, 1))
    drawn = [rng.permuted(same, axis=1) @ ranks for _ in range(PERMUTATIONS // AT_ONCE)]
    return np.sort(np.concatenate(drawn) / (ranks @ ranks)).round(DIGITS)


def _no_width(values: np.ndarray, enough: bool) -> Interval:
    known = enough and np.isfinite(values).all()
    return no_interval(values, 0) if known else EVERYTHING


def _student(values: np.ndarray, alpha: float, scale: float) -> Interval:
    if len(values) < 2 or not np.isfinite(values).all():
        return EVERYTHING
    margin = stats.t.ppf(1 - alpha / 2, len(values) - 1) * spread(values) * scale
    return centre(values) - margin, centre(values) + margin


def centre(values: np.ndarray) -> float:
    """The mean; of equal values that value itself, without rounding."""
    return float(values[0] if all_equal(values) else values.mean())


def spread(values: np.ndarray) -> float:
    """The standard deviation; of equal values 0, without rounding."""
    return 0.0 if all_equal(values) else float(values.std(ddof=1))


def all_equal(values: np.ndarray) -> bool:
    """Whether there are values, and no two that differ."""
    return bool(len(values)) and bool((values == values[0]).all())
