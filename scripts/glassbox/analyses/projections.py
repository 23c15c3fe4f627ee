"""Two-dimensional maps of examples or activations, and the neighbourhoods in them.

By t-SNE (van der Maaten and Hinton 2008), or by metric multidimensional scaling (see `scaling`).
A map may start from another that is near, so that a series of maps can be followed by eye (Rauber
et al. 2016, "Visualizing time-dependent data using dynamic t-SNE", asks the same of one descent).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from openTSNE import TSNE, TSNEEmbedding
from openTSNE.affinity import PerplexityBasedNN
from threadpoolctl import threadpool_limits

from glassbox.activations import Activations
from glassbox.analyses.mapped import T_SNE
from glassbox.analyses.neighbourhoods import neighbourhood_measures
from glassbox.analyses.points import Points
from glassbox.analyses.scaling import euclidean_distances, metric_scaling
from glassbox.errors import GlassboxError
from glassbox.models.layers import Layer

# Of a map that starts from one that is near, by measurement: benchmarks/projections.py.
NEAR = 1.0  # its standard deviation along an axis at the start
FEW = 1000  # points below which more momentum drives them apart
MANY = 10_000  # points from which interpolation takes less time than Barnes-Hut, as openTSNE has it
PERPLEXITY = 30.0  # the usual value; chen2017 and rauber2017 name none


def project(values: np.ndarray, seed: int, perplexity: float = PERPLEXITY) -> np.ndarray:
    """A t-SNE map of values (n, d), which start from their principal components: (n, 2) float32.

    The same seed gives the same map on the same type of machine, whatever the number of threads.
    Raises GlassboxError where there are too few points for the perplexity, three times as many
    being needed.
    """
    return np.asarray(_first(values, seed, perplexity), np.float32)


def scaled(values: np.ndarray, seed: int) -> np.ndarray:
    """A map of values (n, d) by metric scaling of their Euclidean distances: (n, 2) float32."""
    return metric_scaling(euclidean_distances(values), seed).places.astype(np.float32)


@dataclass(frozen=True)
class Map:
    """A t-SNE map (n, 2) float32, and its divergence from the similarities that it shows."""

    places: np.ndarray
    divergence: float


def aligned_maps(
    series: Iterable[np.ndarray], seed: int, perplexity: float = PERPLEXITY
) -> Iterator[Map]:
    """The t-SNE map of each of some values (n, d), of the same n points in the same order.

    The first is that of `project`; each later one starts from the one before. Raises GlassboxError
    as `project` does.
    """
    before = None
    for values in series:
        if before is None:
            before = _first(values, seed, perplexity)
        else:
            before = _next(values, np.asarray(before), seed, perplexity)
        yield Map(np.asarray(before, np.float32), float(before.kl_divergence))


def _first(values: np.ndarray, seed: int, perplexity: float) -> TSNEEmbedding:
    if len(values) <= 3 * perplexity:
        raise GlassboxError(
            f"t-SNE of {len(values)} points with perplexity {perplexity:g} can't be made: it takes "
            f"more than three points per unit of perplexity\n"
            f"  what to do: lower the perplexity, or project more points"
        )
    method = TSNE(perplexity=perplexity, random_state=seed, n_jobs=1)
    # It starts from principal components, whose last digits depend on the threads of products.
    with threadpool_limits(1):
        return method.fit(np.asarray(values, np.float64))


def _next(values: np.ndarray, start: np.ndarray, seed: int, perplexity: float) -> TSNEEmbedding:
    """The map that starts from another, which is shrunk so that points can pass each other."""
    drawn = {"n_jobs": 1, "random_state": seed}
    with threadpool_limits(1):
        wanted = PerplexityBasedNN(
            np.asarray(values, np.float64), perplexity, method="exact", **drawn
        )
        way = "bh" if len(values) < MANY else "fft"
        found = TSNEEmbedding(
            start * (NEAR / start.std()), wanted, negative_gradient_method=way, **drawn
        )
        for steps in _descent(len(values)):
            found.optimize(**steps, inplace=True)
    return found


def _descent(points: int) -> list[dict]:
    """The steps of a map that starts from one that is near."""
    momentum = 0.9 if points < FEW else 0.95
    return [
        {"n_iter": 50, "exaggeration": 12, "momentum": 0.8},
        {"n_iter": 230, "exaggeration": None, "momentum": momentum},
    ]


def projections(
    activations: Activations,
    draws: Sequence[Points],
    *,
    methods: Sequence[str],
    perplexity: float,
    neighbours: Sequence[int],
    layers: Collection[str] | None,
    maps: int,
    seed: Callable[[int, int, int], int],
    progress: Callable[[Sequence[Layer]], Iterable[Layer]] = iter,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Maps of some examples in every layer or in some, and the neighbourhoods in these maps.

    draws: of the examples. methods: "t-sne" and "mds"; maps: how many by each of each draw and
    layer, each with the `seed` of its layer's depth, its number and that of its draw. Columns of
    maps: layer, depth, projection (the method), draw, seed (the map's number), example_id, label,
    origin_label, x and y; of neighbourhoods: those of `neighbourhood_measures` beside layer, depth,
    projection, draw, seed and space, which is "map".
    """
    made, hits = [], []
    ids = activations.examples.ids
    for layer in progress(activations.among(layers)):
        whole = activations[layer.name]
        for draw, method, number in product(range(len(draws)), methods, range(maps)):
            points, own = draws[draw], seed(layer.depth, number, draw)
            of = {"layer": layer.name, "depth": layer.depth}
            of |= {"projection": method, "draw": draw, "seed": number}
            values = whole[points.rows]
            places = project(values, own, perplexity) if method == T_SNE else scaled(values, own)
            told = {**of, "example_id": ids[points.rows], **points.labels}
            made.append(pd.DataFrame({**told, **axes_of(places)}))
            measures = neighbourhood_measures(places, points.labels, neighbours)
            hits.append(measures.assign(**of, space="map"))
    return pd.concat(made), pd.concat(hits)


def axes_of(places: np.ndarray) -> dict[str, np.ndarray]:
    """A map (n, 2) as columns."""
    return {"x": places[:, 0], "y": places[:, 1]}
