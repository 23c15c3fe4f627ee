"""Accuracies that stand beside the figures (Figs 3 and 8)."""

import numpy as np
import pandas as pd

from glassbox.claims.evidence import Evidence, Missing
from glassbox.claims.hypotheses import REPORTED
from glassbox.claims.judging import claim
from glassbox.claims.verdicts import Comparison, against_draws

SUBSET = 2000  # examples that a figure shows
DRAWS = 1000  # subsets, of all networks together
SHARE = "share of examples"


@claim("R-N04")
def printed_accuracy(
    evidence: Evidence, method: str, wanted: str, published: dict[str, float]
) -> list[Comparison]:
    """R-N04, R-N10: the accuracy that is printed beside a map of 2,000 examples (E-R04)."""
    rows = evidence.rows("predictions", "predictions", method=method, set=wanted)
    right = {
        replicate: (own["predicted"] == own["label"]).to_numpy()
        for replicate, own in rows.groupby("replicate")
    }
    of_all = pd.Series({replicate: own.mean() for replicate, own in right.items()})
    return [
        against_draws(
            f"accuracy on {SUBSET:,} of them",
            of_subsets(list(right.values())),
            published["accuracy"],
            SHARE,
        ),
        Comparison("accuracy on all", evidence.per_replicate(of_all, method), REPORTED, SHARE),
    ]


def of_subsets(right: list[np.ndarray]) -> np.ndarray:
    """The accuracies (DRAWS,) of random subsets of SUBSET examples, of one network after another.

    right: which examples (n,) each network answers rightly. Raises Missing where there are fewer.
    """
    if any(len(own) < SUBSET for own in right):
        raise Missing(f"{SUBSET:,} examples to draw from")
    rng = np.random.default_rng(0)
    drawn = (right[place % len(right)] for place in range(DRAWS))
    return np.array([own[rng.choice(len(own), SUBSET, replace=False)].mean() for own in drawn])


def accuracy(evidence: Evidence, method: str, wanted: str) -> np.ndarray:
    """The accuracy on all examples of a set, (replicates,)."""
    rows = evidence.rows("errors", "predictions", method=method, set=wanted, measure="accuracy")
    return evidence.per_replicate(rows.set_index("replicate")["value"], method)
