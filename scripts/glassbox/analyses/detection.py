"""How well a score that is high for odd inputs tells them from normal ones (lee2019 §3.4)."""

import numpy as np


def auroc(normal: np.ndarray, odd: np.ndarray) -> float:
    """The probability that an odd input scores above a normal one, ties counting half."""
    return float(_wins(normal, odd).mean())


def auroc_interval(
    normal: np.ndarray,
    odd: np.ndarray,
    rng: np.random.Generator,
    paired: bool,
    resamples: int = 1000,
    confidence: float = 0.95,
) -> tuple[float, float]:
    """The bootstrap's percentile interval for the AUROC.

    paired: odd inputs were made from the normal ones in the same order, and images are drawn
    together with what became of them.
    """
    wins = _wins(normal, odd)
    ours = rng.multinomial(len(normal), np.full(len(normal), 1 / len(normal)), resamples)
    share = np.full(len(odd), 1 / len(odd))
    theirs = ours if paired else rng.multinomial(len(odd), share, resamples)
    drawn = ((ours @ wins) * theirs).sum(axis=1) / wins.size
    low, high = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def _wins(normal: np.ndarray, odd: np.ndarray) -> np.ndarray:
    """Whether each odd score is above each normal one, half for a tie: (normal, odd)."""
    above = odd > normal[:, None]
    return above + 0.5 * (odd == normal[:, None])
