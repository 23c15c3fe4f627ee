"""Networks with a narrow layer, of one and of three hidden layers (§4.2, §4.3).

A replicate whose network stayed at chance is left out, as among convolutions.
"""

from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import stats

from glassbox.analyses.errors import PRINTED
from glassbox.claims.chen2017.comparisons import RELIABLE, differences, relative
from glassbox.claims.chen2017.readings import (
    DEEP,
    FILTER,
    LEARNING,
    MLP,
    SHALLOW,
    TEST,
    TRAIN,
    WIDTHS,
    at_chance,
    by_width,
    class_means,
    errors_of,
)
from glassbox.claims.evidence import Evidence, Missing, Unanswerable
from glassbox.claims.hypotheses import REPORTED, above, below, inside
from glassbox.claims.judging import claim
from glassbox.claims.verdicts import Comparison, Correlation, against_published

ALIKE = 0.9  # rank correlation from which distances follow locations
SAME = 0.1  # relative difference of errors that no longer fall
MONOTONE = -0.8  # Kendall's tau; each swapped pair of neighbours takes 2/36 from -1
SILENT = 0.01  # share of the largest class mean up to which a unit is off for a class
SOME = 0.01  # share of units that are dead from which some are
NOT_NEEDED = 0.1  # one unit of ten that is switched off
LOCAL = 10  # classes up to which a distance is local
NOT_NEIGHBOURS = 3


@claim("C-C21")
def bottlenecks_are_worse(evidence: Evidence) -> list[Comparison]:
    """C-C21: bottlenecks against MLPs, the filter and each other (§4.2.2, Table 4.1; E-C16)."""
    pairs = [(f"{SHALLOW}-{width}", MLP) for width in (4, 10)]
    pairs += [(f"{DEEP}-{width}", LEARNING) for width in (4, 10)]
    return [
        *(part for pair in pairs for part in differences(evidence, *pair, ["L1"], above(0))),
        *(
            part
            for one, _ in pairs
            for part in differences(evidence, one, FILTER, ["L1"], above(0))
        ),
        *(
            part
            for one, _ in pairs
            for part in differences(evidence, one, FILTER, ["L2"], REPORTED)
        ),
        *(
            differences(evidence, f"{family}-4", f"{family}-10", ["L1"], above(0))[0]
            for family in (SHALLOW, DEEP)
        ),
        *(
            differences(evidence, f"{DEEP}-{width}", f"{SHALLOW}-{width}", ["L1"], below(0))[0]
            for width in (4, 10)
        ),
        *differences(evidence, LEARNING, MLP, ["L1"], above(0)),
    ]


@claim("C-C22")
def shallow_errors_fall(evidence: Evidence) -> list[Comparison]:
    """C-C22: errors fall with the width of a shallow bottleneck, but for L2 (§4.2.2, Fig. 4.3)."""
    comparisons = []
    for measure in PRINTED:
        values = errors_of(evidence, by_width(SHALLOW), TEST, measure)
        tau = _trends(values)
        hypothesis = below(MONOTONE) if measure in RELIABLE else REPORTED
        comparisons.append(
            Comparison(f"{measure}: Kendall's tau with the width", tau, hypothesis, "tau")
        )
    return comparisons


def _trends(values: np.ndarray) -> np.ndarray:
    """Kendall's tau of a measure (replicates, widths) with the width, (replicates,)."""
    return np.array([stats.kendalltau(WIDTHS, row).statistic for row in values])


@claim("C-C23")
def deep_errors_follow_active_units(evidence: Evidence) -> list[Comparison]:
    """C-C23: deep bottlenecks are not monotone, since units are dead (§4.2.2, Figs 4.4, 4.5)."""
    networks = [*by_width(DEEP), *by_width(SHALLOW)]
    values, shallow = np.split(errors_of(evidence, networks, TEST, "L1"), 2, axis=1)
    active = (1 - _dead_by_width(evidence, DEEP, layer=2)) * np.array(WIDTHS)
    active = active[: evidence.count(*networks)][~at_chance(evidence, networks, TEST)]
    steep, steeper = _trends(values), _trends(shallow)
    closer = [
        stats.spearmanr(error, WIDTHS).statistic - stats.spearmanr(error, count).statistic
        for error, count in zip(values, active, strict=True)
    ]
    part = "rank correlation of L1 with the width, minus that with the active units"
    return [
        Comparison("L1: Kendall's tau with the width", steep, above(MONOTONE), "tau"),
        Comparison(
            "L1: Kendall's tau with the width, deep minus shallow",
            steep - steeper,
            above(0),
            "tau",
        ),
        Comparison(part, np.array(closer), above(0), "correlation"),
    ]


@claim("C-C24")
def dead_units(evidence: Evidence) -> list[Comparison]:
    """C-C24: units die in all hidden layers of deep bottlenecks, not in shallow ones (§4.2.2)."""

    def shares(family: str, layer: int) -> np.ndarray:
        return _dead_by_width(evidence, family, layer).mean(axis=1)

    unit = "share of units, mean over widths"
    return [
        *(
            Comparison(
                f"{DEEP}: dead units in layer {layer}", shares(DEEP, layer), above(SOME), unit
            )
            for layer in (1, 2, 3)
        ),
        Comparison(f"{SHALLOW}: dead units", shares(SHALLOW, 1), below(SOME), unit),
    ]


