"""Weights and units of the 2-layer MLP (§3.3)."""

from glassbox.analyses.redundancy import ONE, USED
from glassbox.claims.chen2017.heat_maps import STRIPES, autocorrelation, share_between_units
from glassbox.claims.chen2017.readings import HALF, MLP, TRUE_LABELS, hidden_layers
from glassbox.claims.evidence import Evidence
from glassbox.claims.judging import claim
from glassbox.claims.verdicts import Comparison, above, below

HARDLY = 0.01  # share of signals below which a unit is almost never active
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
            evidence.per_replicate(ratio),
            below(0),
            "relative difference",
        )
    ]


@claim("C-C09")
def stripes_when_learning(evidence: Evidence) -> list[Comparison]:
    """C-C09: hidden activations vary gradually over locations (§3.3.3, Fig. 3.12)."""
    (layer,) = hidden_layers(evidence, MLP, TRUE_LABELS)
    return [
        Comparison(
            "stripes", autocorrelation(layer), above(STRIPES), "autocorrelation over labels"
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
    parts = rows[rows["through"] == USED].set_index("replicate")
    whole = parts.loc[parts["kept"] == parts["kept"].max(), "accuracy"]
    half = parts.loc[parts["kept"] == parts["kept"].max() // 2, "accuracy"]
    best = alone["accuracy"].max()
    silent = alone["active"].agg(lambda active: (active < HARDLY).mean())
    unit = "of the network's accuracy"
    return [
        Comparison(
            "units active on less than 1 % of signals",
            evidence.per_replicate(silent),
            above(0),
            "share of units",
        ),
        Comparison(
            "accuracy of the best single unit",
            evidence.per_replicate(best / whole),
            below(HALF),
            unit,
        ),
        Comparison(
            "accuracy without the half of the units that is used least",
            evidence.per_replicate(half / whole),
            above(AS_GOOD),
            unit,
        ),
    ]
