"""Hand-made signals that share the principal subpattern of a jump (§5.3, §7)."""

import numpy as np
import pandas as pd

from glassbox.claims.chen2017.readings import HALF, LEARNING, MLP, ONE_LAYER
from glassbox.claims.evidence import Evidence, Missing
from glassbox.claims.hypotheses import REPORTED, above
from glassbox.claims.judging import claim
from glassbox.claims.verdicts import Comparison

SHAPES = "hand-made/all"
SURE = 0.99  # "over 99 % confidence"
JUMP = 3.0  # height of the step that the rival competes with
DESCRIBED = "height-falls-after"  # the sweep of heights of the one signal that §7.2 describes


@claim("C-N13")
def principal_subpattern(evidence: Evidence) -> list[Comparison]:
    """C-N13: a signal that drops gradually after a rise is placed with over 99 % (§7.2, Fig. 7.1).

    The height is not printed: at one of those of the sweep the mean confidence is as said.
    """
    rows = _shapes(evidence, MLP)
    by_height = _confidences(evidence, rows[rows["name"] == DESCRIBED])
    named = rows[rows["parameter"] == ""]
    return [
        Comparison(
            "confidence of a rise with a gradual drop after it, at the height of the surest",
            by_height,
            above(SURE),
            "probability",
        ),
        *(
            Comparison(f"confidence: {name}", _confidences(evidence, each), REPORTED, "probability")
            for name, each in named.groupby("name", sort=False)
        ),
    ]


def _confidences(evidence: Evidence, rows: pd.DataFrame) -> np.ndarray:
    """How sure of the location, (replicates, values of the parameter); 0 where it is not named."""
    if rows.empty:
        raise Missing("hand-made signals of several heights that drop gradually after the rise")
    right = rows["confidence"].where(rows["predicted"] == rows["location"], 0)
    table = rows.assign(right=right).pivot_table(
        index="replicate", columns="value", values="right", dropna=False
    )
    return evidence.per_replicate(table, MLP)


@claim("C-C38")
def greatest_derivative(evidence: Evidence) -> list[Comparison]:
    """C-C38: networks detect the greatest first derivative, not the step (§5.3, §7.2).

    A smoothed derivative follows a rival of several samples, and no rival of a single one.
    """
    comparisons = []
    for network in (ONE_LAYER, MLP, LEARNING):
        rows = _shapes(evidence, network)
        for name, words, hypothesis in (
            ("wide-rival", "several samples", above(HALF)),
            ("rival", "one sample", REPORTED),
        ):
            rival = rows[(rows["name"] == name) & (rows["value"] > JUMP)]
            if rival.empty:
                raise Missing("hand-made signals with a greater rise elsewhere")
            follows = (rival["predicted"] == rival["rival"]).groupby(rival["replicate"]).mean()
            part = f"{network}: answers that follow a greater rise of {words}"
            values = evidence.per_replicate(follows, network)
            comparisons.append(Comparison(part, values, hypothesis, "share of signals"))
    return comparisons


def _shapes(evidence: Evidence, network: str) -> pd.DataFrame:
    return evidence.rows("confidences", "confidences", method=network, set=SHAPES)
