"""Weights and units of the 2-layer MLP (§3.3)."""

import numpy as np
import pandas as pd

from glassbox.analyses.redundancy import COMPONENTS, MEANS, ONE, USED
from glassbox.claims.chen2017.heat_maps import STRIPES, autocorrelation, share_between_units
from glassbox.claims.chen2017.readings import HALF, MLP, TRUE_LABELS, hidden_layers
from glassbox.claims.evidence import Evidence
from glassbox.claims.hypotheses import REPORTED, above, below
from glassbox.claims.judging import claim
from glassbox.claims.layers import UNTRAINED
from glassbox.claims.verdicts import Comparison

HARDLY = 0.01  # share of signals below which a unit is almost never active
SOME = 0.02  # two of a hundred units
AS_GOOD = 0.9  # of the accuracy: hardly any is lost


@claim("C-C08")
def outer_weights_are_small(evidence: Evidence) -> list[Comparison]:
    """C-C08: first-layer weights from inputs outside 20-80 are smaller (§3.3.2, Fig. 3.11)."""
    rows = evidence.rows("parameters", "weights", method=MLP, depth=1, parameter="weight")
    sizes = rows["value"].abs().groupby([rows["replicate"], rows["input"]]).mean().unstack()
    places = sizes.columns.to_numpy() + 1
    within = (places >= 20) & (places <= 80)
    ratio = sizes.loc[:, ~within].mean(axis=1) / sizes.loc[:, within].mean(axis=1) - 1
    return [
        Comparison(
            "mean size of weights, outside over within, minus 1",
            evidence.per_replicate(ratio, MLP),
            below(0),
            "relative difference",
        )
    ]


@claim("C-C09")
def stripes_when_learning(evidence: Evidence) -> list[Comparison]:
    """C-C09: hidden activations vary gradually over locations (§3.3.3, Fig. 3.12)."""
    (layer,) = hidden_layers(evidence, MLP, TRUE_LABELS)
    (start,) = hidden_layers(evidence, UNTRAINED.format(MLP), TRUE_LABELS)
    stripes, unit = autocorrelation(layer), "autocorrelation over labels"
    return [
        Comparison("stripes", stripes, above(STRIPES), unit),
        Comparison(
            "stripes, trained minus untrained", stripes - autocorrelation(start), above(0), unit
        ),
        Comparison(
            "class means vary between units, not labels",
            share_between_units(layer),
            above(HALF),
            "share of variance",
        ),
    ]


@claim("C-C10")
def units_are_redundant(evidence: Evidence) -> list[Comparison]:
    """C-C10: units that are hardly active, tell little alone, and are too many (§3.3.3)."""
    rows = evidence.rows("redundancy", "redundancy", method=MLP, set=TRUE_LABELS)
    alone = rows[rows["through"] == ONE].groupby("replicate")
    silent = alone["active"].agg(lambda active: (active < HARDLY).mean())
    used = rows[rows["through"] == USED]
    whole = used[used["kept"] == used["kept"].max()].set_index("replicate")["accuracy"]
    best = alone["accuracy"].max() / whole
    unit = "of the network's accuracy"
    return [
        Comparison(
            "units active on less than 1 % of signals",
            evidence.per_replicate(silent, MLP),
            above(SOME),
            "share of units",
        ),
        Comparison(
            "accuracy of the best single unit", evidence.per_replicate(best, MLP), below(HALF), unit
        ),
        Comparison(
            "accuracy with half as many principal components as units",
            _with_half(evidence, rows, COMPONENTS),
            above(AS_GOOD),
            unit,
        ),
        *(
            Comparison(
                f"accuracy without the half of the units that is used least: {words}",
                _with_half(evidence, rows, through),
                REPORTED,
                unit,
            )
            for through, words in ((USED, "zero in their place"), (MEANS, "means in their place"))
        ),
    ]


def _with_half(evidence: Evidence, rows: pd.DataFrame, through: str) -> np.ndarray:
    """The accuracy with half of what there is over that with all, (replicates,)."""
    found = rows[rows["through"] == through].set_index(["kept", "replicate"])["accuracy"]
    most = found.index.get_level_values("kept").max()
    return evidence.per_replicate(found[most // 2] / found[most], MLP)
