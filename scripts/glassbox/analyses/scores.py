"""How well scores tell odd examples from others, and how two of them go together; no torch."""

import numpy as np

ALL_CLASSES = -1  # the label of what is measured over all classes


def auroc_of(normal: np.ndarray, odd: np.ndarray) -> float:
    """The probability that an odd score (m,) is above a normal one (n,), ties counting half."""
    ordered = np.sort(normal)
    below, up_to = (np.searchsorted(ordered, odd, side).sum() for side in ("left", "right"))
    return float((below + up_to) / 2 / (len(normal) * len(odd)))


def auroc_by(scores: np.ndarray, is_odd: np.ndarray) -> float:
    """The same of scores (n,) of which some are odd, (n,) bool; NaN where all are, or none is."""
    if is_odd.all() or not is_odd.any():
        return float("nan")
    return auroc_of(scores[~is_odd], scores[is_odd])


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Spearman's correlation of two arrays (n,); 0 where one of them is constant."""
    from scipy import stats  # slow, and of no use to those who ask for an AUROC

    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return 0.0
    return float(stats.spearmanr(one, other).statistic)
