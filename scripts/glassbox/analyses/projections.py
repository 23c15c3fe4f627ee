"""Two-dimensional maps of examples or activations by t-SNE (van der Maaten and Hinton 2008)."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from openTSNE import TSNE
from threadpoolctl import threadpool_limits

from glassbox.activations import Activations
from glassbox.analyses.neighbourhoods import neighbourhood_measures
from glassbox.analyses.points import Points
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


def projections(
    activations: Activations,
    points: Points,
    *,
    perplexity: float,
    neighbours: int,
    seeds: Callable[[int], int],
    progress: Callable[[range], Iterator[int]] = iter,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Maps of some examples in every layer, and the neighbourhoods in these maps.

    seeds: of each map, by its layer's depth. Columns of maps: layer, depth, example_id, label,
    origin_label, x and y; of neighbourhoods: those of `neighbourhoods`, space being "map".
    """
    maps, hits = [], []
    for depth in progress(range(len(activations.layers))):
        layer = activations.layers[depth]
        of = {"layer": layer.name, "depth": depth}
        places = project(activations[layer.name][points.rows], seeds(depth), perplexity)
        ids = activations.examples.ids[points.rows]
        maps.append(pd.DataFrame({**of, "example_id": ids, **points.labels, **_axes(places)}))
        measures = neighbourhood_measures(places, points.labels, neighbours)
        hits.append(measures.assign(**of, space="map"))
    return pd.concat(maps), pd.concat(hits)


def _axes(places: np.ndarray) -> dict[str, np.ndarray]:
    return {"x": places[:, 0], "y": places[:, 1]}
