"""With which class misclassified examples lie, in a layer or a map (Rauber et al. 2017, Fig. 3).

The neighbours of an example, among all that are looked at, keep the labels that are true of them.
What is compared is the share of an example's nearest that are of the class which it is taken for
with the share that are of its own.
"""

from collections.abc import Collection, Iterator

import numpy as np
import pandas as pd

from glassbox.activations import Activations
from glassbox.analyses.mapped import LAYER, MAP, T_SNE
from glassbox.analyses.neighbourhoods import nearest_neighbours
from glassbox.errors import GlassboxError

NO_MAP = -1  # the draw and the seed of what is none
KEYS = ["layer", "depth", "draw", "seed"]  # of a map
OF = ["layer", "depth", "space", "draw", "seed"]


def misclassified_places(
    activations: Activations,
    rows: np.ndarray,
    neighbours: int,
    maps: pd.DataFrame | None = None,
    layers: Collection[str] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables of some rows (m,) of the examples, in some layers or all, the input included.

    maps: as of `projections`, of which those by t-SNE count. Both tables have the columns layer,
    depth, space (layer or map), draw and seed (of the map; NO_MAP in a layer); the first those of
    `hits_of_wrong`, the second those of `nearby`. Raises GlassboxError for maps of examples that
    there are not.
    """
    labels, answers = activations.examples.labels, activations.answers
    hits, shares = [], []
    for of, there, points in _clouds(activations, rows, maps, layers):
        near = labels[there][nearest_neighbours(points, neighbours).indices]
        hits.append(hits_of_wrong(near, labels[there], answers[there]).assign(**of))
        shares.append(nearby(near, labels[there], answers[there]).assign(**of))
    return _in_front(hits), _in_front(shares)


def _clouds(
    activations: Activations,
    rows: np.ndarray,
    maps: pd.DataFrame | None,
    layers: Collection[str] | None,
) -> Iterator[tuple[dict, np.ndarray, np.ndarray]]:
    """What each cloud is, the rows of its examples, and where they lie."""
    chosen = activations.among(layers)
    for layer in chosen:
        of = {"layer": layer.name, "depth": layer.depth, "space": LAYER}
        yield {**of, "draw": NO_MAP, "seed": NO_MAP}, rows, activations[layer.name][rows]
    if maps is None:
        return
    names = [layer.name for layer in chosen]
    shown = maps[(maps["projection"] == T_SNE) & maps["layer"].isin(names)]
    for key, own in shown.groupby(KEYS, sort=False):
        mapped = _rows_of(activations.examples.ids, own["example_id"].to_numpy())
        places = own[["x", "y"]].to_numpy(np.float64, copy=True)
        yield {**dict(zip(KEYS, key, strict=True)), "space": MAP}, mapped, places


def _rows_of(ids: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """The rows of the examples with some ids."""
    order = ids.argsort()
    places = np.searchsorted(ids[order], wanted).clip(max=len(ids) - 1)
    rows = order[places]
    if (ids[rows] != wanted).any():
        raise GlassboxError(
            f"a map has {(ids[rows] != wanted).sum()} examples that are not among the {len(ids)} "
            "shown: it is of another set"
        )
    return rows


def hits_of_wrong(near: np.ndarray, labels: np.ndarray, answers: np.ndarray) -> pd.DataFrame:
    """The share of neighbours' labels near (n, k) that are the answer, and that are the label.

    Over the misclassified of n examples. Columns: labels (predicted or true), hit (NaN where there
    is no error), errors and count, numbers of examples.
    """
    wrong = answers != labels
    errors = int(wrong.sum())
    rows = [
        (name, (near[wrong] == own[wrong, None]).mean() if errors else np.nan)
        for name, own in (("predicted", answers), ("true", labels))
    ]
    told = pd.DataFrame(rows, columns=["labels", "hit"])
    return told.assign(errors=errors, count=len(labels))


def nearby(near: np.ndarray, labels: np.ndarray, answers: np.ndarray) -> pd.DataFrame:
    """Of which classes the neighbours of each class's right and wrong examples are.

    near: their labels (n, k). Columns: answered (right or wrong), label, near, share (of all
    neighbours of these examples) and count (of these examples); a row per pair of classes that
    occur, where there are such examples.
    """
    known, rows = np.unique(labels).tolist(), []
    for answered, part in (("right", answers == labels), ("wrong", answers != labels)):
        for label in known:
            own = near[part & (labels == label)]
            if len(own):
                rows += [
                    (answered, label, other, (own == other).mean(), len(own)) for other in known
                ]
    return pd.DataFrame(rows, columns=["answered", "label", "near", "share", "count"])


def _in_front(frames: list[pd.DataFrame]) -> pd.DataFrame:
    whole = pd.concat(frames, ignore_index=True)
    return whole[[*OF, *whole.columns.drop(OF)]]
