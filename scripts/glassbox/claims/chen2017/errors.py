"""Errors of networks and of signal processing: as printed, and who has less (§3, Table 7.1)."""

from collections.abc import Mapping

import numpy as np

from glassbox.analyses.errors import PRINTED
from glassbox.claims.chen2017.comparisons import ERRORS, RELIABLE, difference
from glassbox.claims.chen2017.readings import (
    CNNS,
    DEEP,
    DEEPER,
    FILTER,
    LEARNING,
    MLP,
    MLPS,
    ONE_LAYER,
    SHALLOW,
    TEST,
    by_width,
    error,
    errors_of,
)
from glassbox.claims.evidence import Evidence
from glassbox.claims.hypotheses import above, below
from glassbox.claims.judging import claim
from glassbox.claims.verdicts import Comparison, against_draws, against_published

BOUNDED, BLIND, SLID = "gaussian-derivative-bounded", "blind-step-likelihood", "nn-1-filter"


SLIGHTLY = 0.25  # share of an error up to which leaving signals out lowers it slightly


@claim("C-T01")
def printed_errors_of_draws(
    evidence: Evidence, method: str, published: Mapping[str, float]
) -> list[Comparison]:
    """C-T01: the errors of signal processing among those of many draws (§3.2.3, Table 3.1)."""
    return [
        against_draws(ERRORS[name], _of_draws(evidence, method, name), number, "samples")
        for name, number in published.items()
    ]


def _of_draws(evidence: Evidence, method: str, measure: str) -> np.ndarray:
    """An error measure of each draw of the test signals, (draws,)."""
    rows = evidence.rows(
        "detector_draws", "errors of draws", method=method, set=TEST, measure=measure
    )
    return rows.sort_values(["replicate", "draw"])["value"].to_numpy()


@claim("C-T02")
def printed_errors(
    evidence: Evidence, method: str, published: Mapping[str, float]
) -> list[Comparison]:
    """C-T: the four error measures of a row of Tables 3.3, 3.4, 4.1 and 7.1 (§3.2.3)."""
    return [
        against_published(
            ERRORS[name], errors_of(evidence, [method], TEST, name)[:, 0], number, "samples"
        )
        for name, number in published.items()
    ]


@claim("C-C06")
def trimming(evidence: Evidence) -> list[Comparison]:
    """C-C06: leaving out the worst 1 % lowers L1 slightly and L2 strongly (§3.2.3)."""
    lowered = {
        name: 1 - error(evidence, FILTER, TEST, f"{name}_p99") / error(evidence, FILTER, TEST, name)
        for name in ("L1", "L2")
    }
    unit = "share of the error"
    return [
        Comparison("fall of L1 without the worst 1 %", lowered["L1"], below(SLIGHTLY), unit),
        Comparison("fall of L2 without the worst 1 %", lowered["L2"], above(SLIGHTLY), unit),
        Comparison("fall of L2 less that of L1", lowered["L2"] - lowered["L1"], above(0), unit),
    ]


@claim("C-N03")
def filter_tail(evidence: Evidence) -> list[Comparison]:
    """C-N03: the greatest errors of the filter (§3.2.3, Fig. 3.7)."""
    return [
        against_draws(words, _of_draws(evidence, FILTER, measure), published, "samples")
        for measure, words, published in (
            ("maximum", "maximum error", 58),
            ("maximum_p99", "maximum error, lowest 99 %", 2),
        )
    ]


@claim("C-C07")
def no_outliers(evidence: Evidence) -> list[Comparison]:
    """C-C07: the MLP has no such outlying predictions as the filter (§3.3.1)."""
    return [difference(evidence, MLP, FILTER, name, below(0)) for name in ("maximum", "q999")]


@claim("C-N05")
def mlp_tail(evidence: Evidence) -> list[Comparison]:
    """C-N05: the greatest error of the 2-layer MLP (§3.3.1, Fig. 3.10)."""
    values = error(evidence, MLP, TEST, "maximum")
    return [against_published("maximum error", values, 12, "samples")]


@claim("C-C11")
def beat_the_filter(evidence: Evidence) -> list[Comparison]:
    """C-C11: every MLP has less error than the filter (§3.3.3, Table 3.3)."""
    return [
        difference(evidence, network, FILTER, name, below(0))
        for network in MLPS
        for name in PRINTED
    ]


@claim("C-C11 (bound)")
def beat_the_bound(evidence: Evidence) -> list[Comparison]:
    """C-C11 (bound): networks against the likelihood of a step that is not known (§3.3.3)."""
    return [
        difference(evidence, network, BLIND, name, below(0)) for network in MLPS for name in PRINTED
    ]


@claim("C-C12")
def third_layer_hurts(evidence: Evidence) -> list[Comparison]:
    """C-C12: one and two layers are best, adding a third hurts (§3.3.3, Table 3.3)."""
    return [
        difference(evidence, DEEPER, network, name, above(0))
        for network in (ONE_LAYER, MLP)
        for name in PRINTED
    ]


@claim("C-C14")
def learned_filter_is_better(evidence: Evidence) -> list[Comparison]:
    """C-C14: the learned filter does better than the Gaussian derivative (§3.3.3)."""
    return [
        difference(evidence, SLID, other, name, below(0))
        for other in (FILTER, BOUNDED)
        for name in PRINTED
    ]


@claim("C-C25")
def unreliable_measure(evidence: Evidence) -> list[Comparison]:
    """C-C25: L2 over all data is the least reliable of the four measures (§4.2.2, §7.1)."""
    spread = {measure: _spread(evidence, measure) for measure in PRINTED}
    return [
        Comparison(
            f"spread between replicates: L2 minus {measure}",
            spread["L2"] - spread[measure],
            above(0),
            "relative to the median, mean over networks",
        )
        for measure in RELIABLE
    ]


def _spread(evidence: Evidence, measure: str) -> np.ndarray:
    """|error / median over replicates - 1| of each replicate, mean over networks."""
    networks = (*MLPS, *by_width(SHALLOW), *by_width(DEEP))
    values = errors_of(evidence, networks, TEST, measure)
    return np.abs(values / np.median(values, axis=0) - 1).mean(axis=1)


@claim("C-C52")
def shallow_networks_are_best(evidence: Evidence) -> list[Comparison]:
    """C-C52: the 1-layer and the 2-layer network are best of all (§7.1)."""
    others = (DEEPER, LEARNING, *CNNS, f"{SHALLOW}-10", f"{DEEP}-10")
    comparisons = []
    for other in others:
        values = errors_of(evidence, [ONE_LAYER, MLP, other], TEST, "L1")
        excess = values[:, 2] - values[:, :2].max(axis=1)
        part = f"L1: {other} minus the worse of {ONE_LAYER} and {MLP}"
        comparisons.append(Comparison(part, excess, above(0), "samples"))
    return comparisons


@claim("C-N09")
def mnist_accuracy(evidence: Evidence) -> list[Comparison]:
    """C-N09: test accuracy of the 5-layer MLP on MNIST (§6.4.2)."""
    accuracy = error(evidence, "mnist-5", "mnist/test", "accuracy")
    return [against_published("test accuracy", accuracy, 0.9807, "share of examples")]
