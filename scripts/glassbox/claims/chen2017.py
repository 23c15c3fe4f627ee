"""The claims of chen2017 on jump detection, filters and MLPs, each as comparisons over replicates.

`chen2017.yaml` (and `chen2017-networks.yaml`, whose tests are in `chen2017_networks`) says what is
claimed, where, and which test decides; here a function per claim takes the tables of the analyses
and gives the comparisons that `verdicts` judges. Profiles over layers leave out the output layer,
as Fig. 6.7 does: layer 0 is the input, the others are hidden.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import stats

from glassbox.analyses.errors import PRINTED
from glassbox.claims import chen2017_networks
from glassbox.claims.evidence import Evidence, Layer, Missing
from glassbox.claims.table import Entry
from glassbox.claims.verdicts import (
    NOT_TESTABLE,
    REPORTED,
    Comparison,
    Hypothesis,
    Verdict,
    above,
    against_published,
    below,
    inside,
    judge,
)
from glassbox.errors import GlassboxError

FILTER = "gaussian-derivative"
LEARNING, MEMORISING, FITTED, LONG = "mlp-4", "memorising", "fitted", "long"
TEST, TRUE_LABELS, SHUFFLED = "jumps/test", "jumps/averages", "jumps-shuffled/train"

ERRORS = {  # Table 3.1, and the tail
    "L1": "L1 error",
    "L2": "L2 error (RMSE)",
    "L1_p99": "L1 error, lowest 99 %",
    "L2_p99": "L2 error (RMSE), lowest 99 %",
    "q999": "99.9 % quantile of the error",
    "maximum": "maximum error",
}
DEVIATIONS = {  # Eq. 6.1, 6.5 to 6.9
    "euclidean": "Euclidean",
    "normalised": "normalised Euclidean",
    "cosine": "cosine",
    "correlation": "correlation",
}
INSENSITIVE = ("normalised", "cosine", "correlation")  # to the activation level, §6.4.1

STRIPES = 0.5  # autocorrelation over neighbouring locations from which a heat map shows stripes
HALF = 0.5
ALL_RIGHT = 0.995  # what is printed as 100 %
ONE_POINT = 0.01
CONSTANT = 0.1  # relative change up to which a measure stays
LEARNED = 0.99  # training accuracy that counts as converged
MANY_TIMES = 2.0
TWICE, LOCATIONS = 2, 60  # what chance gives, of the jump's locations

Tests = dict[str, Callable[[Evidence], list[Comparison]]]


@dataclass(frozen=True)
class Claim(Entry):
    """A published statement.

    method: whose row of printed error measures `published` is; misprinted: what is printed where
    that can't be, and `published` is the sensible reading.
    """

    method: str | None = None
    misprinted: dict[str, float] | None = None


def _same_depth(memorising: int, learning: int) -> None:
    if memorising != learning:
        raise Missing(f"{MEMORISING} and {LEARNING} of one depth")


def verdict(claim: Claim, evidence: Evidence, further: Tests | None = None) -> Verdict:
    """The verdict on a claim; what the tables lack is not testable here.

    further: tests of claims of other modules, which build on this one. Raises GlassboxError for a
    claim that no test is written for.
    """
    if claim.untested:
        return Verdict(NOT_TESTABLE, claim.untested, [])
    tests = {**TESTS, **chen2017_networks.TESTS, **(further or {})}
    if claim.published is None and claim.id not in tests:
        raise GlassboxError(f"{claim.id}: the table of claims names it, but it has no test")
    try:
        if claim.published is not None:
            return judge(printed_errors(claim, evidence))
        return judge(tests[claim.id](evidence))
    except Missing as missing:
        needs = ", ".join(claim.needs)
        reason = f"no {missing}; the test needs {needs}, as {claim.config} has them"
        return Verdict(NOT_TESTABLE, reason, [])


def printed_errors(claim: Claim, evidence: Evidence) -> list[Comparison]:
    """C-T: the four error measures of a row of Tables 3.1 to 3.3 (§3.2.3)."""
    return [
        against_published(
            ERRORS[name], evidence.errors_of([claim.method], TEST, name)[:, 0], number
        )
        for name, number in claim.published.items()
    ]


def no_outliers(evidence: Evidence) -> list[Comparison]:
    """C-C07: the MLP has no such outlying predictions as the filter (§3.3.1)."""
    return [_less_error(evidence, "mlp-2", name) for name in ("maximum", "q999")]


def beat_the_filter(evidence: Evidence) -> list[Comparison]:
    """C-C11: every MLP has less error than the filter (§3.3.3, Table 3.3)."""
    return [
        _less_error(evidence, network, name)
        for network in ("nn-1", "mlp-2", "mlp-4")
        for name in PRINTED
    ]


def _less_error(evidence: Evidence, network: str, name: str) -> Comparison:
    difference = evidence.error(network, TEST, name) - evidence.error(FILTER, TEST, name)
    return Comparison(f"{ERRORS[name]}: {network} minus {FILTER}", difference, below(0), "samples")


def no_stripes_when_memorising(evidence: Evidence) -> list[Comparison]:
    """C-C39: averaged activations of the memorising network, shuffled labels (§6.2.4, Fig. 6.3)."""
    memorising = evidence.hidden_layers(MEMORISING, SHUFFLED)
    learning = evidence.hidden_layers(LEARNING, TRUE_LABELS)
    _same_depth(len(memorising), len(learning))
    comparisons = []
    for number, (noise, signal) in enumerate(zip(memorising, learning, strict=True), start=1):
        comparisons += _no_stripes(number, noise, signal)
    accuracy = evidence.error(MEMORISING, SHUFFLED, "accuracy")
    dead = never_active(memorising)
    return [
        *comparisons,
        Comparison("units never active, all hidden layers", dead, above(0), "share of units"),
        Comparison("training accuracy", accuracy, above(ALL_RIGHT), "share of examples"),
    ]


def _no_stripes(number: int, memorising: Layer, learning: Layer) -> list[Comparison]:
    """What C-C39 says of one hidden layer."""
    where = f"layer {number}"
    stripes, learned = autocorrelation(memorising), autocorrelation(learning)
    alike = share_between_labels(memorising) - share_between_labels(learning)
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


def stripes_on_true_labels(evidence: Evidence) -> list[Comparison]:
    """C-C40: the memorising network on true labels (§6.2.4, Fig. 6.4; E-C12)."""
    layers = evidence.hidden_layers(MEMORISING, TRUE_LABELS)
    chance = 1 / layers[0].means.shape[1]
    accuracy = evidence.error(MEMORISING, TRUE_LABELS, "accuracy")
    stripes = [
        Comparison(
            f"layer {number}: stripes",
            autocorrelation(layer),
            above(STRIPES),
            "autocorrelation over labels",
        )
        for number, layer in enumerate(layers, start=1)
    ]
    near_chance = Comparison(
        "accuracy on true labels minus chance",
        accuracy - chance,
        inside(-ONE_POINT, ONE_POINT),
        "share of examples",
    )
    return [*stripes, near_chance]


def autocorrelation(layer: Layer) -> np.ndarray:
    """Correlation of class means with those of the next label, mean over active units: (R,).

    Stripes in a heat map are units whose activation varies gradually over labels (§3.3.3).
    """
    centred = layer.means - layer.means.mean(axis=1, keepdims=True)
    lagged = (centred[:, :-1] * centred[:, 1:]).sum(axis=1)
    total = (centred**2).sum(axis=1)
    varies = total > 0
    correlation = np.divide(lagged, total, out=np.zeros_like(total), where=varies)
    return _ratio(correlation.sum(axis=1), varies.sum(axis=1))


def share_between_labels(layer: Layer) -> np.ndarray:
    """Share of the variance of activations that is between labels, all units together: (R,).

    Means over few examples differ by chance: eta squared, 1 - within / total, is corrected for it
    by the degrees of freedom (epsilon squared), which is 0 on average where labels mean nothing.
    """
    labels = layer.means.shape[1]
    examples = labels * layer.count
    between = layer.means.var(axis=1).sum(axis=1)
    within = layer.variances.mean(axis=1).sum(axis=1)
    return 1 - _ratio(within, between + within) * _ratio(examples - 1, examples - labels)


def share_between_units(layer: Layer) -> np.ndarray:
    """Share of the variance of class means that is between units, not labels: (R,)."""
    between_units = layer.means.mean(axis=1).var(axis=1)
    between_labels = layer.means.var(axis=1).mean(axis=1)
    return _ratio(between_units, between_units + between_labels)


def never_active(layers: list[Layer]) -> np.ndarray:
    """Share of the units of all layers that no example makes active, (R,)."""
    silent = [(layer.means == 0).all(axis=1) for layer in layers]
    absent = np.isnan(layers[0].means).any(axis=(1, 2))
    return np.where(absent, np.nan, np.concatenate(silent, axis=1).mean(axis=1))


def _ratio(numerator: np.ndarray | float, denominator: np.ndarray | float) -> np.ndarray:
    """A quotient; NaN or infinity where it is not defined."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.divide(numerator, denominator)