@claim("C-N11")
def active_units(evidence: Evidence) -> list[Comparison]:
    """C-N11: how many units of a deep bottleneck are active (§4.2.2, Fig. 4.5)."""
    return [
        against_published(
            f"active units of {width} in the bottleneck",
            width * (1 - _activity(evidence, f"{DEEP}-{width}", layer=2).to_numpy()),
            published,
            "units",
        )
        for width, published in ((6, 5), (9, 8), (10, 8))
    ]


@claim("C-C31")
def wide_enough(evidence: Evidence) -> list[Comparison]:
    """C-C31: more than three to five units do not help, and switch off (§4.3.1, §4.3.5)."""
    dead = _activity(evidence, f"{DEEP}-10", layer=2).to_numpy()
    return [
        *(
            relative(evidence, f"{family}-10", f"{family}-5", "L1", inside(-SAME, SAME))
            for family in (SHALLOW, DEEP)
        ),
        Comparison(
            f"{DEEP}-10: dead units in the bottleneck", dead, above(NOT_NEEDED), "share of units"
        ),
    ]


def _dead_by_width(evidence: Evidence, family: str, layer: int) -> np.ndarray:
    """The share of dead units of a layer, (replicates, widths)."""
    networks = by_width(family)
    found = [_activity(evidence, network, layer) for network in networks]
    return evidence.per_replicate(pd.concat(found, axis=1), *networks)


def _activity(evidence: Evidence, network: str, layer: int) -> pd.Series:
    """The share of dead units of a layer by replicate."""
    rows = evidence.rows("unit_activity", "activity of units", method=network, set=TRAIN)
    rows = rows[rows["depth"] == layer]
    return (rows["active"] == 0).groupby(rows["replicate"]).mean()


@claim("C-C26")
def continuity(evidence: Evidence) -> list[Comparison]:
    """C-C26: adjacent classes lie close in the bottleneck (§4.2.3)."""
    return [
        Comparison(
            f"{name}: rank correlation of distance and difference of location up to {LOCAL}",
            np.array([_local_order(plane) for plane in planes]),
            above(ALIKE),
            "correlation",
        )
        for name, planes in _planes(evidence).items()
    ]


def _local_order(means: np.ndarray) -> float:
    apart = np.abs(np.subtract.outer(np.arange(len(means)), np.arange(len(means))))
    distance = np.linalg.norm(means[:, None] - means, axis=2)
    local = (apart > 0) & (apart <= LOCAL)
    return float(stats.spearmanr(apart[local], distance[local]).statistic)


@claim("C-C27")
def separation_and_error(evidence: Evidence) -> list[Comparison]:
    """C-C27: a curve that keeps apart from itself goes with good performance (§4.3.1)."""
    comparisons = []
    for name, planes in _planes(evidence).items():
        error = errors_of(evidence, [name], TEST, "L1")[:, 0]
        if len(error) != len(planes):
            raise Missing(f"class means of every replicate of {name}")
        apart = np.array([_separation(plane) for plane in planes])
        pairs = np.stack([apart, error], axis=1)
        part = f"{name}: rank correlation over replicates of least distance and L1"
        comparisons.append(Correlation(part, pairs, below(0), "correlation"))
    return comparisons


def _separation(means: np.ndarray) -> float:
    """The least distance of classes that are no neighbours, over the length of the curve."""
    apart = np.abs(np.subtract.outer(np.arange(len(means)), np.arange(len(means))))
    distance = np.linalg.norm(means[:, None] - means, axis=2)
    length = sum(np.linalg.norm(b - a) for a, b in pairwise(means))
    return float(distance[apart >= NOT_NEIGHBOURS].min() / length)


def _planes(evidence: Evidence) -> dict[str, np.ndarray]:
    """Class means in the two-dimensional bottlenecks, (replicates, labels, 2)."""
    layers = {f"{SHALLOW}-2": 1, f"{DEEP}-2": 2}
    return {name: class_means(evidence, name, TRAIN)[layer] for name, layer in layers.items()}


@claim("C-N12")
def worst_classes(evidence: Evidence) -> list[Comparison]:
    """C-N12: classes where one coordinate is zero are told apart worst (§4.2.3, Fig. 4.6)."""
    network = f"{SHALLOW}-2"
    _, plane, output = class_means(evidence, network, TRAIN)
    off = (plane <= SILENT * plane.max(axis=(1, 2), keepdims=True)).any(axis=2)
    right = np.diagonal(output, axis1=1, axis2=2)
    counts = off.sum(axis=1)
    some = (counts > 0) & (counts < off.shape[1])
    if not some.any():
        raise Unanswerable(f"class of {network} with a coordinate that is zero")
    pairs = zip(right[some], off[some], strict=True)
    difference = np.array([of[where].mean() - of[~where].mean() for of, where in pairs])
    part = "probability of the right class: where a coordinate is zero, minus elsewhere"
    return [
        Comparison(part, difference, below(0), "probability"),
        Comparison("classes with a coordinate that is zero", counts, REPORTED, "classes"),
    ]
