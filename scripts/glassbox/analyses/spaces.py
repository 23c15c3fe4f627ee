"""Spaces that are found on training examples, and where others lie in them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from openTSNE import TSNEEmbedding
from openTSNE.affinity import PerplexityBasedNN
from threadpoolctl import threadpool_limits

from glassbox.analyses.baselines import ROWS, PrincipalComponents
from glassbox.analyses.projections import project

PLANE, TSNE, HIDDEN = "principal components", "t-SNE", "hidden"
SPACES = (PLANE, TSNE, HIDDEN)


@dataclass(frozen=True)
class Space:
    """Where examples lie in one space.

    rows: (p,), which training examples it holds, in ascending order. training: (p, d), where these
    lie. shown: (n, d), where others do.
    """

    rows: np.ndarray
    training: np.ndarray
    shown: np.ndarray

    @classmethod
    def of_all(cls, training: np.ndarray, shown: np.ndarray) -> "Space":
        """One that holds all training examples."""
        return cls(np.arange(len(training)), training, shown)

    def part(self, rows: np.ndarray) -> "Space":
        """This space with those training examples alone that are of some rows."""
        kept = np.isin(self.rows, rows)
        return Space(self.rows[kept], self.training[kept], self.shown)


def principal_plane(training: np.ndarray, shown: np.ndarray, device: torch.device) -> Space:
    """Vectors (p, d) and others (n, d) by the two leading principal components of the first."""
    found = PrincipalComponents.fit(training, np.zeros(len(training), np.int64), device)

    def placed(vectors: np.ndarray) -> np.ndarray:
        blocks = torch.from_numpy(vectors).split(ROWS)
        centred = (block.to(found.mean.device) - found.mean for block in blocks)
        return torch.cat([each @ found.axes for each in centred]).float().cpu().numpy()

    return Space.of_all(placed(training), placed(shown))


def tsne_map(
    training: np.ndarray, shown: np.ndarray, rows: np.ndarray, seed: int, perplexity: float
) -> Space:
    """A t-SNE map of some rows of vectors (p, d), and where others (n, d) are put in it.

    The map is that of `project`. openTSNE's `transform` puts each of the others near those it is
    nearest to, while these stay where they are (Poličar, Stražar and Zupan 2021).
    """
    mapped = np.asarray(training[rows], np.float64)
    start = project(mapped, seed, perplexity)
    settings = {"n_jobs": 1, "random_state": seed}
    with threadpool_limits(1):
        embedding = TSNEEmbedding(
            start, PerplexityBasedNN(mapped, perplexity, **settings), **settings
        )
        placed = embedding.transform(np.asarray(shown, np.float64))
    # `transform` centres the map that it puts others into, so it is read afterwards.
    return Space(rows, np.asarray(embedding, np.float32), np.asarray(placed, np.float32))


def training_spaces(
    training: np.ndarray,
    shown: np.ndarray,
    rows: np.ndarray,
    *,
    seed: int,
    perplexity: float,
    device: torch.device,
    names: Sequence[str] = SPACES,
) -> dict[str, Space]:
    """Where hidden vectors (p, d) and others (n, d) lie, by the name of the space.

    The plane of two principal components, a t-SNE map of the training examples of some rows, and
    the vectors as they are, as far as they are named.
    """
    made = {
        PLANE: lambda: principal_plane(training, shown, device),
        TSNE: lambda: tsne_map(training, shown, rows, seed, perplexity),
        HIDDEN: lambda: Space.of_all(training, shown),
    }
    return {name: made[name]() for name in names}