def euclidean_rises(evidence: Evidence) -> list[Comparison]:
    """C-C43: Euclidean deviations rise, but for inner ones into layer 1 (§6.4.1, Fig. 6.7)."""
    inner = _profile(evidence, LEARNING, TRUE_LABELS, "inner", "euclidean")
    inter = _profile(evidence, LEARNING, TRUE_LABELS, "inter", "euclidean")
    return [inner.change(below(0)), *inner.steps(above(0))[1:], *inter.steps(above(0))]


def level_rises(evidence: Evidence) -> list[Comparison]:
    """C-C44: the activation level (Eq. 6.4) rises with depth (§6.4.1, Fig. 6.8)."""
    return _level(evidence, LEARNING, TRUE_LABELS).steps(above(0))


def inner_falls(evidence: Evidence) -> list[Comparison]:
    """C-C45: inner deviations insensitive to the level fall with depth (§6.4.1, Fig. 6.9a)."""
    profiles = _insensitive(evidence, LEARNING, TRUE_LABELS, "inner")
    return [
        *(profile.slope(below(0)) for profile in profiles),
        *(profile.kendall() for profile in profiles),
    ]


def inter_without_tendency(evidence: Evidence) -> list[Comparison]:
    """C-C46: inter deviations drop overall, yet not from layer to layer (§6.4.1, Fig. 6.9b)."""
    profiles = _insensitive(evidence, LEARNING, TRUE_LABELS, "inter")
    return [
        *(profile.overall(below(0)) for profile in profiles),
        *(profile.largest_step(above(0)) for profile in profiles),
    ]


