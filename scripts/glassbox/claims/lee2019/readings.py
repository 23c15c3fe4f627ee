"""What the claims of lee2019 are about, and the study's tables as arrays.

A replicate is a trained network; of ResNet44, which is one given network, it is an order of the
data that libraries are built in. What holds of given images or of one network without any draw is
exact.
"""

import numpy as np
import pandas as pd

from glassbox.claims.evidence import Evidence, Missing, where

RESNET = "resnet44"
NETWORKS = {
    "lenet": ("CN1", "CN2", "FC1", "FC2"),
    "lenet-digits": ("CN1", "CN2", "FC1", "FC2"),
    RESNET: ("CN1", "CL1", "CL2", "CL3", "FC"),
}

# Of a layer's two confusion matrices: as printed, and for the digits where libraries are as large.
CONFUSED = {
    "lenet": {layer: (0.65, 0.75) for layer in NETWORKS["lenet"]},
    "lenet-digits": {
        "CN1": (0.875, 0.927),
        "CN2": (0.917, 0.949),
        "FC1": (0.930, 0.953),
        "FC2": (0.696, 0.844),
    },
}

HALF = 0.5
SHARE, AREA = "share of test examples", "AUROC"


def by_threshold(evidence: Evidence, method: str, layer: str, measure: str) -> pd.DataFrame:
    """A measure of libraries: a row per replicate, a column per threshold, in order."""
    rows = evidence.rows("libraries", "libraries", method=method, layer=layer)
    rows = rows[rows["measure"] == measure]
    axis = "replicate"
    if method == RESNET:
        axis = "variant"
        rows = rows[(rows["variant"] == "library") | rows["variant"].str.startswith("order=")]
    else:
        rows = rows[rows["variant"] == "library"]
    table = rows.pivot_table(index=axis, columns="threshold", values="value")
    if table.shape[1] < 2:
        raise Missing(f"libraries of {method} of several thresholds")
    return table if axis == "variant" else table.reindex(range(evidence.count(method)))


def highest(evidence: Evidence, method: str, layer: str, measure: str) -> np.ndarray:
    """A measure of the libraries of a layer at its highest threshold: (replicates,)."""
    return by_threshold(evidence, method, layer, measure).iloc[:, -1].to_numpy()


def highest_threshold(evidence: Evidence, method: str, layer: str) -> float:
    """The highest threshold that a layer has libraries of."""
    return by_threshold(evidence, method, layer, "size").columns[-1]


def variant(evidence: Evidence, method: str, layer: str, name: str, measure: str) -> np.ndarray:
    """A measure of a variant of the libraries, at its highest threshold: (replicates,)."""
    rows = evidence.rows(
        "libraries", name, method=method, layer=layer, variant=name, measure=measure
    )
    last = rows.sort_values("threshold").groupby("replicate")["value"].last()
    return evidence.per_replicate(last, method)


def silhouette(evidence: Evidence, method: str, layer: str) -> np.ndarray:
    """The mean silhouette of a layer's patterns by answer: (replicates,)."""
    rows = evidence.rows("silhouettes", "silhouettes", method=method, layer=layer)
    return evidence.per_replicate(rows.set_index("replicate")["silhouette"], method)


def confusion(evidence: Evidence, method: str, layer: str, higher: bool = False) -> np.ndarray:
    """CI (replicates, classes, classes) at the lower or the higher threshold of Fig. 3."""
    threshold = CONFUSED[method][layer][higher]
    rows = evidence.rows("libraries.confusion", "confusion", method=method, layer=layer)
    rows = rows[np.isclose(rows["threshold"], threshold)]
    if rows.empty:
        raise Missing(f"confusion of {method} at {threshold}")
    classes = rows["shown"].max() + 1
    count = evidence.count(method)
    index = pd.MultiIndex.from_product([range(count), range(classes), range(classes)])
    values = rows.set_index(["replicate", "shown", "other"])["value"].reindex(index)
    return values.to_numpy().reshape(count, classes, classes)


def detected(evidence: Evidence, method: str, **wanted: str | float) -> pd.DataFrame:
    """Rows on how well odd inputs are told."""
    rows = where(evidence.table("consistency"), method=method, **wanted)
    if rows.empty:
        raise Missing(f"detection with {method}")
    return rows


def auroc(evidence: Evidence, method: str, **wanted: str | float) -> np.ndarray:
    """AUROC of one detector for one subject: (replicates,)."""
    rows = detected(evidence, method, **wanted).groupby("replicate")["auroc"].mean()
    return evidence.per_replicate(rows, method)


def consistency_of(
    evidence: Evidence, method: str, kind: str, detector: str, thresholds: str
) -> np.ndarray:
    """Mean CPL by one set of thresholds of the inputs of one kind: (replicates,)."""
    rows = evidence.rows(
        "consistency.scores", "consistency", method=method, kind=kind, detector=detector
    )
    rows = where(rows, thresholds=thresholds)
    if rows.empty:
        raise Missing(f"consistency of {method}")
    return evidence.per_replicate(rows.groupby("replicate")["consistency"].mean(), method)


def of_patterns(evidence: Evidence, method: str, layer: str, measure: str) -> float:
    """What is counted or measured of a layer's patterns, whatever the replicate."""
    return float(variant(evidence, method, layer, "patterns", measure)[0])
