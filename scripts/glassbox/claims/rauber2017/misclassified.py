"""With which class misclassified examples lie, and what lies beside the ones (Fig. 3, slide H5)."""

import numpy as np
import pandas as pd

from glassbox.analyses.mapped import LAYER, MAP
from glassbox.claims.evidence import Evidence, Unanswerable, paired
from glassbox.claims.hypotheses import REPORTED, Hypothesis, above
from glassbox.claims.judging import claim
from glassbox.claims.layers import hidden_of
from glassbox.claims.verdicts import Comparison

TRAIN, TEST = "{}/train", "{}/test"
MOST = 0.5  # of the neighbours
ONE, SEVEN = 1, 7
NEIGHBOURS = "share of neighbours"
OURS, TRUE = "predicted", "true"


@claim("R-C04")
def with_the_class_they_are_taken_for(
    evidence: Evidence, method: str, data: str
) -> list[Comparison]:
    """R-C04: misclassified examples lie with the class that they are assigned to (Fig. 3)."""
    rows = evidence.rows(
        "misclassified_places",
        "places of misclassified examples",
        method=method,
        set=TEST.format(data),
    )
    last = last_hidden(rows, method)
    where = {space: rows[rows["space"] == space] for space in (LAYER, MAP)}
    hidden, before = (where[LAYER][where[LAYER]["depth"] == depth] for depth in (last, 0))
    mapped = where[MAP][where[MAP]["depth"] == last]
    own = hits(evidence, hidden, method)
    excess = {"the last hidden layer": own, "the input": hits(evidence, before, method)}
    if len(mapped):
        excess["the map of the last hidden layer"] = hits(evidence, mapped, method)
    gained = own.assign(
        gain=own[OURS] - own[TRUE] - (excess["the input"][OURS] - excess["the input"][TRUE])
    )
    return [
        _pooled("of the class it is taken for, last hidden layer", own, own[OURS], above(MOST)),
        *(
            _pooled(
                f"of the class it is taken for minus of its own, {where}",
                each,
                each[OURS] - each[TRUE],
                above(0) if each is own else REPORTED,
            )
            for where, each in excess.items()
        ),
        _pooled("the same, last hidden layer minus input", own, gained["gain"], above(0)),
    ]


def last_hidden(rows: pd.DataFrame, method: str) -> int:
    """The depth of the last hidden layer, of rows of input and output and some between."""
    depths = np.unique(rows["depth"])
    return int(depths[hidden_of(depths, method)])


def hits(evidence: Evidence, rows: pd.DataFrame, method: str) -> pd.DataFrame:
    """The hits of misclassified examples by replicate, over all its maps, and its mean errors."""
    sums = (
        rows.assign(hits=rows["hit"] * rows["errors"])
        .groupby(["replicate", "labels"])[["hits", "errors"]]
        .sum()
    )
    table = (sums["hits"] / sums["errors"]).unstack()
    errors = rows.groupby("replicate")["errors"].mean()
    counted = errors.index < evidence.count(method)
    return table.reindex(errors.index).assign(errors=errors)[counted]


def _pooled(part: str, rows: pd.DataFrame, shares: pd.Series, hypothesis: Hypothesis) -> Comparison:
    values = pooled(shares.to_numpy(), rows["errors"].to_numpy())
    return Comparison(part, values, hypothesis, NEIGHBOURS)


def pooled(shares: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Values (replicates,) whose mean is the share over all counts, and whose spread is its own.

    shares: (replicates,), each over so many counts (replicates,), NaN for none. A ratio of sums R
    has about the variance of R + n (share - R) / mean of n (Cochran 1977, §2.11). Raises
    Unanswerable where all counts are 0.
    """
    if not counts.sum():
        raise Unanswerable("misclassified example")
    sums = np.where(counts > 0, shares * counts, 0)
    ratio = sums.sum() / counts.sum()
    return ratio + (sums - ratio * counts) / counts.mean()


@claim("R-C09 (sevens)")
def sevens_beside_the_ones(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """R-C09 (sevens): sevens near the ones hint at overfitting (slide H5)."""
    shown = {split: split.format(data) for split in (TRAIN, TEST)}
    near = nearest_classes(evidence, method, shown[TRAIN])
    others = near.drop(columns=[ONE, SEVEN]).max(axis=1)
    beside = evidence.per_replicate(near[ONE] - others, method)
    taken = {split: taken_for(evidence, method, one) for split, one in shown.items()}
    test, train = paired(taken[TEST], taken[TRAIN])
    return [
        Comparison(
            "ones near sevens that are told, minus the next class, training",
            beside,
            above(0),
            NEIGHBOURS,
        ),
        Comparison("sevens taken for ones, test minus training", test - train, above(0), "sevens"),
    ]


def nearest_classes(evidence: Evidence, method: str, wanted: str) -> pd.DataFrame:
    """Of which classes the neighbours of rightly answered sevens are, in the last hidden layer.

    Shares: replicates by class.
    """
    rows = evidence.rows(
        "misclassified_places.nearby",
        "classes near others",
        method=method,
        set=wanted,
        space=LAYER,
        answered="right",
        label=SEVEN,
    )
    last = rows[rows["depth"] == last_hidden(rows, method)]
    return last.pivot(index="replicate", columns="near", values="share")


def taken_for(evidence: Evidence, method: str, wanted: str) -> np.ndarray:
    """The share of sevens that are answered as ones, (replicates,)."""
    rows = evidence.rows("predictions", "predictions", method=method, set=wanted, label=SEVEN)
    shares = (rows["predicted"] == ONE).groupby(rows["replicate"]).mean()
    return evidence.per_replicate(shares, method)