def images(evidence: Evidence, network: str, wanted: str) -> list[Comparison]:
    """C-C47: a 5-layer MLP on images (§6.4.2, Fig. 6.12)."""
    inter = _insensitive(evidence, network, wanted, "inter")
    return [
        *_level(evidence, network, wanted).steps(above(0)),
        _profile(evidence, network, wanted, "inner", "euclidean").change(below(0)),
        *(profile.steps(below(0))[0] for profile in inter),
        *(profile.overall(above(0)) for profile in inter),
    ]


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
    _same_depth(memorising.shape[1], learning.shape[1])
    excess = _ratio(memorising, learning) - 1
    return [
        Comparison(
            f"activation level, layer {layer}: {MEMORISING} over {LEARNING}, minus 1",
            excess[:, layer],
            above(0),
            "relative difference",
        )
        for layer in range(1, excess.shape[1])
    ]


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


def learning_contracts(evidence: Evidence) -> list[Comparison]:
    """C-C50: learning contracts classes, memorising expands them (§6.4.4, §7.2, Fig. 7.2).

    The memorising network is trained for longer than the learning one, which stops early, and to a
    lower loss. Two controls on true labels leave only the labels as a difference: `fitted` has its
    training accuracy, and with that its loss; `long` trains on for a fixed number of epochs.
    """
    shown = {
        (LEARNING, TRUE_LABELS): below(0),
        (FITTED, TRUE_LABELS): below(0),
        (LONG, TRUE_LABELS): below(0),
        (MEMORISING, SHUFFLED): above(0),
        (MEMORISING, TRUE_LABELS): above(0),
    }
    return [
        profile.slope(hypothesis)
        for (network, wanted), hypothesis in shown.items()
        for profile in _insensitive(evidence, network, wanted, "inner")
    ]


def memorises_all(evidence: Evidence) -> list[Comparison]:
    """C-N08: 100 % training accuracy on shuffled labels (§6.2.2)."""
    accuracy = evidence.kept(MEMORISING, "train_accuracy")
    return [Comparison("training accuracy", accuracy, above(ALL_RIGHT), "share of examples")]


def nothing_to_learn(evidence: Evidence) -> list[Comparison]:
    """C-C53: shuffled labels are fitted, and tell nothing of others (§2.3.2, §6.2.1)."""
    accuracy = evidence.kept(MEMORISING, "validation_accuracy")
    limit = below(TWICE / LOCATIONS)
    return [
        *memorises_all(evidence),
        Comparison("validation accuracy", accuracy, limit, "share of examples"),
    ]


def mnist_accuracy(evidence: Evidence) -> list[Comparison]:
    """C-N09: test accuracy of the 5-layer MLP on MNIST (§6.4.2)."""
    accuracy = evidence.error("mnist-5", "mnist/test", "accuracy")
    return [against_published("test accuracy", accuracy, 0.9807)]


