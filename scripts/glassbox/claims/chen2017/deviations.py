"""Deviations within and between classes, from layer to layer (§6.4, Eq. 6.1, 6.4 to 6.9).

Profiles over layers leave out the output layer, as Fig. 6.7 does: layer 0 is the input, the others
are hidden.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from glassbox.claims.chen2017.readings import (
    FITTED,
    LEARNING,
    LONG,
    MEMORISING,
    SHUFFLED,
    TRUE_LABELS,
    ratio,
    same_depth,
)
from glassbox.claims.evidence import Evidence, paired
from glassbox.claims.hypotheses import REPORTED, Hypothesis, above, below, inside
from glassbox.claims.judging import claim
from glassbox.claims.layers import UNTRAINED, deviation
from glassbox.claims.verdicts import Comparison

DEVIATIONS = {  # Eq. 6.1, 6.5 to 6.9
    "euclidean": "Euclidean",
    "normalised": "normalised Euclidean",
    "cosine": "cosine",
    "correlation": "correlation",
}
INSENSITIVE = ("normalised", "cosine", "correlation")  # to the activation level, §6.4.1

CONSTANT = 0.1  # relative change up to which a measure stays


@dataclass(frozen=True)
class Profile:
    """A measure from the input (layer 0) to the last hidden layer, (replicates, layers)."""

    name: str
    unit: str
    values: np.ndarray

    def steps(self, hypothesis: Hypothesis) -> list[Comparison]:
        """The difference of each hidden layer from the layer before it."""
        return [
            Comparison(
                f"{self.name}, layer {layer} minus layer {layer - 1}",
                difference,
                hypothesis,
                self.unit,
            )
            for layer, difference in enumerate(np.diff(self.values).T, start=1)
        ]

    def largest_step(self, hypothesis: Hypothesis) -> Comparison:
        """The step from layer to layer that goes up most, or down least."""
        part = f"{self.name}, highest step from layer to layer"
        return Comparison(part, np.diff(self.values), hypothesis, self.unit)

    def overall(self, hypothesis: Hypothesis) -> Comparison:
        """The difference of the last hidden layer from the input."""
        difference = self.values[:, -1] - self.values[:, 0]
        part = f"{self.name}, last hidden layer minus input"
        return Comparison(part, difference, hypothesis, self.unit)

    def change(self, hypothesis: Hypothesis) -> Comparison:
        """The relative change from the input to layer 1."""
        change = ratio(self.values[:, 1], self.values[:, 0]) - 1
        part = f"{self.name}, layer 1 over input, minus 1"
        return Comparison(part, change, hypothesis, "relative difference")

    def stays(self) -> Comparison:
        """Whether the last hidden layer is much like the first."""
        change = ratio(self.values[:, -1], self.values[:, 1]) - 1
        part = f"{self.name}, last hidden layer over layer 1, minus 1"
        return Comparison(part, change, inside(-CONSTANT, CONSTANT), "relative difference")

    def slope(self, hypothesis: Hypothesis) -> Comparison:
        """The slope over layers, in units of the input's value."""
        part = f"{self.name}, slope over layers"
        return Comparison(part, self._slopes(), hypothesis, "of the input's, per layer")

    def slope_minus(self, other: "Profile", hypothesis: Hypothesis) -> Comparison:
        """The paired difference of two slopes."""
        part = f"slope over layers: {self.name} minus {other.name}"
        difference = np.subtract(*paired(self._slopes(), other._slopes()))
        return Comparison(part, difference, hypothesis, "of the input's, per layer")

    def slope_gained(self, start: "Profile", hypothesis: Hypothesis) -> Comparison:
        """How much more it slopes than in the same networks before training, paired."""
        ours, theirs = paired(self._slopes(), start._slopes())
        part = f"{self.name}, slope over layers, trained minus untrained"
        return Comparison(part, ours - theirs, hypothesis, "of the input's, per layer")

    def kendall(self) -> Comparison:
        """Kendall's tau of the measure with depth, to be reported."""
        layers = np.arange(self.values.shape[1])
        tau = np.array([stats.kendalltau(layers, row).statistic for row in self.values])
        return Comparison(f"{self.name}, Kendall's tau with depth", tau, REPORTED, "tau")

    def _slopes(self) -> np.ndarray:
        """Least-squares slopes of value / value of layer 0, (replicates,)."""
        layers = np.arange(self.values.shape[1])
        depth = layers - layers.mean()
        return ratio(self.values, self.values[:, :1]) @ depth / (depth**2).sum()


def _profile(evidence: Evidence, method: str, wanted: str, scope: str, measure: str) -> Profile:
    values = deviation(evidence, method, wanted, scope, measure)
    name = f"{scope} {DEVIATIONS[measure]} deviation, {method} on {wanted}"
    return Profile(name, measure, values)


def _level(evidence: Evidence, method: str, wanted: str) -> Profile:
    values = deviation(evidence, method, wanted, "level", "mean_l1")
    return Profile(f"activation level, {method} on {wanted}", "mean L1 norm", values)


def _insensitive(evidence: Evidence, method: str, wanted: str, scope: str) -> list[Profile]:
    """The three measures that are not sensitive to the activation level (§6.4.1)."""
    return [_profile(evidence, method, wanted, scope, measure) for measure in INSENSITIVE]


