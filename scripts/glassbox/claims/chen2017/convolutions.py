"""Networks with convolutional layers (§3.4).

A replicate whose network stayed at chance is left out: the thesis shows trained networks. How many
are left shows in each comparison.
"""

from collections.abc import Sequence

import numpy as np

from glassbox.analyses.errors import PRINTED
from glassbox.analyses.filters import SMOOTHS
from glassbox.claims.chen2017.comparisons import differences, relative
from glassbox.claims.chen2017.readings import (
    CNNS,
    FILTER,
    HALF,
    MLP,
    ONE_LAYER,
    TEST,
    class_means,
    learned,
)
from glassbox.claims.chen2017.signals import ALIKE, SHIFT, mean_correlation
from glassbox.claims.evidence import Evidence, Unanswerable
from glassbox.claims.hypotheses import above, below, inside
from glassbox.claims.intervals import share_interval
from glassbox.claims.judging import claim
from glassbox.claims.verdicts import Comparison

NEAR = 3  # samples from the jump that count as near, the reach of a filter of seven taps
CLOSE = 0.15  # relative difference of errors that are close to each other


@claim("C-C15")
def one_convolution(evidence: Evidence, method: str) -> list[Comparison]:
    """C-C15: smoothing and a first derivative, a peak near the jump, a near-diagonal matrix."""
    first, *_ = _first_locations(evidence, method)
    hidden = np.abs(class_means(evidence, method, TEST)[1])
    labels = np.arange(hidden.shape[1])
    near = np.abs(hidden.argmax(axis=2) + 1 - first - labels) <= NEAR
    return [
        _differentiate(evidence, method, layer=1),
        Comparison(
            f"mean activation peaks within {NEAR} samples of the jump",
            near.mean(axis=1),
            above(HALF),
            "share of classes",
        ),
        Comparison(
            f"dense weights within {NEAR} samples of the jump",
            _filters(evidence, method, "diagonal", layer=2),
            above(HALF),
            "share of squares",
        ),
    ]


def _first_locations(evidence: Evidence, network: str) -> np.ndarray:
    """The location that class 0 stands for, from the table of gradient ascent."""
    rows = evidence.rows("gradient_ascents", "gradient ascent", method=network)
    return (rows["location"] - rows["label"]).unique()


@claim("C-C16")
def short_filters(evidence: Evidence) -> list[Comparison]:
    """C-C16: filters of fewer than seven taps only smooth (§3.4.1, Fig. 3.19)."""
    return [
        _smooth(evidence, "cnn-3", layer=1),
        _smooth(evidence, "cnn-5", layer=1),
        _differentiate(evidence, "cnn-7", layer=1),
        _differentiate(evidence, "cnn-9", layer=1),
    ]


@claim("C-C17")
def two_convolutions(evidence: Evidence, method: str) -> list[Comparison]:
    """C-C17: the first filter smooths and enlarges the gap, the second differentiates (§3.4.2)."""
    gain = np.abs(_sums(evidence, method, layer=1))
    return [
        _smooth(evidence, method, layer=1),
        Comparison("gain of the first filter on a constant", gain, above(1.0), "ratio"),
        _differentiate(evidence, method, layer=2),
    ]


def _sums(evidence: Evidence, network: str, layer: int) -> np.ndarray:
    rows = evidence.rows("filters", "filters", method=network, measure="weight")
    rows = rows[rows["replicate"].isin(learned(evidence, network)) & (rows["depth"] == layer)]
    return rows.groupby("replicate")["value"].sum().to_numpy()


@claim("C-C18")
def third_convolution(evidence: Evidence, two: str, three: str) -> list[Comparison]:
    """C-C18: a third convolutional layer is redundant (§3.4.3)."""
    *_, second, third, _ = class_means(evidence, three, TEST)
    alike = [mean_correlation(*pair) for pair in zip(second, third, strict=True)]
    return [
        Comparison(
            f"mean activations before and after layer 3, shifted by up to {SHIFT} samples",
            np.array(alike),
            above(ALIKE),
            "correlation",
        ),
        relative(evidence, three, two, "L1", above(-0.05)),
    ]


def _smooth(evidence: Evidence, network: str, layer: int) -> Comparison:
    """The share of replicates whose filter smooths is over a half."""
    return _share(evidence, network, layer, smooths=True)


def _differentiate(evidence: Evidence, network: str, layer: int) -> Comparison:
    """The share of replicates whose filter differentiates is over a half."""
    return _share(evidence, network, layer, smooths=False)


def _share(evidence: Evidence, network: str, layer: int, smooths: bool) -> Comparison:
    found = (_filters(evidence, network, "balance", layer) > SMOOTHS) == smooths
    what = "smooths" if smooths else "differentiates"
    part = f"{network}: the filter of layer {layer} {what}"
    return Comparison(part, found.astype(float), above(HALF), "share of replicates", share_interval)


def _filters(evidence: Evidence, network: str, measure: str, layer: int) -> np.ndarray:
    """A measure of a layer's filter, of each replicate that learned."""
    rows = evidence.rows("filters", "filters", method=network, measure=measure)
    rows = rows[rows["replicate"].isin(learned(evidence, network)) & (rows["depth"] == layer)]
    if rows.empty:
        raise Unanswerable(f"replicate of {network} that learned")
    return rows.sort_values("replicate")["value"].to_numpy()


@claim("C-C19")
def errors_of_cnns(evidence: Evidence, cnns: Sequence[str]) -> list[Comparison]:
    """C-C19: CNNs beat the filter and are alike; two layers are best, three worst (§3.4.4)."""
    one, two, three = cnns
    return [
        *(part for cnn in cnns for part in differences(evidence, cnn, FILTER, PRINTED, below(0))),
        *(
            relative(evidence, *pair, "L1", inside(-CLOSE, CLOSE))
            for pair in ((one, two), (three, two), (three, one))
        ),
        *differences(evidence, two, one, ["L1"], below(0)),
        *differences(evidence, three, one, ["L1"], above(0)),
        *differences(evidence, two, MLP, ["L1", "L1_p99"], above(0)),
    ]


@claim("C-C20")
def one_layer_against_cnns(evidence: Evidence) -> list[Comparison]:
    """C-C20: the 1-layer network is a bit better, with more outliers (§3.4.4)."""
    return [
        part
        for cnn in CNNS
        for part in (
            *differences(evidence, ONE_LAYER, cnn, ["L1", "L1_p99"], below(0)),
            *differences(evidence, ONE_LAYER, cnn, ["L2"], above(0)),
        )
    ]
