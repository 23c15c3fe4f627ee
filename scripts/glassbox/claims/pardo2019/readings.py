"""What the claims of pardo2019 are about, and the study's tables as arrays.

A replicate is a trained network with its own autoencoder and estimator. Errors and their estimates
are base-10 logarithms, and the map is the autoencoder's bottleneck (z1, z2).
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from glassbox.analyses.scores import ALL_CLASSES, auroc_by
from glassbox.claims.evidence import Evidence, Missing, Unanswerable
from glassbox.claims.layers import by_label_and_unit

TRAIN, TEST = "{}/train", "{}/test"
NOISY = "{}/noise-"  # the splits of a set of noisy copies, before their deviation
ATTACK, WALK, STRAIGHT = "fgsm", "random-signs", "random-direction"  # splits of a set of paths
ENCODED = {"net2": 3, "net2-quarter": 3, "net2-digits": 3}  # the last hidden layers; else all
MAP = ["z1", "z2"]
NEAREST = 6  # neighbours in the map that count

WRONG = "misclassified example"
TELLS = 0.7  # AUROC from which a score tells
MODERATE = 0.3  # rank correlation
AREA, CORRELATION, ORDERS = "AUROC", "rank correlation", "orders of magnitude"
ACCURACY, EXAMPLES, UNITS = "share of examples", "share of examples", "share of units"

Measure = Callable[[pd.DataFrame], float]


def introspected(evidence: Evidence, method: str, wanted: str) -> pd.DataFrame:
    """What introspection says of each example of a set, of all replicates."""
    return evidence.rows("introspection", "introspection", method=method, set=wanted)


def by_replicate(
    evidence: Evidence, rows: pd.DataFrame, measure: Measure, *models: str
) -> np.ndarray:
    """A measure of the rows of each replicate, (replicates,)."""
    values = {replicate: measure(own) for replicate, own in rows.groupby("replicate")}
    return evidence.per_replicate(pd.Series(values, dtype=float), *models)


def of_all(evidence: Evidence, method: str, wanted: str, measure: Measure) -> np.ndarray:
    """A measure of the examples of a set, (replicates,)."""
    return by_replicate(evidence, introspected(evidence, method, wanted), measure, method)


def where_wrong(evidence: Evidence, method: str, wanted: str, measure: Measure) -> np.ndarray:
    """A measure of a set's examples, of replicates that answer some wrongly: (replicates,)."""
    rows = introspected(evidence, method, wanted)
    err = having(evidence, rows, ~rows["right"].astype(bool), WRONG, method)
    return by_replicate(evidence, rows, measure, method)[err]


def having(
    evidence: Evidence, rows: pd.DataFrame, wanted: pd.Series, what: str, method: str
) -> np.ndarray:
    """Which replicates have a row that is wanted, (replicates,); those without any row count, too.

    Unanswerable, with what they are in words, if no replicate has one.
    """
    found = by_replicate(
        evidence, rows.assign(wanted=wanted), lambda own: own["wanted"].any(), method
    )
    if not (found == 1).any():
        raise Unanswerable(f"{what} of {method}")
    return found != 0


def accuracy(evidence: Evidence, method: str, wanted: str) -> np.ndarray:
    """The share of the examples of a set that are answered rightly, (replicates,)."""
    return of_all(evidence, method, wanted, lambda own: own["right"].mean())


def scores(evidence: Evidence, method: str, wanted: str, measure: str) -> pd.DataFrame:
    """How well each score tells misclassified examples: replicates that err by scores."""
    rows = evidence.rows(
        "misclassification", "misclassification", method=method, set=wanted, label=ALL_CLASSES
    )
    found = rows[rows["measure"] == measure]
    table = found.pivot(index="replicate", columns="score", values="value")
    table = table.reindex(range(evidence.count(method)))
    wrong = rows[rows["measure"] == "wrong"]
    return table[having(evidence, wrong, wrong["value"] > 0, WRONG, method)]


def score(table: pd.DataFrame, name: str) -> np.ndarray:
    """One score of those, (replicates,); Missing where it is not there."""
    if name not in table:
        raise Missing(f'score "{name}"')
    return table[name].to_numpy()


def told_by(column: str) -> Measure:
    """How well a column tells the rows that are `odd`."""
    return lambda rows: auroc_by(rows[column].to_numpy(), rows["odd"].to_numpy(bool))


def expected(evidence: Evidence, method: str, wanted: str, column: str) -> list[np.ndarray]:
    """Expected activations of each hidden layer, (replicates, labels, units), in their order.

    column: `mean` over the examples of a label, `mean_0` and `mean_1` over two halves of them, or
    what is `decoded`.
    """
    rows = evidence.rows(
        "expected_patterns", "expected activation patterns", method=method, set=wanted
    )
    count = evidence.count(method)
    return [by_label_and_unit(layer, column, count) for _, layer in rows.groupby("depth")]


def centres(rows: pd.DataFrame, column: str = "label") -> pd.DataFrame:
    """The mean place in the map of each class, by the label or the answer: classes by z1, z2."""
    return rows.groupby(column)[MAP].mean()


def mean_distance(points: np.ndarray) -> float:
    """The mean distance of two of points (n, 2)."""
    apart = np.linalg.norm(points[:, None] - points, axis=2)
    return float(apart.sum() / (len(points) * (len(points) - 1)))