@claim("C-C43")
def euclidean_rises(evidence: Evidence) -> list[Comparison]:
    """C-C43: Euclidean deviations rise, but for inner ones into layer 1 (§6.4.1, Fig. 6.7)."""
    inner = _profile(evidence, LEARNING, TRUE_LABELS, "inner", "euclidean")
    inter = _profile(evidence, LEARNING, TRUE_LABELS, "inter", "euclidean")
    return [inner.change(below(0)), *inner.steps(above(0))[1:], *inter.steps(above(0))]


@claim("C-C44")
def level_rises(evidence: Evidence) -> list[Comparison]:
    """C-C44: the activation level (Eq. 6.4) rises with depth (§6.4.1, Fig. 6.8)."""
    return _level(evidence, LEARNING, TRUE_LABELS).steps(above(0))


@claim("C-C45")
def inner_falls(evidence: Evidence) -> list[Comparison]:
    """C-C45: inner deviations insensitive to the level fall with depth (§6.4.1, Fig. 6.9a)."""
    profiles = _insensitive(evidence, LEARNING, TRUE_LABELS, "inner")
    starts = _insensitive(evidence, UNTRAINED.format(LEARNING), TRUE_LABELS, "inner")
    return [
        *(profile.slope(below(0)) for profile in profiles),
        *(each.slope_gained(start, below(0)) for each, start in zip(profiles, starts, strict=True)),
        *(profile.kendall() for profile in profiles),
    ]


@claim("C-C46")
def inter_without_tendency(evidence: Evidence) -> list[Comparison]:
    """C-C46: inter deviations drop overall, yet not from layer to layer (§6.4.1, Fig. 6.9b)."""
    profiles = _insensitive(evidence, LEARNING, TRUE_LABELS, "inter")
    return [
        *(profile.overall(below(0)) for profile in profiles),
        *(profile.largest_step(above(0)) for profile in profiles),
    ]


@claim("C-C47")
def images(evidence: Evidence, method: str, wanted: str) -> list[Comparison]:
    """C-C47: a 5-layer MLP on images (§6.4.2, Fig. 6.12)."""
    inter = _insensitive(evidence, method, wanted, "inter")
    return [
        *_level(evidence, method, wanted).steps(above(0)),
        _profile(evidence, method, wanted, "inner", "euclidean").change(below(0)),
        *(profile.steps(below(0))[0] for profile in inter),
        *(profile.overall(above(0)) for profile in inter),
    ]


@claim("C-C48")
def memorising_expands(evidence: Evidence) -> list[Comparison]:
    """C-C48: the memorising network on its shuffled labels (§6.4.3, Fig. 6.13)."""
    inner = _insensitive(evidence, MEMORISING, SHUFFLED, "inner")
    inter = _insensitive(evidence, MEMORISING, SHUFFLED, "inter")
    return [
        *_higher_levels(evidence),
        *(profile.steps(above(0))[0] for profile in inner),
        *(profile.stays() for profile in inner),
        *(profile.slope(above(0)) for profile in inter),
    ]


def _higher_levels(evidence: Evidence) -> list[Comparison]:
    """The activation level of each hidden layer, memorising over learning."""
    memorising = _level(evidence, MEMORISING, SHUFFLED).values
    learning = _level(evidence, LEARNING, TRUE_LABELS).values
    same_depth(memorising.shape[1], learning.shape[1])
    excess = ratio(*paired(memorising, learning)) - 1
    return [
        Comparison(
            f"activation level, layer {layer}: {MEMORISING} over {LEARNING}, minus 1",
            excess[:, layer],
            above(0),
            "relative difference",
        )
        for layer in range(1, excess.shape[1])
    ]


@claim("C-C49")
def memorising_on_true_labels(evidence: Evidence) -> list[Comparison]:
    """C-C49: the memorising network on true labels (§6.4.3, Fig. 6.14; E-C12)."""
    inner = _insensitive(evidence, MEMORISING, TRUE_LABELS, "inner")
    inter = _insensitive(evidence, MEMORISING, TRUE_LABELS, "inter")
    shuffled = _insensitive(evidence, MEMORISING, SHUFFLED, "inter")
    return [
        *(profile.steps(above(0))[0] for profile in inner),
        *(profile.slope(above(0)) for profile in inner),
        *(profile.slope(above(0)) for profile in inter),
        *(true.slope_minus(false, below(0)) for true, false in zip(inter, shuffled, strict=True)),
    ]


@claim("C-C50")
def learning_contracts(evidence: Evidence) -> list[Comparison]:
    """C-C50: learning contracts classes, memorising expands them (§6.4.4, §7.2, Fig. 7.2).

    The memorising network is trained for longer than the learning one, which stops early, and to a
    lower loss. Two controls on true labels leave only the labels as a difference: `fitted` has its
    training accuracy, and with that its loss; `long` trains on for a fixed number of epochs. What
    layers do before any training, of networks of the same kind on the same data, is taken off.
    """
    shown = {
        (LEARNING, TRUE_LABELS): (LEARNING, below(0)),
        (FITTED, TRUE_LABELS): (LEARNING, below(0)),
        (LONG, TRUE_LABELS): (LEARNING, below(0)),
        (MEMORISING, SHUFFLED): (MEMORISING, above(0)),
        (MEMORISING, TRUE_LABELS): (MEMORISING, above(0)),
    }
    comparisons = []
    for (network, wanted), (start, hypothesis) in shown.items():
        trained, untrained = (
            _insensitive(evidence, each, wanted, "inner")
            for each in (network, UNTRAINED.format(start))
        )
        for each, before in zip(trained, untrained, strict=True):
            comparisons += [each.slope(hypothesis), each.slope_gained(before, hypothesis)]
    return comparisons
