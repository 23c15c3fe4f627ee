"""How well a score tells normal inputs from odd ones (lee2019 §3.4), and scores to compare with.

A score is high where an input is odd.
"""

from dataclasses import dataclass

import numpy as np
import torch
from scipy.special import softmax

CUTOFF = 1e-6  # eigenvalues of a covariance below this share of the largest are taken as 0


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


def softmax_oddness(logits: np.ndarray) -> np.ndarray:
    """One less the maximum softmax probability of logits (n, classes)."""
    return 1 - softmax(logits.astype(np.float64), axis=1).max(axis=1)


def neighbour_oddness(cosines: np.ndarray) -> np.ndarray:
    """One less the mean cosine to the nearest patterns, cosines (..., n, k)."""
    return 1 - cosines.mean(axis=-1)


@dataclass(frozen=True)
class Mahalanobis:
    """Distance to the nearest class mean under one covariance for all (Lee et al. 2018, Eq. 2).

    means: (classes, d). whitening: (d, r), of the r directions in which patterns vary at all.
    """

    means: torch.Tensor
    whitening: torch.Tensor

    @classmethod
    def fit(
        cls, patterns: np.ndarray, answers: np.ndarray, device: torch.device, rows: int = 4096
    ) -> "Mahalanobis":
        """From training patterns (n, d) and the network's answers to them (n,)."""
        width, present = patterns.shape[1], np.unique(answers)
        means = torch.stack(
            [
                torch.from_numpy(patterns[answers == label].mean(axis=0, dtype=np.float64))
                for label in present
            ]
        ).to(device)
        place = torch.from_numpy(np.searchsorted(present, answers)).to(device)
        covariance = torch.zeros(width, width, dtype=torch.float64, device=device)
        for start in range(0, len(patterns), rows):
            block = torch.from_numpy(patterns[start : start + rows]).to(device)
            centred = (block - means[place[start : start + rows]]).float()
            covariance += centred.T @ centred
        values, vectors = torch.linalg.eigh(covariance / len(patterns))
        kept = values > CUTOFF * values[-1]
        return cls(means, vectors[:, kept] / values[kept].sqrt())

    def oddness(self, patterns: np.ndarray) -> np.ndarray:
        """The distance of patterns (n, d) to the nearest mean: (n,)."""
        white = torch.from_numpy(patterns).to(self.means.device).double() @ self.whitening
        return torch.cdist(white, self.means @ self.whitening).amin(1).cpu().numpy()