def memorising_takes_longer(evidence: Evidence) -> list[Comparison]:
    """C-C51: memorising takes many more steps to converge (§7.2).

    A network that was stopped before it got there took more epochs than it was given: the ratio is
    then a bound, and the interval has no end on that side.
    """
    slow, slow_there = evidence.epochs_to(MEMORISING, LEARNED)
    fast, fast_there = evidence.epochs_to(FITTED, LEARNED)
    what = f"epochs to {LEARNED:.0%} training accuracy"
    return [
        Comparison(
            f"{what}, {MEMORISING} over {FITTED}",
            np.log2(slow / fast),
            above(np.log2(MANY_TIMES)),
            "log2 of the ratio",
            open_below=not fast_there.all(),
            open_above=not slow_there.all(),
        ),
        _epochs(f"{what}, {MEMORISING}", slow, slow_there),
        _epochs(f"{what}, {FITTED}", fast, fast_there),
    ]


def _epochs(part: str, epochs: np.ndarray, there: np.ndarray) -> Comparison:
    """The number of epochs, to be reported."""
    return Comparison(part, epochs, REPORTED, "epochs", open_above=not there.all())


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
        change = _ratio(self.values[:, 1], self.values[:, 0]) - 1
        part = f"{self.name}, layer 1 over input, minus 1"
        return Comparison(part, change, hypothesis, "relative difference")

    def stays(self) -> Comparison:
        """Whether the last hidden layer is much like the first."""
        change = _ratio(self.values[:, -1], self.values[:, 1]) - 1
        part = f"{self.name}, last hidden layer over layer 1, minus 1"
        return Comparison(part, change, inside(-CONSTANT, CONSTANT), "relative difference")

    def slope(self, hypothesis: Hypothesis) -> Comparison:
        """The slope over layers, in units of the input's value."""
        part = f"{self.name}, slope over layers"
        return Comparison(part, self._slopes(), hypothesis, "of the input's, per layer")

    def slope_minus(self, other: "Profile", hypothesis: Hypothesis) -> Comparison:
        """The paired difference of two slopes."""
        part = f"slope over layers: {self.name} minus {other.name}"
        difference = self._slopes() - other._slopes()
        return Comparison(part, difference, hypothesis, "of the input's, per layer")

    def kendall(self) -> Comparison:
        """Kendall's tau of the measure with depth, to be reported."""
        layers = np.arange(self.values.shape[1])
        tau = np.array([stats.kendalltau(layers, row).statistic for row in self.values])
        return Comparison(f"{self.name}, Kendall's tau with depth", tau, REPORTED, "tau")

    def _slopes(self) -> np.ndarray:
        """Least-squares slopes of value / value of layer 0, (replicates,)."""
        layers = np.arange(self.values.shape[1])
        depth = layers - layers.mean()
        return _ratio(self.values, self.values[:, :1]) @ depth / (depth**2).sum()


def _profile(evidence: Evidence, method: str, wanted: str, scope: str, measure: str) -> Profile:
    values = evidence.deviation(method, wanted, scope, measure)
    name = f"{scope} {DEVIATIONS[measure]} deviation, {method} on {wanted}"
    return Profile(name, measure, values)


def _level(evidence: Evidence, method: str, wanted: str) -> Profile:
    values = evidence.deviation(method, wanted, "level", "mean_l1")
    return Profile(f"activation level, {method} on {wanted}", "mean L1 norm", values)


def _insensitive(evidence: Evidence, method: str, wanted: str, scope: str) -> list[Profile]:
    """The three measures that are not sensitive to the activation level (§6.4.1)."""
    return [_profile(evidence, method, wanted, scope, measure) for measure in INSENSITIVE]


TESTS: Tests = {
    "C-C07": no_outliers,
    "C-C11": beat_the_filter,
    "C-C39": no_stripes_when_memorising,
    "C-C40": stripes_on_true_labels,
    "C-C43": euclidean_rises,
    "C-C44": level_rises,
    "C-C45": inner_falls,
    "C-C46": inter_without_tendency,
    "C-C47": partial(images, network="mnist-5", wanted="mnist/test"),
    "C-C47 (digits)": partial(images, network="digits-5", wanted="digits/test"),
    "C-C48": memorising_expands,
    "C-C49": memorising_on_true_labels,
    "C-C50": learning_contracts,
    "C-C51": memorising_takes_longer,
    "C-C53": nothing_to_learn,
    "C-N08": memorises_all,
    "C-N09": mnist_accuracy,
}
