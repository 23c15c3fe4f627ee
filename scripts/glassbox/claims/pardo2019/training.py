"""How well the networks do, and what training does to their patterns (§2.6, §3.1)."""

import numpy as np
import pandas as pd

from glassbox.analyses.scores import rank_correlation
from glassbox.claims.evidence import Evidence
from glassbox.claims.hypotheses import REPORTED, above, below
from glassbox.claims.judging import claim
from glassbox.claims.layers import trend
from glassbox.claims.pardo2019.readings import (
    CORRELATION,
    MAP,
    TEST,
    TRAIN,
    accuracy,
    by_replicate,
    introspected,
)
from glassbox.claims.verdicts import Comparison, against_published

STRONG = 0.5  # correlation of what goes on from cycle to cycle
WEAK = 0.1  # rank correlation from which one thing predicts another at all


@claim("P-N01")
def printed_accuracy(
    evidence: Evidence, method: str, data: str, published: dict[str, float]
) -> list[Comparison]:
    """P-N01, P-N02: the printed accuracy of a network (§2.6)."""
    values = accuracy(evidence, method, TEST.format(data))
    return [
        against_published(
            "accuracy on the test set", values, published["accuracy"], "share of examples"
        )
    ]


@claim("P-C04")
def separated_further(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C04: each cycle of training separates the categories further (§3.1, Fig. 2a, 2e)."""
    rows = evidence.rows(
        "introspection_trajectories.separations",
        "separations",
        method=method,
        set=TRAIN.format(data),
    )
    rows = rows[rows["epoch"] > 0]
    comparisons = []
    for measure, hypothesis in (("ratio", above(STRONG)), ("hit", REPORTED)):
        for space in ("hidden", "map"):
            own = rows[(rows["space"] == space) & (rows["measure"] == measure)]
            table = own.pivot(index="replicate", columns="epoch", values="value")
            values = trend(evidence.per_replicate(table, method))
            part = f"{measure} in the {space} space: trend over cycles, the start left out"
            comparisons.append(Comparison(part, values, hypothesis, "correlation"))
    return comparisons


@claim("P-C05")
def some_go_farther(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C05: some examples are separated much more than others in training (§3.1)."""
    shown = TRAIN.format(data)
    rows = evidence.rows(
        "introspection_trajectories", "trajectories", method=method, set=shown
    ).sort_values("epoch")
    places = rows.groupby(["replicate", "example_id"])[MAP]
    moved = np.linalg.norm(places.last() - places.first(), axis=1)
    moved = pd.Series(moved, places.first().index, name="moved").reset_index()
    final = introspected(evidence, method, shown)[["replicate", "example_id", "error"]]
    joined = moved.merge(final, on=["replicate", "example_id"])
    return [
        Comparison(
            "way of an example in the map, 90 % over 10 % quantile",
            by_replicate(evidence, moved, _unlike, method),
            REPORTED,
            "log2",
        ),
        Comparison(
            "way of an example in the map with its error in the end",
            by_replicate(
                evidence, joined, lambda own: rank_correlation(own["moved"], own["error"]), method
            ),
            below(-WEAK),
            CORRELATION,
        ),
    ]


def _unlike(moved: pd.DataFrame) -> float:
    low, high = np.quantile(moved["moved"], [0.1, 0.9])
    return float(np.log2(high / low)) if low > 0 else np.inf
