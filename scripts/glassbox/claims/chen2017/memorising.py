"""Averaged activations of the network that memorises shuffled labels (§6.2)."""

from glassbox.claims.chen2017.heat_maps import (
    STRIPES,
    autocorrelation,
    never_active,
    share_between_labels,
    share_between_units,
)
from glassbox.claims.chen2017.readings import (
    ALL_RIGHT,
    HALF,
    LEARNING,
    MEMORISING,
    SHUFFLED,
    TRUE_LABELS,
    Layer,
    error,
    hidden_layers,
    same_depth,
)
from glassbox.claims.evidence import Evidence, paired
from glassbox.claims.hypotheses import REPORTED, above, below, inside
from glassbox.claims.judging import claim
from glassbox.claims.layers import UNTRAINED
from glassbox.claims.verdicts import Comparison

ONE_POINT = 0.01
SOME = 0.01  # three of the three hundred hidden units


@claim("C-C39")
def no_stripes_when_memorising(evidence: Evidence) -> list[Comparison]:
    """C-C39: averaged activations of the memorising network, shuffled labels (§6.2.4, Fig. 6.3)."""
    memorising = hidden_layers(evidence, MEMORISING, SHUFFLED)
    learning = hidden_layers(evidence, LEARNING, TRUE_LABELS)
    same_depth(len(memorising), len(learning))
    comparisons = []
    for number, (noise, signal) in enumerate(zip(memorising, learning, strict=True), start=1):
        comparisons += _no_stripes(number, noise, signal)
    accuracy = error(evidence, MEMORISING, SHUFFLED, "accuracy")
    dead = never_active(memorising)
    return [
        *comparisons,
        Comparison("units never active, all hidden layers", dead, above(SOME), "share of units"),
        Comparison("training accuracy", accuracy, above(ALL_RIGHT), "share of examples"),
    ]


def _no_stripes(number: int, memorising: Layer, learning: Layer) -> list[Comparison]:
    """What C-C39 says of one hidden layer."""
    where = f"layer {number}"
    stripes, learned = paired(autocorrelation(memorising), autocorrelation(learning))
    between = paired(share_between_labels(memorising), share_between_labels(learning))
    alike = between[0] - between[1]
    correlation, variance = "autocorrelation over labels", "share of variance"
    versus = f"{MEMORISING} minus {LEARNING}"
    return [
        Comparison(f"{where}: stripes", stripes, below(STRIPES), correlation),
        Comparison(f"{where}: stripes, {versus}", stripes - learned, below(0), correlation),
        Comparison(f"{where}: difference between labels, {versus}", alike, below(0), variance),
        Comparison(
            f"{where}: class means vary between units, not labels",
            share_between_units(memorising),
            above(HALF),
            variance,
        ),
    ]


@claim("C-C40")
def stripes_on_true_labels(evidence: Evidence) -> list[Comparison]:
    """C-C40: the memorising network on true labels (§6.2.4, Fig. 6.4; E-C12)."""
    layers = hidden_layers(evidence, MEMORISING, TRUE_LABELS)
    chance = 1 / layers[0].means.shape[1]
    accuracy = error(evidence, MEMORISING, TRUE_LABELS, "accuracy")
    stripes = [
        Comparison(
            f"layer {number}: stripes",
            autocorrelation(layer),
            above(STRIPES),
            "autocorrelation over labels",
        )
        for number, layer in enumerate(layers, start=1)
    ]
    start = hidden_layers(evidence, UNTRAINED.format(MEMORISING), TRUE_LABELS)
    learned = [
        Comparison(
            f"layer {number}: stripes, trained minus untrained",
            autocorrelation(trained) - autocorrelation(untrained),
            REPORTED,
            "autocorrelation over labels",
        )
        for number, (trained, untrained) in enumerate(zip(layers, start, strict=True), start=1)
    ]
    near_chance = Comparison(
        "accuracy on true labels minus chance",
        accuracy - chance,
        inside(-ONE_POINT, ONE_POINT),
        "share of examples",
    )
    return [*stripes, near_chance, *learned]
