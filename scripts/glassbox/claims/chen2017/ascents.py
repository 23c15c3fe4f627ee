"""Signals from gradient ascent (§5)."""

import numpy as np
import pandas as pd
from scipy import stats

from glassbox.claims.chen2017.readings import (
    CNNS,
    LEARNING,
    MLPS,
    ONE_LAYER,
    TEST,
    at_chance,
    errors_of,
    learned,
)
from glassbox.claims.chen2017.signals import ALIKE, SHIFT, correlation
from glassbox.claims.evidence import Evidence, Missing, Unanswerable
from glassbox.claims.hypotheses import REPORTED, above, below
from glassbox.claims.judging import claim
from glassbox.claims.verdicts import Comparison

DROP = 0.05  # share of a signal's range from which it drops
SOME = 2 / 60  # two of the classes, as in print
RECOGNISED = 1  # samples by which the largest increase may miss the jump
REACHED = 0.995
FAR = 10  # locations


@claim("C-C33")
def shape_of_ascents(evidence: Evidence) -> list[Comparison]:
    """C-C33: drops around the jump in the 1-layer network, but for the ends (§5.1, Fig. 5.1)."""
    rows = _ascent(evidence, ONE_LAYER)
    wanted = {
        (40, "before"): above(DROP),
        (40, "after"): above(DROP),
        (60, "before"): above(DROP),
        (60, "after"): above(DROP),
        (21, "before"): below(DROP),
        (80, "after"): below(DROP),
    }
    comparisons = []
    for (location, side), hypothesis in wanted.items():
        values = rows.loc[rows["location"] == location].sort_values("replicate")[side].to_numpy()
        if not len(values):
            raise Missing(f"gradient ascent of {ONE_LAYER} at location {location}")
        part = f"drop {side} the jump at {location}"
        comparisons.append(Comparison(part, values, hypothesis, "of the signal's range"))
    return comparisons


@claim("C-C34")
def noisier_with_depth(evidence: Evidence) -> list[Comparison]:
    """C-C34: deeper MLPs give noisier signals, some with no clear jump (§5.1, Fig. 5.2)."""
    deepest = _ascent(evidence, LEARNING)
    missed = (deepest["offset"].abs() > RECOGNISED).groupby(deepest["replicate"]).mean()
    reached = deepest["reached"].astype(float).groupby(deepest["replicate"]).mean()
    clarity = _slope(_by_depth(evidence, "clarity"))
    return [
        Comparison("clarity, slope of its logarithm over layers", clarity, below(0), "per layer"),
        Comparison(
            f"{LEARNING}: largest increase elsewhere",
            missed.to_numpy(),
            above(SOME),
            "share of classes",
        ),
        Comparison(
            f"{LEARNING}: 0.999 reached", reached.to_numpy(), above(REACHED), "share of classes"
        ),
    ]


@claim("C-C35")
def easier_to_attack(evidence: Evidence) -> list[Comparison]:
    """C-C35: deeper networks are easier to attack (§5.1).

    Of test signals that all four networks answer right: how little changes the answer.
    """
    part = "least change of a test signal that changes the answer{}, slope of its logarithm"
    return [
        Comparison(part.format(""), _slope(_attacked(evidence, 1)), below(0), "per layer"),
        Comparison(
            part.format(f" by {FAR} locations or more"),
            _slope(_attacked(evidence, FAR)),
            REPORTED,
            "per layer",
        ),
    ]


def _attacked(evidence: Evidence, apart: int) -> np.ndarray:
    """The median distance over the signals that all MLPs answer right, (replicates, depths)."""
    tables = []
    for network in MLPS:
        rows = evidence.rows(
            "adversarial_distances", "attacks", method=network, set=TEST, apart=apart
        )
        tables.append(rows.set_index(["replicate", "example_id"])[["distance", "right"]])
    both = pd.concat(tables, axis=1, keys=range(len(MLPS)))
    right = both.xs("right", axis=1, level=1).eq(True).all(axis=1)
    distances = both.xs("distance", axis=1, level=1)[right]
    return evidence.per_replicate(distances.groupby("replicate").median(), *MLPS)


