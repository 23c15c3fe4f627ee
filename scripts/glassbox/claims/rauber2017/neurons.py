"""What neurons tell, and whether those that tell the same lie together (Figs 12 to 14).

All of the deepest layer whose neurons are mapped. Trained networks are compared with their own
start: neurons that tell the same class correlate with it, and so with each other, in any network.
"""

import numpy as np
import pandas as pd

from glassbox.analyses.neuron_tables import MAP, PAIRS, TREES, WITHIN
from glassbox.analyses.scores import ALL_CLASSES
from glassbox.claims.evidence import Evidence, Missing, paired
from glassbox.claims.hypotheses import REPORTED, above, below
from glassbox.claims.judging import claim
from glassbox.claims.layers import UNTRAINED
from glassbox.claims.rauber2017.hits import TEST
from glassbox.claims.verdicts import Comparison

GROUPED = 0.3  # Moran's I of what is grouped for the eye, too
ROLES = 0.1  # share of the nearest neurons that tell the same class, above chance
ASSOCIATED = 0.9  # AUROC
TELLS = 0.7  # AUROC from which an activation tells a class
VERSUS = "trained minus untrained"
MORAN, SHARE, AREA = "Moran's I above chance", "share of neurons above chance", "AUROC"


def _deepest(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["depth"] == rows["depth"].max()]


def _groups(
    evidence: Evidence, method: str, data: str, score: str, measure: str, label: int
) -> dict[str, np.ndarray]:
    """A measure above what chance gives by space, (replicates,)."""
    rows = evidence.rows(
        "neuron_maps.measures",
        "groups of neurons",
        method=method,
        set=TEST.format(data),
        score=score,
        measure=measure,
        label=label,
    )
    rows = _deepest(rows).assign(excess=lambda each: each["value"] - each["expected"])
    by_space = rows.pivot(index="replicate", columns="space", values="excess")
    return {space: evidence.per_replicate(own, method) for space, own in by_space.items()}


def _gained(
    trained: dict[str, np.ndarray], before: dict[str, np.ndarray], space: str
) -> np.ndarray:
    """What training adds in a space, paired by replicate."""
    one, other = paired(trained[space], before[space])
    return one - other


@claim("R-C12")
def alike_lie_together(
    evidence: Evidence, method: str, data: str, label: int, score: str = TREES
) -> list[Comparison]:
    """R-C12: neurons that tell a class lie together after training, and not before (Fig. 12)."""
    trained, before = (
        _groups(evidence, each, data, score, "moran", label)
        for each in (method, UNTRAINED.format(method))
    )
    what = f"how well neurons tell class {label}"
    return [
        Comparison(f"{what}, map: {VERSUS}", _gained(trained, before, MAP), above(0), MORAN),
        Comparison(
            f"{what}, dissimilarities: {VERSUS}", _gained(trained, before, PAIRS), above(0), MORAN
        ),
        Comparison(f"{what}, map: trained", trained[MAP], above(GROUPED), MORAN),
        Comparison(f"{what}, map: untrained", before[MAP], below(GROUPED), MORAN),
        Comparison(
            f"{what}, class means removed: {VERSUS}",
            _gained(trained, before, WITHIN),
            REPORTED,
            MORAN,
        ),
    ]


@claim("R-C13")
def groups_have_roles(
    evidence: Evidence, method: str, data: str, score: str = TREES
) -> list[Comparison]:
    """R-C13: the last layer divides into groups of neurons with related roles (Fig. 13)."""
    trained, before = (
        _groups(evidence, each, data, score, "purity", ALL_CLASSES)
        for each in (method, UNTRAINED.format(method))
    )
    what = "nearest neurons that tell the same class"
    reported = {
        f"{what}, {space}: {VERSUS}": _gained(trained, before, space) for space in (PAIRS, MAP)
    }
    return [
        Comparison(
            f"{what}, class means removed: {VERSUS}",
            _gained(trained, before, WITHIN),
            above(0),
            SHARE,
        ),
        Comparison(f"{what}, class means removed: trained", trained[WITHIN], above(ROLES), SHARE),
        *(Comparison(part, values, REPORTED, SHARE) for part, values in reported.items()),
    ]


def _chosen(evidence: Evidence, method: str, data: str, column: str) -> pd.DataFrame:
    """A column of the chosen neurons, replicates by classes."""
    rows = evidence.rows(
        "neuron_maps.chosen", "chosen neurons", method=method, set=TEST.format(data)
    )
    table = _deepest(rows).pivot(index="replicate", columns="label", values=column)
    return table.reindex(range(evidence.count(method)))


def _of_class(table: pd.DataFrame, label: int) -> np.ndarray:
    """One class's column, (replicates,); Missing where none was chosen for it."""
    if label not in table:
        raise Missing(f"neuron that was chosen for class {label}")
    return table[label].to_numpy(np.float64)


@claim("R-N14")
def a_neuron_for_each_class(
    evidence: Evidence, method: str, data: str, label: int
) -> list[Comparison]:
    """R-N14: a neuron of the last layer is strongly associated with a class (Figs 13 and 14)."""
    shown = _chosen(evidence, method, data, "auroc_1")
    return [
        Comparison(
            f"the neuron chosen for class {label}, on the other half",
            _of_class(shown, label),
            above(ASSOCIATED),
            AREA,
        ),
        Comparison(
            "1 less that of the class whose chosen neuron tells it least",
            1 - shown.to_numpy(np.float64),
            below(1 - ASSOCIATED),
            AREA,
        ),
    ]


@claim("R-C14")
def only_in_its_class(evidence: Evidence, method: str, data: str, label: int) -> list[Comparison]:
    """R-C14: the neuron is strongly active in the cluster of its class alone (Fig. 14)."""
    wanted = {
        "auroc_1": ("for its class against the rest", above(ASSOCIATED)),
        "against_runner_up": ("for its class against the runner-up alone", above(ASSOCIATED)),
        "runner_up_auroc": ("for the runner-up against the rest", below(TELLS)),
    }
    tables = {column: _chosen(evidence, method, data, column) for column in wanted}
    what = f"the neuron chosen for class {label}, on the other half"
    return [
        *(
            Comparison(f"{what}: {words}", _of_class(tables[column], label), hypothesis, AREA)
            for column, (words, hypothesis) in wanted.items()
        ),
        *(
            Comparison(
                f"mean over all classes' neurons: {words}",
                tables[column].to_numpy(np.float64).mean(axis=1),
                REPORTED,
                AREA,
            )
            for column, (words, _) in wanted.items()
        ),
    ]
