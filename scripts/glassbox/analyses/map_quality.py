"""How far maps keep classes apart and neighbours together (pardo2019 §3.1).

Examples that a map was not found on are asked: for the training examples near them, as the
neighbourhood hit (Rauber et al. 2017, there among examples of one set) and as a vote; and whether
those that are near each other in the map are so in the hidden vector, as trustworthiness (Venna and
Kaski 2001).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from sklearn.manifold import trustworthiness

from glassbox.analyses.neighbourhoods import nearest_among
from glassbox.analyses.spaces import Space
from glassbox.errors import GlassboxError

NEIGHBOURS = 6  # of the hit, and of trustworthiness
VOTERS = 10


def map_quality(
    spaces: Mapping[str, Space],
    training_labels: np.ndarray,
    labels: np.ndarray,
    hidden: np.ndarray,
    rows: np.ndarray,
) -> pd.DataFrame:
    """Measures of spaces that all have the same training examples, and show the same others.

    training_labels: (p,). labels: (n,). hidden: (n, d), the vectors of what is shown, of which some
    `rows` are compared for trustworthiness, which takes the square of their number. Columns: space,
    measure (hit, knn accuracy, trustworthiness), value; the space "hidden" has no trustworthiness.
    """
    found = []
    for name, space in spaces.items():
        measured = labels_nearby(space, training_labels, labels)
        if name != "hidden":
            measured["trustworthiness"] = kept_neighbours(hidden[rows], space.shown[rows])
        found += [(name, measure, value) for measure, value in measured.items()]
    return pd.DataFrame(found, columns=["space", "measure", "value"])


def labels_nearby(
    space: Space, training_labels: np.ndarray, labels: np.ndarray
) -> dict[str, float]:
    """The hit of the nearest training examples, and the accuracy of the vote of more of them.

    The lowest label wins a vote that is equal.
    """
    near = training_labels[nearest_among(space.training, space.shown, VOTERS).indices]
    known = np.unique(training_labels)
    votes = np.stack([(near == label).sum(axis=1) for label in known], axis=1)
    told = known[votes.argmax(axis=1)]
    hit = (near[:, :NEIGHBOURS] == labels[:, None]).mean()
    return {"hit": float(hit), "knn accuracy": float((told == labels).mean())}


def kept_neighbours(hidden: np.ndarray, places: np.ndarray) -> float:
    """The trustworthiness of places (n, 2) as a map of vectors (n, d).

    Raises GlassboxError where there are not more than twice as many examples as neighbours.
    """
    if len(places) <= 2 * NEIGHBOURS:
        raise GlassboxError(
            f"the trustworthiness of a map needs more than {2 * NEIGHBOURS} examples; found "
            f"{len(places)}"
        )
    return float(trustworthiness(hidden, places, n_neighbors=NEIGHBOURS))
