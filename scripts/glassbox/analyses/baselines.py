"""How odd an input is by its pattern in one layer: what any other method has to be better than.

A detector is fitted on the patterns of training examples in one layer of any model and on what the
model answers to them. Its oddness is high where a pattern is unlike those. The linear probe is one
too, see `probes`.
"""

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
import torch
from scipy.special import softmax

from glassbox.analyses.covariance import ROWS, covariance
from glassbox.analyses.nearest import MostActive, nearest_patterns
from glassbox.errors import GlassboxError

CUTOFF = 1e-6  # eigenvalues of a covariance below this share of the largest are taken as 0


class Detector(Protocol):
    """What tells odd inputs from others by their patterns in one layer."""

    @classmethod
    def fit(cls, patterns: np.ndarray, answers: np.ndarray, device: torch.device) -> Self:
        """From training patterns (n, d) float32 and the network's answers to them (n,) int64."""
        ...

    def oddness(self, patterns: np.ndarray) -> np.ndarray:
        """Of patterns (m, d) float32: (m,) float64, high for an odd one."""
        ...


@dataclass(frozen=True)
class MaximumSoftmax:
    """One less the maximum softmax probability (Hendrycks and Gimpel 2017).

    Patterns are logits, and nothing is fitted.
    """

    @classmethod
    def fit(cls, patterns: np.ndarray, answers: np.ndarray, device: torch.device) -> Self:
        """The detector; nothing is fitted."""
        return cls()

    def oddness(self, logits: np.ndarray) -> np.ndarray:
        """Of logits (m, classes): (m,), from 0 to 1 - 1 / classes."""
        return 1 - softmax(logits.astype(np.float64), axis=1).max(axis=1)


@dataclass(frozen=True)
class NearestPatterns:
    """One less the mean cosine to the nearest training patterns (as in Sun et al. 2022).

    patterns: (n, d), those of training. neighbours: how many are the nearest.
    """

    patterns: np.ndarray
    neighbours: int
    device: torch.device

    @classmethod
    def fit(
        cls, patterns: np.ndarray, answers: np.ndarray, device: torch.device, neighbours: int = 3
    ) -> Self:
        """Keep training patterns (n, d); raises GlassboxError for fewer than `neighbours`."""
        if len(patterns) < neighbours:
            raise GlassboxError(
                f"cannot find {neighbours} neighbours among {len(patterns)} patterns"
            )
        return cls(patterns, neighbours, device)

    def nearest(self, patterns: np.ndarray) -> MostActive:
        """The training patterns nearest to patterns (m, d), as nodes of a single library."""
        return nearest_patterns(patterns, self.patterns, self.neighbours, self.device)

    def oddness(self, patterns: np.ndarray) -> np.ndarray:
        """Of patterns (m, d): (m,), from 0 to 2."""
        return 1 - self.nearest(patterns).cosines[0].mean(axis=-1)


@dataclass(frozen=True)
class Mahalanobis:
    """Distance to the nearest class mean under one covariance for all (Lee et al. 2018, Eq. 2).

    means: (classes, d). whitening: (d, r), of the r directions in which patterns vary at all.
    """

    means: torch.Tensor
    whitening: torch.Tensor

    @classmethod
    def fit(
        cls, patterns: np.ndarray, answers: np.ndarray, device: torch.device, rows: int = ROWS
    ) -> Self:
        """From training patterns (n, d) and the network's answers to them (n,)."""
        present = np.unique(answers)
        means = torch.stack([_mean(patterns[answers == label]) for label in present]).to(device)
        place = torch.from_numpy(np.searchsorted(present, answers)).to(device)
        values, vectors = torch.linalg.eigh(covariance(patterns, means, place, rows))
        kept = values > CUTOFF * values[-1]
        return cls(means, vectors[:, kept] / values[kept].sqrt())

    def oddness(self, patterns: np.ndarray) -> np.ndarray:
        """The distance of patterns (m, d) to the nearest mean: (m,)."""
        white = torch.from_numpy(patterns).to(self.means.device).double() @ self.whitening
        return torch.cdist(white, self.means @ self.whitening).amin(1).cpu().numpy()


@dataclass(frozen=True)
class PrincipalComponents:
    """Distance from the plane of the leading principal components of training patterns.

    mean: (d,). axes: (d, c), of length 1, in increasing order of the variance along them.
    """

    mean: torch.Tensor
    axes: torch.Tensor

    @classmethod
    def fit(
        cls,
        patterns: np.ndarray,
        answers: np.ndarray,
        device: torch.device,
        components: int = 2,
        rows: int = ROWS,
    ) -> Self:
        """From training patterns (n, d); raises GlassboxError for none or too many components."""
        if not 0 < components <= patterns.shape[1]:
            raise GlassboxError(f"cannot find {components} components of {patterns.shape[1]} units")
        mean = _mean(patterns).to(device)
        place = torch.zeros(len(patterns), dtype=torch.int64, device=device)
        found = covariance(patterns, mean[None], place, rows)
        return cls(mean, torch.linalg.eigh(found).eigenvectors[:, -components:])

    def kept(self, patterns: np.ndarray, components: int) -> np.ndarray:
        """What the mean and so many leading components make of patterns (m, d): (m, d) float32."""
        axes = self.axes[:, self.axes.shape[1] - components :]
        centred = torch.from_numpy(patterns).to(self.mean.device) - self.mean
        return (self.mean + centred @ axes @ axes.T).float().cpu().numpy()

    def oddness(self, patterns: np.ndarray) -> np.ndarray:
        """The norm of what the components leave of patterns (m, d): (m,), in their unit."""
        centred = torch.from_numpy(patterns).to(self.mean.device) - self.mean
        return (centred - centred @ self.axes @ self.axes.T).norm(dim=1).cpu().numpy()


def _mean(patterns: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(patterns.mean(axis=0, dtype=np.float64))
