"""Hand-made signals that share the principal subpattern of a jump (§5.3, §7)."""

import pandas as pd

from glassbox.claims.chen2017.readings import HALF, LEARNING, MLP, ONE_LAYER
from glassbox.claims.evidence import Evidence, Missing
from glassbox.claims.judging import claim
from glassbox.claims.verdicts import REPORTED, Comparison, above

SHAPES = "hand-made/all"
SURE = 0.99  # "over 99 % confidence"
JUMP = 3.0  # height of the step that the rival competes with


@claim("C-N13")
def principal_subpattern(evidence: Evidence) -> list[Comparison]:
    """C-N13: signals that rise most at 50 are placed there with over 99 % (Fig. 7.1)."""
    rows = _shapes(evidence, MLP)
    named = rows[rows["parameter"] == ""]
    if named.empty:
        raise Missing("named hand-made signals")
    return [
        Comparison(
            f"confidence: {name}",
            evidence.per_replicate(each.set_index("replicate")["confidence"]),
            above(SURE),
            "probability",
        )
        for name, each in named.groupby("name", sort=False)
    ]


@claim("C-C38")
def greatest_derivative(evidence: Evidence) -> list[Comparison]:
    """C-C38: networks detect the greatest first derivative, not the step (§5.3, §7.2)."""
    comparisons = []
    for network in (ONE_LAYER, MLP, LEARNING):
        rows = _shapes(evidence, network)
        rival = rows[(rows["name"] == "rival") & (rows["value"] > JUMP)]
        if rival.empty:
            raise Missing("hand-made signals with a greater rise elsewhere")
        follows = (rival["predicted"] == rival["rival"]).groupby(rival["replicate"]).mean()
        stays = (rival["predicted"] == rival["location"]).groupby(rival["replicate"]).mean()
        comparisons += [
            Comparison(
                f"{network}: answers that follow a greater rise of one sample",
                evidence.per_replicate(follows),
                above(HALF),
                "share of signals",
            ),
            Comparison(
                f"{network}: answers that stay with the step",
                evidence.per_replicate(stays),
                REPORTED,
                "share of signals",
            ),
        ]
    return comparisons


def _shapes(evidence: Evidence, network: str) -> pd.DataFrame:
    return evidence.rows("confidences", "confidences", method=network, set=SHAPES)
