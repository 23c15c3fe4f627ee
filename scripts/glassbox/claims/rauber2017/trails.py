"""What trails show: how classes part over layers and over epochs (Figs 10 and 11)."""

import numpy as np

from glassbox.claims.evidence import Evidence
from glassbox.claims.hypotheses import REPORTED, above, below
from glassbox.claims.judging import claim
from glassbox.claims.layers import trend
from glassbox.claims.rauber2017.hits import TEST
from glassbox.claims.verdicts import Comparison

STRONG = 0.5  # correlation of what goes on from layer to layer
SPACES = {"layer": "in the layer", "map": "in the map"}


def trend_of(
    evidence: Evidence, method: str, data: str, over: str, space: str, measure: str
) -> np.ndarray:
    """How a measure along a series correlates with its order, without epoch 0: (replicates,)."""
    rows = evidence.rows(
        "projection_trajectories.measures",
        f"trails over {over}",
        method=method,
        set=TEST.format(data),
        over=over,
        space=space,
        measure=measure,
    )
    table = rows[rows["epoch"] != 0].pivot(index="replicate", columns="step", values="value")
    return trend(evidence.per_replicate(table, method))


@claim("R-C10")
def parts_over_layers(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """R-C10: from layer to layer classes shrink and move apart (Fig. 10)."""
    wanted = {"within": below(-STRONG), "between": above(STRONG)}
    return [
        Comparison(
            f"distance {measure} classes {where}: trend over hidden layers",
            trend_of(evidence, method, data, "layers", space, measure),
            hypothesis if space == "layer" else REPORTED,
            "correlation",
        )
        for space, where in SPACES.items()
        for measure, hypothesis in wanted.items()
    ]


@claim("R-C11")
def parts_over_epochs(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """R-C11: with the epochs the last hidden layer tells classes better (Fig. 11)."""
    return [
        Comparison(
            f"{words} {where}: trend over epochs, the start left out",
            trend_of(evidence, method, data, "checkpoints", space, measure),
            hypothesis,
            "correlation",
        )
        for space, where in SPACES.items()
        for measure, words, hypothesis in (
            ("hit", "neighbourhood hit", above(0)),
            ("ratio", "distance within classes over that between", REPORTED),
        )
    ]
