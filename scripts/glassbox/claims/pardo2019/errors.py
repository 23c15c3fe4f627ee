"""Where errors lie in the map, and how well their estimates tell them (§2.7, §3.1, §3.3, §3.6)."""

from functools import partial
from itertools import combinations

import numpy as np
import pandas as pd

from glassbox.analyses.scores import rank_correlation
from glassbox.claims.evidence import Evidence
from glassbox.claims.hypotheses import REPORTED, above, below, inside
from glassbox.claims.judging import claim
from glassbox.claims.pardo2019.readings import (
    AREA,
    CORRELATION,
    EXAMPLES,
    MAP,
    MODERATE,
    ORDERS,
    TELLS,
    TEST,
    TRAIN,
    by_replicate,
    centres,
    introspected,
    of_all,
    score,
    scores,
    where_wrong,
)
from glassbox.claims.verdicts import Comparison

OURS, PLANE, OUTPUT = "estimate", "estimate on principal components", "maximum output"
MARGIN = 0.01  # AUROC by which the map is better than two principal components
SYSTEMATIC = {2: "bird", 3: "cat", 5: "dog"}  # classes of CIFAR-10
HIGH = 0.9  # quantile of the estimates of right answers
HALF = 0.5
FAR_LESS = -1.0  # log2: half the risk
SMALL = (0.01, 0.25)  # a small fraction
SAME_ORDER = 1.0
CALIBRATED = 0.5  # orders of magnitude
HALFWAY = (0.25, 0.75)  # of the way between two classes
MOSTLY = 0.75
ROUNDING = 1e-6  # of float32 distances in the map, which are about 1


