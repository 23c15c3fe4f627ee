"""Two-dimensional maps of examples or activations by t-SNE (van der Maaten and Hinton 2008)."""

import numpy as np
from openTSNE import TSNE
from threadpoolctl import threadpool_limits

from glassbox.errors import GlassboxError

PERPLEXITY = 30.0  # the usual value; chen2017 names none


def project(values: np.ndarray, seed: int, perplexity: float = PERPLEXITY) -> np.ndarray:
    """A t-SNE map of values (n, d), which start from their principal components: (n, 2) float32.

    The same seed gives the same map on the same type of machine, whatever the number of threads.
    Raises GlassboxError where there are too few points for the perplexity, three times as many
    being needed.
    """
    if len(values) <= 3 * perplexity:
        raise GlassboxError(
            f"t-SNE of {len(values)} points with perplexity {perplexity:g} can't be made: it takes "
            f"more than three points per unit of perplexity\n"
            f"  what to do: lower the perplexity, or project more points"
        )
    method = TSNE(perplexity=perplexity, random_state=seed, n_jobs=1)
    # It starts from principal components, whose last digits depend on the threads of products.
    with threadpool_limits(1):
        return np.asarray(method.fit(np.asarray(values, np.float64)), np.float32)


def choose_points(rng: np.random.Generator, count: int, wanted: int | None) -> np.ndarray:
    """Which of `count` examples to show: all, or `wanted` at random, in their order: int64."""
    if wanted is None or wanted >= count:
        return np.arange(count)
    return np.sort(rng.choice(count, wanted, replace=False))
