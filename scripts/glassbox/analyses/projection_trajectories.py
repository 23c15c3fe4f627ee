"""Maps that are followed over layers or over checkpoints (rauber2017 Figs 10 and 11).

A number for what such trails show: how far examples of one class and of two are apart, in the map
and in the space that it is of. Since maps and layers have no common scale, both distances are taken
over the root mean square of all. That between classes can fall although classes part, where some
pairs of them are far apart and others near; the ratio of both says it in one number.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from glassbox.analyses.mapped import LAYER, MAP
from glassbox.analyses.neighbourhoods import label_hit, nearest_neighbours
from glassbox.analyses.projections import aligned_maps, axes_of
from glassbox.errors import GlassboxError

WITHIN, BETWEEN, RATIO = "within", "between", "ratio"
HIT, DIVERGENCE = "hit", "divergence"
AS_KEPT = -1  # the epoch of a network as training kept it
ROWS = 1024  # whose distances are in memory at once


@dataclass(frozen=True)
class Step:
    """What is mapped at one step: a layer by name and depth, an epoch, and its values, once asked.

    values: makes (n, d), of the same n examples at every step.
    """

    layer: str
    depth: int
    epoch: int
    values: Callable[[], np.ndarray]


def projection_trajectories(
    steps: Sequence[Step],
    ids: np.ndarray,
    labels: np.ndarray,
    *,
    seed: int,
    perplexity: float,
    neighbours: int,
    progress: Callable[[Sequence[Step]], Iterable[Step]] = iter,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Where examples (n,) lie in maps that start each from the one before, and how classes part.

    Columns of the places: step, layer, depth, epoch, example_id, label, x and y; of the measures:
    step, layer, depth, epoch, space ("layer" or "map"), measure (within, between, ratio, hit, and
    of a map its divergence) and value. Raises GlassboxError without any step.
    """
    if not steps:
        raise GlassboxError("there is no layer to map: the network has no hidden one")
    values, places, measures = (), [], []

    def each() -> Iterable[np.ndarray]:
        nonlocal values
        for step in progress(steps):
            values = step.values()
            yield values

    for number, found in enumerate(aligned_maps(each(), seed, perplexity)):
        step = steps[number]
        of = {"step": number, "layer": step.layer, "depth": step.depth, "epoch": step.epoch}
        told = {**of, "example_id": ids, "label": labels}
        places.append(pd.DataFrame({**told, **axes_of(found.places)}))
        rows = [(MAP, DIVERGENCE, found.divergence)]
        for space, points in ((LAYER, values), (MAP, found.places)):
            rows += [(space, *row) for row in _measures(points, labels, neighbours)]
        frame = pd.DataFrame(rows, columns=["space", "measure", "value"])
        measures.append(frame.assign(**of)[[*of, *frame]])
    return pd.concat(places, ignore_index=True), pd.concat(measures, ignore_index=True)


def _measures(
    points: np.ndarray, labels: np.ndarray, neighbours: int
) -> Iterable[tuple[str, float]]:
    within, between = class_distances(points, labels)
    hit = label_hit(nearest_neighbours(points, neighbours), labels).mean()
    yield from ((WITHIN, within), (BETWEEN, between), (RATIO, within / between), (HIT, hit))


def class_distances(points: np.ndarray, labels: np.ndarray) -> tuple[np.float64, np.float64]:
    """The mean distance of two points (n, d) of one class, and of two classes, without scale.

    Over the root mean square of all distances. NaN where all points are one, or there are no two
    of one class or of two.
    """
    cloud = np.asarray(points, np.float64)
    cloud = cloud - cloud.mean(axis=0)
    squares = np.einsum("ij,ij->i", cloud, cloud)
    sums, counts = np.zeros(2), np.zeros(2)
    for start in range(0, len(cloud), ROWS):
        here = np.arange(start, min(start + ROWS, len(cloud)))
        square = squares[here, None] + squares - 2 * (cloud[here] @ cloud.T)
        same = labels[here, None] == labels
        square[here - start, here] = 0
        apart = np.sqrt(np.maximum(square, 0, out=square), out=square)
        whole, own = apart.sum(), apart[same].sum()
        sums += own, whole - own
        counts += same.sum() - len(here), (~same).sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.sqrt(2 * squares.sum() / (len(cloud) - 1))
        within, between = sums / counts / scale
    return within, between