@claim("P-N13")
def orders_worse(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-N13: estimates of misclassified digits are two to three orders higher (§3.6, Fig. 7)."""
    values = where_wrong(evidence, method, TEST.format(data), _wrong_less_right)
    return [Comparison("mean estimate, wrong minus right", values, inside(2, 3), ORDERS)]


def _wrong_less_right(rows: pd.DataFrame) -> float:
    wrong, right = _split(rows)
    return wrong.mean() - right.mean() if len(wrong) and len(right) else np.nan


def _split(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The estimates of the examples that are answered wrongly, and of the others."""
    right, estimates = rows["right"].to_numpy(bool), rows["estimate"].to_numpy()
    return estimates[~right], estimates[right]


@claim("P-N14")
def systematic_errors(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-N14: estimates for birds, cats and dogs lie between 0.001 and 0.01 (§3.6, Fig. 7)."""
    rows = introspected(evidence, method, TEST.format(data))
    comparisons = []
    for label, name in SYSTEMATIC.items():
        own = rows[rows["label"] == label]
        values = by_replicate(evidence, own, lambda each: each["estimate"].median(), method)
        part = f"median estimate, {name}"
        comparisons.append(Comparison(part, values, inside(-3, -2), "log10 of the error"))
    return [
        *comparisons,
        Comparison(
            "median estimate, these three classes minus the others",
            by_replicate(evidence, rows, _systematic_excess, method),
            above(0),
            ORDERS,
        ),
    ]


def _systematic_excess(rows: pd.DataFrame) -> float:
    is_one = rows["label"].isin(SYSTEMATIC)
    return rows.loc[is_one, "estimate"].median() - rows.loc[~is_one, "estimate"].median()


@claim("P-C03")
def errors_in_fringes(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C03: misclassified inputs lie between clusters, at uncommon places (abstract, §3.1)."""
    table = scores(evidence, method, TEST.format(data), "auroc")
    hit, density = (score(table, each) for each in ("hit", "density"))
    plane, output = (score(table, each) for each in (PLANE, OUTPUT))
    return [
        Comparison("few neighbours in the map of the answer", hit, above(TELLS), AREA),
        Comparison("low density in the map", density, above(TELLS), AREA),
        Comparison(f"few such neighbours minus {PLANE}", hit - plane, above(0), AREA),
        Comparison(f"few such neighbours minus {OUTPUT}", hit - output, REPORTED, AREA),
    ]


@claim("P-C06")
def coregistered(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C06: the estimated error goes with where errors are, train and test (§3.1, Fig. 2c, 2g)."""
    table = scores(evidence, method, TEST.format(data), "auroc")
    ours, plane, output = (score(table, each) for each in (OURS, PLANE, OUTPUT))
    return [
        *(
            Comparison(
                f"estimate with the error, {split.format(data)}",
                of_all(
                    evidence,
                    method,
                    split.format(data),
                    lambda own: rank_correlation(own["estimate"], own["error"]),
                ),
                above(MODERATE),
                CORRELATION,
            )
            for split in (TRAIN, TEST)
        ),
        Comparison("estimate, for misclassification", ours, above(TELLS), AREA),
        Comparison(f"the same minus {PLANE}", ours - plane, above(MARGIN), AREA),
        Comparison(f"the same minus {OUTPUT}", ours - output, REPORTED, AREA),
    ]


@claim("P-C07")
def discards_unclear_ones(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C07: unclear classifications can be discarded by the estimate (§3.1, §4)."""
    shown = TEST.format(data)
    table = scores(evidence, method, shown, "aurc")
    ours, plane, output = (np.log2(score(table, each)) for each in (OURS, PLANE, OUTPUT))
    wrong, count = (
        score(scores(evidence, method, shown, each), OURS) for each in ("wrong", "count")
    )
    what = "mean risk over coverages by the estimate, over that"
    return [
        Comparison(f"{what} by chance", ours - np.log2(wrong / count), below(FAR_LESS), "log2"),
        Comparison(f"{what} by the {PLANE}", ours - plane, below(0), "log2"),
        Comparison(f"{what} by the {OUTPUT}", ours - output, REPORTED, "log2"),
    ]


@claim("P-C06 (training error)")
def training_error_stands(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C06 (training error): errors in training stand for those on new examples (§2.7)."""
    known, new = (
        of_all(evidence, method, split.format(data), _mean_error) for split in (TRAIN, TEST)
    )
    bias = of_all(
        evidence, method, TEST.format(data), lambda own: (own["estimate"] - own["error"]).mean()
    )
    order, some = inside(-SAME_ORDER, SAME_ORDER), inside(-CALIBRATED, CALIBRATED)
    return [
        Comparison("mean error, test over training", new - known, order, ORDERS),
        Comparison("mean estimate over the error, test", bias, some, ORDERS),
    ]


def _mean_error(rows: pd.DataFrame) -> float:
    return float(np.log10((10.0 ** rows["error"]).mean()))


@claim("P-C19")
def between_two_classes(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C19: what is taken for another class lies halfway between the two (§3.3)."""
    shown, known = TEST.format(data), introspected(evidence, method, TRAIN.format(data))
    middles = {each: centres(own[own["right"]]) for each, own in known.groupby("replicate")}

    def way(rows: pd.DataFrame) -> float:
        return float(np.mean(_on_the_way(rows, middles)[0]))

    def near(rows: pd.DataFrame) -> float:
        return float(np.mean(_on_the_way(rows, middles)[1]))

    return [
        Comparison(
            "way from the right class to the answer at which an example lies",
            where_wrong(evidence, method, shown, way),
            inside(*HALFWAY),
            "share of the way",
        ),
        Comparison(
            "other pairs of classes whose connection is farther",
            where_wrong(evidence, method, shown, near),
            above(MOSTLY),
            "share of pairs",
        ),
    ]


def _on_the_way(
    rows: pd.DataFrame, middles: dict[int, pd.DataFrame]
) -> tuple[np.ndarray, np.ndarray]:
    """Of each wrong example: how far it lies on the way, and how many other ways are farther.

    NaN where a class has no right example.
    """
    wrong = rows[~rows["right"].astype(bool)]
    places = middles.get(rows["replicate"].iloc[0])
    if places is None or not len(wrong):
        return np.array([np.nan]), np.array([np.nan])
    count = max(wrong["label"].max(), wrong["answer"].max(), places.index.max()) + 1
    middle = places.reindex(range(count)).to_numpy()
    pairs = np.array(list(combinations(range(count), 2)))
    points = wrong[MAP].to_numpy()
    ways = [_to_connection(points, middle[one], middle[other]) for one, other in pairs]
    apart = np.stack([distance for _, distance in ways], axis=1)
    labels, answers = wrong["label"].to_numpy(), wrong["answer"].to_numpy()
    along = [
        _to_connection(point[None], middle[label], middle[answer])[0][0]
        for point, label, answer in zip(points, labels, answers, strict=True)
    ]
    own = np.array([sorted(each) for each in zip(labels, answers, strict=True)])
    is_own = (pairs[None] == own[:, None]).all(axis=2)
    # Beyond a middle all ways that end there are equally far, but for rounding.
    farther = (apart > apart[is_own][:, None] + ROUNDING).sum(axis=1) / (len(pairs) - 1)
    return np.array(along), farther


def _to_connection(
    points: np.ndarray, start: np.ndarray, end: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """How far along the straight way from start to end points (n, 2) lie, and how far from it."""
    way = end - start
    along = (points - start) @ way / (way @ way)
    nearest = start + np.clip(along, 0, 1)[:, None] * way
    return along, np.linalg.norm(points - nearest, axis=1)


@claim("P-C28")
def higher_for_most(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C28: estimates are higher for most misclassified examples (§3.6, Fig. 7)."""
    comparisons = []
    for share, hypothesis in ((HIGH, above(HALF)), (HALF, REPORTED)):
        values = where_wrong(evidence, method, TEST.format(data), partial(_above, share=share))
        part = f"wrong examples with an estimate above {share:.0%} of those of right ones"
        comparisons.append(Comparison(part, values, hypothesis, EXAMPLES))
    return comparisons


def _above(rows: pd.DataFrame, share: float) -> float:
    """The share of wrong examples whose estimate is above a quantile of those of right ones."""
    wrong, right = _split(rows)
    if not len(wrong) or not len(right):
        return np.nan
    return float((wrong > np.quantile(right, share)).mean())


@claim("P-C28 (classes)")
def higher_for_worse_classes(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C28 (classes): classes that are told less well get higher estimates (§3.6, Fig. 7)."""
    values = of_all(evidence, method, TEST.format(data), _accuracy_and_estimate)
    part = "accuracy of a class with its median estimate"
    return [Comparison(part, values, below(-MODERATE), CORRELATION)]


def _accuracy_and_estimate(rows: pd.DataFrame) -> float:
    classes = rows.groupby("label")
    return rank_correlation(classes["right"].mean(), classes["estimate"].median())


@claim("P-C29")
def some_look_right(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C29: a small fraction of the wrong ones has a low estimate (§3.6)."""
    values = where_wrong(evidence, method, TEST.format(data), _below_right)
    part = "wrong examples with an estimate below the median of right ones"
    return [Comparison(part, values, inside(*SMALL), EXAMPLES)]


def _below_right(rows: pd.DataFrame) -> float:
    wrong, right = _split(rows)
    return float((wrong < np.median(right)).mean()) if len(wrong) and len(right) else np.nan