@claim("C-C36")
def clarity_and_error(evidence: Evidence) -> list[Comparison]:
    """C-C36: the clearer the signals of a model, the lower its error (§5.1)."""
    clarity = _by_depth(evidence, "clarity")[~at_chance(evidence, MLPS, TEST)]
    errors = errors_of(evidence, MLPS, TEST, "L1")
    pairs = zip(clarity, errors, strict=True)
    ranked = [stats.spearmanr(clear, error).statistic for clear, error in pairs]
    part = "rank correlation of clarity and L1 over the MLPs"
    return [Comparison(part, np.array(ranked), below(0), "correlation")]


def _by_depth(evidence: Evidence, measure: str) -> np.ndarray:
    """The median over classes of a measure of ascents, (replicates, depths)."""
    columns = [
        _ascent(evidence, network).groupby("replicate")[measure].median() for network in MLPS
    ]
    return evidence.per_replicate(pd.concat(columns, axis=1, keys=MLPS), *MLPS)


def _slope(values: np.ndarray) -> np.ndarray:
    """Least-squares slopes of log values over the number of layers, (replicates,)."""
    depth = np.arange(values.shape[1]) - (values.shape[1] - 1) / 2
    return np.log(values) @ depth / (depth**2).sum()


def _ascent(evidence: Evidence, network: str) -> pd.DataFrame:
    return evidence.rows("gradient_ascents", "gradient ascent", method=network)


@claim("C-C37")
def sharper_in_deeper_layers(evidence: Evidence) -> list[Comparison]:
    """C-C37: signals of CNNs, layer by layer (§5.2, Figs 5.4 and 5.5)."""
    two, three = (_layers(evidence, cnn) for cnn in CNNS[1:])
    sharper = {"two": two, "three": three}
    return [
        *(
            Comparison(
                f"{name} layers: width of the peak, last layer minus input",
                np.array([_width(layers[-1]) - _width(layers[0]) for layers in replicates]),
                below(0),
                "samples",
            )
            for name, replicates in sharper.items()
        ),
        *(
            Comparison(
                f"{name} layers: input and layer 1",
                np.array([_best_correlation(layers[0], layers[1]) for layers in replicates]),
                above(ALIKE),
                "correlation",
            )
            for name, replicates in sharper.items()
        ),
        Comparison(
            "three layers: before and after layer 3",
            np.array([_best_correlation(layers[2], layers[3]) for layers in three]),
            above(ALIKE),
            "correlation",
        ),
    ]


def _layers(evidence: Evidence, network: str, location: int = 50) -> list[np.ndarray]:
    """Signals (layers, length) of gradient ascent, of each replicate that reached 0.999."""
    rows = _ascent(evidence, network)
    rows = rows[(rows["location"] == location) & rows["reached"]]
    rows = rows[rows["replicate"].isin(learned(evidence, network))]
    signals = evidence.rows(
        "gradient_ascents.signals", "signals of gradient ascent", method=network
    )
    chosen = signals.merge(rows[["replicate", "label"]], on=["replicate", "label"])
    if chosen.empty:
        raise Unanswerable(f"signal of {network} that reached 0.999")
    return [
        each.pivot(index="depth", columns="sample", values="value").to_numpy()
        for _, each in chosen.groupby("replicate")
    ]


def _width(signal: np.ndarray) -> float:
    """Samples around its extreme value that are over half of it, both from the median."""
    height = np.abs(signal - np.median(signal))
    peak = int(height.argmax())
    low = np.flatnonzero(height <= height[peak] / 2)
    before, after = low[low < peak], low[low > peak]
    start = before.max() if len(before) else -1
    end = after.min() if len(after) else len(signal)
    return float(end - start - 1)


def _best_correlation(one: np.ndarray, other: np.ndarray) -> float:
    """The correlation of two signals, or of one with the other upside down, at the best shift."""
    return max(abs(correlation(one, other, by)) for by in range(-SHIFT, SHIFT + 1))
