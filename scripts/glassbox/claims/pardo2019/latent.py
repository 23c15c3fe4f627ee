"""The map, the autoencoder's bottleneck: what is told apart in it, and how it lies (§2.8, §3.1)."""

import numpy as np
import pandas as pd
from scipy import stats
from scipy.spatial import cKDTree

from glassbox.analyses.scores import rank_correlation
from glassbox.claims.evidence import Evidence, Missing
from glassbox.claims.hypotheses import REPORTED, above, below, inside
from glassbox.claims.judging import claim
from glassbox.claims.pardo2019.readings import (
    AREA,
    CORRELATION,
    EXAMPLES,
    MAP,
    NEAREST,
    TEST,
    TRAIN,
    accuracy,
    by_replicate,
    introspected,
    of_all,
)
from glassbox.claims.verdicts import Comparison

SUFFICIENT = 0.9  # accuracy in the map over the network's
NEGLIGIBLE = 0.01  # standard deviations within the class
AS_WELL = -0.05  # hit that new examples may lose
NEAR_ONE = 0.2  # mean, deviation less 1 and correlation of what is about a unit Gaussian
DISTANCE = 0.1  # Kolmogorov's, of such
SOMEWHAT = 0.1  # rank correlation
SAME_HIT, SAME_RANKS = 0.05, 0.1  # by which hits and rank correlations may differ that are alike
APART, TOGETHER = "usual", "together"  # variants of an introspection
CAT, DOG = 3, 5  # classes of CIFAR-10


