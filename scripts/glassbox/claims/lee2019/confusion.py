"""Confusion of classes in the libraries of a layer (§3.2, Fig. 3)."""

import numpy as np
from scipy import stats

from glassbox.claims.evidence import Evidence
from glassbox.claims.hypotheses import above, below
from glassbox.claims.judging import claim
from glassbox.claims.lee2019.readings import confusion
from glassbox.claims.verdicts import Comparison

ALIKE = 0.5  # correlation of two confusion matrices
HIGH_RANK = 0.9
FAR_LESS = 0.1


@claim("L-C06")
def nine_confuses(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C06: digit 9 confuses CN1 and CN2, and FC1 less (Fig. 3A to C)."""
    excess = {}
    for layer in ("CN1", "CN2", "FC1"):
        rows = _off_diagonal_means(confusion(evidence, method, layer))
        excess[layer] = rows[:, 9] - np.delete(rows, 9, axis=1).mean(axis=1)
    what = "mean CI of the row of 9 minus that of the other rows"
    return [
        Comparison(f"CN1: {what}", excess["CN1"], above(0), "CI"),
        Comparison(f"CN2: {what}", excess["CN2"], above(0), "CI"),
        Comparison(f"FC1 minus CN1: {what}", excess["FC1"] - excess["CN1"], below(0), "CI"),
    ]


def _off_diagonal_means(index: np.ndarray) -> np.ndarray:
    """Row means of CI (R, classes, classes) without the diagonal: (R, classes)."""
    classes = index.shape[1]
    return (index.sum(axis=2) - 1) / (classes - 1)


def _off_diagonal(index: np.ndarray) -> np.ndarray:
    return index[:, ~np.eye(index.shape[1], dtype=bool)]


@claim("L-C07")
def same_confusion(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C07: the confusion is the same at a threshold of 0.75 (Fig. 3D to F)."""
    comparisons = []
    for layer in ("CN1", "CN2", "FC1"):
        low, high = (
            _off_diagonal(confusion(evidence, method, layer, higher)) for higher in (False, True)
        )
        alike = np.array([stats.spearmanr(a, b).statistic for a, b in zip(low, high, strict=True)])
        part = f"{layer}: rank correlation of CI at the two thresholds"
        comparisons.append(Comparison(part, alike, above(ALIKE), "correlation"))
    return comparisons


@claim("L-C08")
def four_and_nine(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C08: CI(4, 9) is high in all layers (§3.2)."""
    comparisons = []
    for layer in ("CN1", "CN2", "FC1"):
        index = confusion(evidence, method, layer)
        values, this = _off_diagonal(index), index[:, 4, 9]
        below_it = (values < this[:, None]).sum(axis=1) / (values.shape[1] - 1)
        share = np.where(np.isnan(this), np.nan, below_it)
        part = f"{layer}: share of other pairs whose CI is below that of (4, 9)"
        comparisons.append(Comparison(part, share, above(HIGH_RANK), "share of pairs"))
    return comparisons


@claim("L-C09")
def last_is_clear(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C09: CI of FC2 is extremely low (§3.2)."""
    first, last = (
        _off_diagonal(confusion(evidence, method, layer)).mean(axis=1) for layer in ("FC1", "FC2")
    )
    difference = last - FAR_LESS * first
    return [Comparison("mean CI of FC2 minus a tenth of FC1's", difference, below(0), "CI")]
