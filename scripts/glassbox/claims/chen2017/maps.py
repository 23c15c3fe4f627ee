"""Neighbourhoods in layers and in their t-SNE maps (§3.1, §6.3)."""

import numpy as np

from glassbox.analyses.mapped import first_maps, usual
from glassbox.claims.chen2017.readings import (
    HALF,
    LEARNING,
    MEMORISING,
    SHUFFLED,
    TRAIN,
    error,
)
from glassbox.claims.evidence import Evidence, paired
from glassbox.claims.hypotheses import REPORTED, above, below, inside
from glassbox.claims.judging import claim
from glassbox.claims.layers import hits
from glassbox.claims.verdicts import Comparison

SAME = 0.25  # relative change up to which hidden layers are "not really different"
CLUSTERED = 0.9  # neighbourhood hit of an output that groups by label
BY_CHANCE = 0.05  # neighbourhood hit above chance up to which labels mean nothing


@claim("C-C01")
def ordered_manifold(evidence: Evidence) -> list[Comparison]:
    """C-C01: t-SNE shows a low-dimensional manifold ordered by location (§3.1, Fig. 3.2).

    What it shows is asked of the map, of the replicates that have one: with noise in every sample
    the signals themselves have as many dimensions as samples.
    """
    where = {"method": LEARNING, "set": TRAIN, "depth": 0}
    near = evidence.rows("projections.hits", "t-SNE map", space="map", **where)
    near = near[(near["labels"] == "label") & (near["measure"] == "distance")]
    near = usual(first_maps(near)).set_index("replicate")
    dimension = evidence.rows(
        "neighbourhoods", "neighbourhoods", space="layer", measure="dimension", **where
    )
    return [
        Comparison(
            "distance of neighbours' locations in the map over that by chance",
            (near["value"] / near["chance"]).sort_index().to_numpy(),
            below(HALF),
            "ratio",
        ),
        Comparison(
            "intrinsic dimension of the signals",
            evidence.per_replicate(usual(dimension).set_index("replicate")["value"], LEARNING),
            REPORTED,
            "dimensions",
        ),
    ]


@claim("C-C41")
def memorising_mixes(evidence: Evidence) -> list[Comparison]:
    """C-C41: true classes spread with depth, the output groups by shuffled label (Fig. 6.5)."""
    true = hits(evidence, MEMORISING, SHUFFLED, "origin_label")
    shuffled = hits(evidence, MEMORISING, SHUFFLED, "label")
    steps = np.diff(true[:, :-1])
    unit = "hit above chance"
    return [
        *(
            Comparison(f"true labels, layer {layer} minus the one before", each, below(0), unit)
            for layer, each in enumerate(steps.T, start=1)
        ),
        Comparison(
            "true labels, last hidden layer over input",
            true[:, -2] / true[:, 0],
            below(HALF),
            "ratio of hits above chance",
        ),
        *(
            Comparison(f"shuffled labels, hidden layer {layer}", each, below(BY_CHANCE), unit)
            for layer, each in enumerate(shuffled[:, 1:-1].T, start=1)
        ),
        Comparison("shuffled labels, output", shuffled[:, -1], above(CLUSTERED), unit),
    ]


@claim("C-C42")
def learning_keeps(evidence: Evidence) -> list[Comparison]:
    """C-C42: hidden layers of the learning network are like the input (§6.3, Fig. 6.6)."""
    hit = hits(evidence, LEARNING, TRAIN, "label")
    change = hit[:, 1:-1] / hit[:, :1] - 1
    sure, surer = paired(
        error(evidence, LEARNING, TRAIN, "confidence"),
        error(evidence, MEMORISING, SHUFFLED, "confidence"),
    )
    return [
        *(
            Comparison(
                f"hit above chance, hidden layer {layer} over input, minus 1",
                each,
                inside(-SAME, SAME),
                "relative difference",
            )
            for layer, each in enumerate(change.T, start=1)
        ),
        Comparison(
            f"mean probability of the answer, {LEARNING} minus {MEMORISING}",
            sure - surer,
            below(0),
            "probability",
        ),
    ]