@claim("P-C02")
def separates_categories(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C02: two dimensions separate the patterns of different categories (§3.1)."""
    shown = TEST.format(data)
    right = accuracy(evidence, method, shown)
    ours = _quality(evidence, method, shown, "introspection", "knn accuracy")
    others = ("principal components", "t-SNE", "hidden")
    return [
        Comparison(
            "accuracy of neighbours in the map over that of the network",
            ours / right,
            above(SUFFICIENT),
            "ratio",
        ),
        *(
            Comparison(
                f"accuracy of neighbours in the map minus that in {each}",
                ours - _quality(evidence, method, shown, each, "knn accuracy"),
                REPORTED,
                EXAMPLES,
            )
            for each in others
        ),
    ]


@claim("P-C31")
def takes_new_examples(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C31: the autoencoder is a map for new examples too (§2.3, §4)."""
    new, known = (
        of_all(evidence, method, split.format(data), lambda own: own["hit"].mean())
        for split in (TEST, TRAIN)
    )
    tsne = _quality(evidence, method, TEST.format(data), "t-SNE", "hit")
    ours = _quality(evidence, method, TEST.format(data), "introspection", "hit")
    return [
        Comparison(
            "hit among training examples, new examples minus these",
            new - known,
            above(AS_WELL),
            "hit",
        ),
        Comparison("hit, the map minus a t-SNE of the new ones", ours - tsne, REPORTED, "hit"),
    ]


def _quality(evidence: Evidence, method: str, shown: str, space: str, measure: str) -> np.ndarray:
    rows = evidence.rows(
        "map_quality", f"{space} map", method=method, set=shown, space=space, measure=measure
    )
    return evidence.per_replicate(rows.set_index("replicate")["value"], method)


@claim("P-C36")
def trained_at_once(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C36: the three parts may be trained at once or one after another (§2.4)."""

    def more(measure: str) -> np.ndarray:
        at_once, apart = (
            _variant(evidence, method, TEST.format(data), each, measure)
            for each in (TOGETHER, APART)
        )
        return at_once - apart

    part = "{}, trained at once minus one after another"
    hit, ranks = "hit in the map", "rank correlation of estimates and errors"
    area, kept = "AUROC of the estimate for wrong answers", "trustworthiness of the map"
    alike, close = inside(-SAME_HIT, SAME_HIT), inside(-SAME_RANKS, SAME_RANKS)
    return [
        Comparison(part.format(hit), more("hit"), alike, "hit"),
        Comparison(part.format(ranks), more("rank correlation"), close, CORRELATION),
        Comparison(part.format(area), more("auroc"), REPORTED, AREA),
        Comparison(part.format(kept), more("trustworthiness"), REPORTED, "trustworthiness"),
    ]


def _variant(evidence: Evidence, method: str, shown: str, variant: str, measure: str) -> np.ndarray:
    rows = evidence.rows(
        "introspection_variants",
        f'introspection "{variant}"',
        method=method,
        set=shown,
        variant=variant,
        measure=measure,
    )
    return evidence.per_replicate(rows.set_index("replicate")["value"], method)


@claim("P-N15")
def truncated(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-N15: the integral over the square from -4 to 4 loses next to nothing (§2.8)."""
    rows = evidence.rows(
        "expected_patterns.places", "places of classes", method=method, set=TRAIN.format(data)
    )
    return [
        Comparison(
            "shift of a class's mean over its standard deviation, where it is largest",
            by_replicate(evidence, rows, _shift, method),
            below(NEGLIGIBLE),
            "standard deviations",
        ),
        Comparison(
            "training examples outside the square, in the class that has most",
            by_replicate(evidence, rows, lambda own: own["outside"].max(), method),
            REPORTED,
            EXAMPLES,
        ),
    ]


def _shift(classes: pd.DataFrame) -> float:
    """How far a class's mean by the sum over the square is from that of its examples."""
    shifts = [
        (classes[f"expected_{axis}"] - classes[f"mean_{axis}"]).abs() / classes[f"deviation_{axis}"]
        for axis in (1, 2)
    ]
    return float(np.max(shifts))


@claim("P-C33")
def about_gaussian(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C33: the bottleneck is about a unit Gaussian (§2.8)."""
    comparisons = []
    for split, is_judged in ((TEST, True), (TRAIN, False)):
        shown = split.format(data)
        for what, measure, limit, unit in (
            ("mean, the farther of two", _mean, NEAR_ONE, "standard deviations"),
            ("standard deviation less 1, the farther of two", _deviation, NEAR_ONE, "difference"),
            ("correlation of z1 and z2", _correlation, NEAR_ONE, "correlation"),
            ("Kolmogorov distance, the larger of two", _distance, DISTANCE, "probability"),
        ):
            values = of_all(evidence, method, shown, measure)
            hypothesis = below(limit) if is_judged else REPORTED
            comparisons.append(Comparison(f"{shown}: {what}", values, hypothesis, unit))
    return comparisons


def _mean(rows: pd.DataFrame) -> float:
    return float(rows[MAP].mean().abs().max())


def _deviation(rows: pd.DataFrame) -> float:
    return float((rows[MAP].std() - 1).abs().max())


def _correlation(rows: pd.DataFrame) -> float:
    is_flat = (np.ptp(rows[MAP], axis=0) == 0).any()
    return 0.0 if is_flat else abs(float(np.corrcoef(rows[MAP].T)[0, 1]))


def _distance(rows: pd.DataFrame) -> float:
    return max(float(stats.kstest(rows[each], "norm").statistic) for each in MAP)


@claim("P-C18")
def strong_away_from_fringes(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C18: stronger patterns lie farther from fringe areas (§3.3)."""
    values = of_all(evidence, method, TEST.format(data), _strength_and_place)
    part = "norm of the pattern with the way to the nearest example of another answer, in an answer"
    return [Comparison(part, values, above(SOMEWHAT), CORRELATION)]


def _strength_and_place(rows: pd.DataFrame) -> float:
    """The rank correlation within each answer that has three examples or more, their mean."""
    found = []
    for answer, own in rows.groupby("answer"):
        others = rows[rows["answer"] != answer]
        if len(own) > 2 and len(others):
            away = cKDTree(others[MAP].to_numpy()).query(own[MAP].to_numpy())[0]
            found.append(rank_correlation(own["norm"].to_numpy(), away))
    return float(np.mean(found)) if found else np.nan


@claim("P-C30")
def cats_among_dogs(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C30: cats and dogs infiltrate each other's places (§3.6, Fig. 2h)."""
    rows = introspected(evidence, method, TEST.format(data))
    if rows["label"].nunique() < 3:
        raise Missing(f"three classes of {data}")
    values = by_replicate(evidence, rows, _excess_of_cats_and_dogs, method)
    part = (
        "neighbours of cats that are dogs and the reverse, minus the most of any other two classes"
    )
    return [Comparison(part, values, above(0), "share of neighbours")]


def _excess_of_cats_and_dogs(rows: pd.DataFrame) -> float:
    mixed = mixing(rows)
    ours = mixed[CAT, DOG]
    pairs = np.triu(np.ones_like(mixed, dtype=bool), 1)
    pairs[CAT, DOG] = False
    return float(ours - mixed[pairs].max())


def mixing(rows: pd.DataFrame) -> np.ndarray:
    """How many neighbours of one class's examples are of another, of both ways the mean.

    (classes, classes) of the shares of the nearest others in the map.
    """
    points, labels = rows[MAP].to_numpy(), rows["label"].to_numpy()
    nearest = cKDTree(points).query(points, NEAREST + 1)[1][:, 1:]
    classes = labels.max() + 1
    shares = np.stack([(labels[nearest] == each).mean(axis=1) for each in range(classes)], axis=1)
    mixed = np.stack([shares[labels == each].mean(axis=0) for each in range(classes)])
    return (mixed + mixed.T) / 2
