"""Libraries: how they grow, what they predict, and how their links are read (§2, §3.1, §3.3)."""

from itertools import pairwise

import numpy as np

from glassbox.analyses.rounding import tolerance
from glassbox.claims.evidence import Evidence, Unanswerable, paired
from glassbox.claims.hypotheses import REPORTED, above, below, inside
from glassbox.claims.judging import claim
from glassbox.claims.lee2019.readings import (
    HALF,
    NETWORKS,
    SHARE,
    by_threshold,
    highest,
    highest_threshold,
    of_patterns,
    variant,
)
from glassbox.claims.verdicts import Comparison

RELIABLE = 0.9  # agreement that counts as reliable on MNIST


@claim("L-N11")
def shown_again(evidence: Evidence, method: str) -> list[Comparison]:
    """L-N11: a stored pattern shown again gives 1 at its node, less at the others (§2.1)."""
    comparisons = []
    for layer in NETWORKS[method]:
        own = highest(evidence, method, layer, "own activation")
        other = highest(evidence, method, layer, "other activation")
        rounding = tolerance(int(of_patterns(evidence, method, layer, "units")))
        near_one = inside(-rounding, rounding)
        comparisons += [
            Comparison(f"{layer}: least activation of the own node minus 1", own - 1, near_one, ""),
            Comparison(f"{layer}: largest of another node minus 1", other - 1, below(0), ""),
        ]
    return comparisons


@claim("L-C01")
def grows(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C01: libraries grow with the threshold (Figs 2A, 4A)."""
    return [
        Comparison(
            f"{layer}: smallest step of the size from threshold to threshold",
            np.diff(by_threshold(evidence, method, layer, "size").to_numpy(), axis=1).min(axis=1),
            above(0),
            "nodes",
        )
        for layer in NETWORKS[method]
    ]


@claim("L-C02")
def shrink_with_depth(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C02: at one threshold libraries of earlier layers are bigger (Fig. 2A; E-L06)."""
    comparisons = []
    for one, other in pairwise(NETWORKS[method]):
        earlier, later = (by_threshold(evidence, method, each, "size") for each in (one, other))
        common = sorted(set(earlier.columns) & set(later.columns))
        if not common:
            raise Unanswerable(f"threshold that libraries of {one} and {other} of {method} share")
        log_ratio = np.log2(earlier[common].to_numpy() / later[common].to_numpy())
        part = f"{one} over {other}: smallest ratio of sizes over thresholds {common[0]:g} to "
        comparisons.append(
            Comparison(f"{part}{common[-1]:g}", log_ratio.min(axis=1), above(0), "log2 of ratio")
        )
    return comparisons


@claim("L-C03")
def predicts(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C03: libraries predict the answers reliably, better at higher thresholds (Fig. 2B)."""
    comparisons = []
    for layer in NETWORKS[method]:
        shares = by_threshold(evidence, method, layer, "top1").to_numpy()
        best = shares[:, -1]
        comparisons += [
            Comparison(f"{layer}: agreement, highest threshold", best, above(RELIABLE), SHARE),
            Comparison(
                f"{layer}: agreement, highest minus lowest threshold",
                best - shares[:, 0],
                above(0),
                SHARE,
            ),
            *_beside(evidence, method, layer, best),
        ]
    return comparisons


def _beside(evidence: Evidence, method: str, layer: str, ours: np.ndarray) -> list[Comparison]:
    """What plain neighbours and a linear probe do, to be reported."""
    names = {
        "prototypes": "neighbours among as many random patterns",
        "neighbours=1": "the nearest of all patterns",
        "probe": "a linear probe",
    }
    return [
        Comparison(
            f"{layer}: agreement minus that of {words}",
            ours - variant(evidence, method, layer, name, "top1"),
            REPORTED,
            SHARE,
        )
        for name, words in names.items()
    ]


@claim("L-C04")
def three_answers(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C04: three best answers instead of one raise the agreement dramatically (Fig. 2C)."""
    comparisons = []
    for layer in NETWORKS[method]:
        one, three = (
            by_threshold(evidence, method, layer, name).to_numpy() for name in ("top1", "top3")
        )
        left = ((1 - three) - HALF * (1 - one)).mean(axis=1)
        part = f"{layer}: disagreement with three answers minus half of that with one, mean"
        comparisons.append(Comparison(f"{part} over thresholds", left, below(0), SHARE))
    return comparisons


@claim("L-C05")
def deeper_is_better(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C05: at the highest thresholds later layers predict better (Fig. 2B)."""
    at = {
        layer: f"{layer} at {highest_threshold(evidence, method, layer):.4g}"
        for layer in NETWORKS[method]
    }
    return [
        Comparison(
            f"agreement at the highest threshold, {at[other]}, minus {at[one]}",
            highest(evidence, method, other, "top1") - highest(evidence, method, one, "top1"),
            above(0),
            SHARE,
        )
        for one, other in pairwise(NETWORKS[method])
    ]


@claim("L-C13")
def less_but_reliable(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C13: ResNet44's libraries agree less than MNIST's, yet reliably (§3.3, Fig. 4)."""
    mnist = [highest(evidence, "lenet", each, "top1") for each in NETWORKS["lenet"]]
    layers = {each: highest(evidence, method, each, "top1") for each in NETWORKS[method]}
    majority = variant(evidence, method, "FC", "network", "majority")
    less = np.subtract(*paired(np.mean(list(layers.values()), axis=0), np.mean(mnist, axis=0)))
    return [
        Comparison("mean agreement minus that on MNIST", less, below(0), SHARE),
        *(
            Comparison(f"{layer}: agreement", values, above(HALF), SHARE)
            for layer, values in layers.items()
        ),
        Comparison("share of the network's most frequent answer", majority, REPORTED, SHARE),
    ]


@claim("L-C20")
def shows_what_underperforms(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C20: where libraries lose agreement shows the layer that underperforms (§4.1).

    In networks with one layer made too small: the loss there, and less in the layer before.
    """
    layers, comparisons = NETWORKS[method], []
    for place, layer in enumerate(layers[:-1]):
        small = f"{method}-{layer.lower()}"
        here, before = (
            _loss(evidence, method, small, each) for each in (layer, layers[max(place - 1, 0)])
        )
        part = f"agreement lost with {layer} too small: in {layer}"
        comparisons.append(Comparison(part, here, above(0), SHARE))
        if place:
            part = f"{part} minus in {layers[place - 1]}"
            comparisons.append(Comparison(part, here - before, above(0), SHARE))
    return comparisons


def _loss(evidence: Evidence, method: str, small: str, layer: str) -> np.ndarray:
    """How much less the libraries of a layer agree than the whole network's: (replicates,)."""
    both = (highest(evidence, each, layer, "top1") for each in (method, small))
    return np.subtract(*paired(*both))
