"""Clusters within classes, and what taking edges does to them (Figs 6 to 8, slide H4)."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from glassbox.claims.evidence import Evidence, Missing, paired, where
from glassbox.claims.hypotheses import REPORTED, above, below
from glassbox.claims.judging import claim
from glassbox.claims.rauber2017.accuracies import SHARE, accuracy
from glassbox.claims.verdicts import Comparison, counted

TEST = "{}/test"
TWO_PEAKS = 2.0  # deviations from which two equal Gaussians have two peaks
TELLS = 0.8  # AUROC from which clusters are those of dark and bright
NO_LONGER = 0.6  # AUROC up to which they are not
NEARLY_ALL = 0.95
NATS, AREA, DEVIATIONS = "nats per example", "AUROC", "standard deviations"
BY_PIXELS = "auroc-pixels"

Network = Mapping[str, str]  # method: its name, data: the set that it is trained for


@claim("R-C06")
def two_clusters_per_class(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """R-C06: each class has two clusters, of dark on bright and of bright on dark (Fig. 6)."""
    told = {name: by_class(evidence, method, data, name) for name in ("second", BY_PIXELS)}
    apart, third, lesser = (
        _mean(by_class(evidence, method, data, name)) for name in ("separation", "third", "share")
    )
    return [
        Comparison(
            "likelihood held out, two Gaussians minus one, the class with the least",
            told["second"].min(axis=1),
            above(0),
            NATS,
        ),
        Comparison("distance of the two", apart, above(TWO_PEAKS), DEVIATIONS),
        Comparison("membership against polarity", _mean(told[BY_PIXELS]), above(TELLS), AREA),
        Comparison(
            "the same, the class with the least", told[BY_PIXELS].min(axis=1), REPORTED, AREA
        ),
        Comparison("likelihood held out, three Gaussians minus two", third, REPORTED, NATS),
        Comparison("examples in the lesser of the two", lesser, REPORTED, SHARE),
    ]


@claim("R-C06 (polarity)")
def polarity_is_told(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """R-C06 (polarity): pixels tell which digits are inverted (a control)."""
    rows = evidence.rows(
        "class_clusters.members", "polarity", method=method, set=TEST.format(data), replicate=0
    )
    if "inverted" not in rows:
        raise Missing("examples that are known to be inverted")
    own = rows.drop_duplicates("example_id")
    right = (own["polarity"] > 0) == (own["inverted"] == 0)
    shares = np.array([right.mean()])
    return [counted("told rightly", shares, len(own), above(NEARLY_ALL), SHARE)]


@claim("R-C08")
def edges_merge_clusters(
    evidence: Evidence, method: str, data: str, edges: Sequence[Network]
) -> list[Comparison]:
    """R-C08: edges are told better than images, and have one cluster per class (slide H4)."""
    best = chosen(evidence, edges)
    plain = {"method": method, "data": data}
    right, right_plain = paired(
        *(accuracy(evidence, each["method"], TEST.format(each["data"])) for each in (best, plain))
    )
    areas = [_mean(by_class(evidence, **each, measure=BY_PIXELS)) for each in (best, plain)]
    gains = [_mean(by_class(evidence, **each, measure="second")) for each in (best, plain)]
    (area, area_plain), (gain, gain_plain) = paired(*areas), paired(*gains)
    what = "membership against polarity"
    return [
        Comparison("accuracy, edges minus images", right - right_plain, above(0), SHARE),
        Comparison(f"{what}, edges minus images", area - area_plain, below(0), AREA),
        Comparison(f"{what}, edges", areas[0], below(NO_LONGER), AREA),
        Comparison(
            "likelihood held out, two Gaussians minus one, edges minus images",
            gain - gain_plain,
            below(0),
            NATS,
        ),
    ]


def chosen(evidence: Evidence, networks: Sequence[Network]) -> Network:
    """The network of those that the study has, that is right most often on validation images.

    By the mean over replicates at the end of training; of equal ones the first. Raises Missing
    where there is none.
    """
    history = evidence.table("training.history")
    known = set(history["method"]) if len(history) else set()
    made = [each for each in networks if each["method"] in known]
    if not made:
        raise Missing(f"training of {networks[0]['method']}")
    return max(made, key=lambda each: _validated(where(history, method=each["method"])))


def _validated(history: pd.DataFrame) -> float:
    last = history.loc[history.groupby("replicate")["epoch"].idxmax()]
    return float(last["validation_accuracy"].mean())


def by_class(evidence: Evidence, method: str, data: str, measure: str) -> np.ndarray:
    """A measure of clusters in the deepest layer that is looked at: (replicates, classes)."""
    rows = evidence.rows(
        "class_clusters", "clusters", method=method, set=TEST.format(data), measure=measure
    )
    deepest = rows[rows["depth"] == rows["depth"].max()]
    table: pd.DataFrame = deepest.pivot(index="replicate", columns="label", values="value")
    return evidence.per_replicate(table, method)


def _mean(values: np.ndarray) -> np.ndarray:
    """Over classes."""
    return values.mean(axis=1)
