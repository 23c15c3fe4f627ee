"""Units by the class that they prefer, and what that says of a network (§2.8, §2.9, §3.2, §3.3)."""

import colorsys
from collections.abc import Iterable

import numpy as np
import pandas as pd

from glassbox.analyses.scores import rank_correlation
from glassbox.analyses.unit_order import unit_colours
from glassbox.claims.evidence import Evidence, Missing, paired
from glassbox.claims.hypotheses import REPORTED, above, below, inside
from glassbox.claims.judging import claim
from glassbox.claims.layers import UNTRAINED
from glassbox.claims.pardo2019.readings import (
    AREA,
    CORRELATION,
    MODERATE,
    TELLS,
    TEST,
    TRAIN,
    UNITS,
    WRONG,
    by_replicate,
    expected,
    having,
    introspected,
    told_by,
)
from glassbox.claims.verdicts import Comparison

UNEVEN = 0.25  # coefficient of variation of shares that are roughly uniform
FOLLOWS = 0.25  # of the change of a class's share, what its units' share follows it by
TOP = 0.1  # of a layer's units, the most active ones of a class, its column
EXCITED, QUIET = 0.5, 0.1  # of the layer's largest expected activation
SOME, MOST = 0.01, 0.5  # share of units
SAME = 0.05  # share of units by which classes may differ
ALIKE = 0.5  # correlation of two networks' patterns
UNLIKE = 0.1
FAITHFUL, AGREED = 0.9, 0.8
VERSUS = "trained minus untrained"


def _halves(evidence: Evidence, method: str, shown: str) -> list[tuple[np.ndarray, np.ndarray]]:
    """Of each layer the expected activations on two halves, two of (replicates, labels, units)."""
    both = (expected(evidence, method, shown, column) for column in ("mean_0", "mean_1"))
    return list(zip(*both, strict=True))


def _own(preferring: np.ndarray, measured: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What units do for the class that they prefer, and for each other class.

    Both of expected activations (replicates, labels, units), of which the first say what is
    preferred: (replicates, units), and (replicates, labels, units) with NaN for the preferred one.
    """
    preferred = preferring.argmax(axis=1)[:, None]
    own = np.take_along_axis(measured, preferred, axis=1)[:, 0]
    is_own = np.arange(measured.shape[1])[:, None] == preferred
    return own, np.where(is_own, np.nan, measured)


def _lead(preferring: np.ndarray, measured: np.ndarray) -> np.ndarray:
    """The lead of the preferred class over the next, of the range of classes, (replicates, units).

    0 for units that all classes leave alike.
    """
    own, others = _own(preferring, measured)
    extent = np.ptp(measured, axis=1)
    return (own - np.fmax.reduce(others, axis=1)) / np.where(extent == 0, 1, extent)


@claim("P-C09")
def units_prefer_a_class(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C09: trained units have a class that they prefer (§3.2, Eq. 10)."""
    trained, before = (
        _mean_over_layers(_lead(*each).mean(axis=1) for each in _halves(evidence, name, shown))
        for shown in (TRAIN.format(data),)
        for name in (method, UNTRAINED.format(method))
    )
    part = "lead of the preferred class over the next, of the range of classes, on the other half"
    return [
        Comparison(f"{part}: {VERSUS}", trained - before, above(0), "share of the range"),
        Comparison(f"{part}: trained", trained, REPORTED, "share of the range"),
    ]


def _mean_over_layers(values: Iterable[np.ndarray]) -> np.ndarray:
    """The mean of one array (replicates,) per layer."""
    return np.mean(list(values), axis=0)


def _counts(layer: np.ndarray) -> np.ndarray:
    """How many units prefer each class, (replicates, labels); NaN without a value."""
    preferred = layer.argmax(axis=1)[:, None]
    counts = (preferred == np.arange(layer.shape[1])[:, None]).sum(axis=2).astype(float)
    counts[np.isnan(layer).any(axis=(1, 2))] = np.nan
    return counts


@claim("P-C10")
def evenly_shared(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C10: about as many units prefer each class, mean over layers (§3.2, Fig. 3c)."""
    trained, before = (
        np.stack(
            [_unevenness(_counts(each)) for each in expected(evidence, name, shown, "mean")], 1
        )
        for shown in (TRAIN.format(data),)
        for name in (method, UNTRAINED.format(method))
    )
    what = "squared variation of classes' shares of the units above that of a multinomial"
    unit = "squared coefficient of variation"
    return [
        Comparison(f"{what}, mean over layers", trained.mean(axis=1), below(UNEVEN**2), unit),
        Comparison(f"{what}, the most uneven layer", trained, REPORTED, unit),
        Comparison(f"{what}, mean: untrained", before.mean(axis=1), REPORTED, unit),
    ]


def _unevenness(counts: np.ndarray) -> np.ndarray:
    """The squared coefficient of variation of the shares behind counts (replicates, classes).

    Without what counts vary by themselves: of N units and K classes chi-square has the mean
    K - 1 + (N - 1) c^2.
    """
    units, classes = counts.sum(axis=1), counts.shape[1]
    even = units[:, None] / classes
    chi_square = ((counts - even) ** 2 / even).sum(axis=1)
    return (chi_square - (classes - 1)) / (units - 1)


@claim("P-C11")
def shared_as_classes_are(
    evidence: Evidence, method: str, unbalanced: str, data: str, thinned: str
) -> list[Comparison]:
    """P-C11: units are shared evenly since classes are balanced (§3.2)."""
    known = introspected(evidence, unbalanced, TRAIN.format(thinned))
    shares = _shares(evidence, unbalanced, TRAIN.format(thinned))
    balanced = _shares(evidence, method, TRAIN.format(data))
    counts = known.groupby(["replicate", "label"]).size().unstack(fill_value=0)
    sizes, shares, balanced = paired(evidence.per_replicate(counts, unbalanced), shares, balanced)
    classes = sizes / sizes.mean(axis=1, keepdims=True) - 1
    if not np.nanmax(np.abs(classes)) > 0:
        raise Missing(f"classes of unequal size in {thinned}")
    change = shares - balanced
    slope = (classes * change).sum(axis=1) / (classes**2).sum(axis=1)
    return [
        Comparison(
            "change of a class's share of the units per change of its share of the examples",
            slope,
            above(FOLLOWS),
            "slope",
        )
    ]


def _shares(evidence: Evidence, method: str, shown: str) -> np.ndarray:
    """Each class's share of the units over the even share, mean over layers, (replicates, K)."""
    counts = [_counts(each) for each in expected(evidence, method, shown, "mean")]
    return np.mean([each / each.mean(axis=1, keepdims=True) for each in counts], axis=0)


@claim("P-C12")
def a_path_for_each_class(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C12: each digit goes through its own units, with some overlap (§3.2, Fig. 3e to 3o)."""
    trained, before = (
        np.stack([_contrast(*each) for each in _halves(evidence, name, shown)], axis=1)
        for shown in (TRAIN.format(data),)
        for name in (method, UNTRAINED.format(method))
    )
    shared = _overlap(evidence, method, TRAIN.format(data))
    part = "activation of units for the class that they prefer minus that for others, other half"
    unit = "root mean squares of the layer"
    return [
        Comparison(f"{part}, the layer of least: trained", trained.min(axis=1), REPORTED, unit),
        Comparison(
            f"{part}, mean over layers: {VERSUS}", (trained - before).mean(1), above(0), unit
        ),
        Comparison(
            f"the most active units, {TOP:.0%}, that two classes share, less those by chance",
            shared - TOP,
            REPORTED,
            UNITS,
        ),
    ]


def _contrast(preferring: np.ndarray, measured: np.ndarray) -> np.ndarray:
    """What units do more for the class that they prefer, of the layer's scale, (replicates,)."""
    own, others = _own(preferring, measured)
    mean = np.nansum(others, axis=1) / (measured.shape[1] - 1)
    more = (own - mean).mean(axis=1)
    scale = np.sqrt((measured**2).mean(axis=(1, 2)))
    return more / np.where(scale == 0, 1, scale)


def _overlap(evidence: Evidence, method: str, shown: str) -> np.ndarray:
    """The share of their columns that two classes have in common, mean over layers, (replicates,).

    A class's column is the tenth of a layer's units that it makes most active.
    """
    return _mean_over_layers(map(_in_common, expected(evidence, method, shown, "mean")))


def _in_common(layer: np.ndarray) -> np.ndarray:
    _, classes, units = layer.shape
    count = max(1, round(TOP * units))
    columns = np.zeros(layer.shape)
    np.put_along_axis(columns, np.argsort(-layer, axis=2)[:, :, :count], 1, axis=2)
    common = columns @ columns.transpose(0, 2, 1) / count
    shared = (common.sum(axis=(1, 2)) - classes) / (classes * (classes - 1))
    return np.where(np.isnan(layer).any(axis=(1, 2)), np.nan, shared)


@claim("P-C13")
def dropout_overlaps(evidence: Evidence, method: str, without: str, data: str) -> list[Comparison]:
    """P-C13: that paths overlap may be due to dropout (§3.2)."""
    shown = TRAIN.format(data)
    with_it, none = paired(*(_overlap(evidence, each, shown) for each in (method, without)))
    part = f"the most active units, {TOP:.0%}, that two classes share, with dropout minus without"
    return [Comparison(part, with_it - none, above(0), UNITS)]


@claim("P-C14")
def kinds_of_units(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C14: of each class some units are excited, some inhibited, most are quiet (§3.2)."""
    layers = expected(evidence, method, TRAIN.format(data), "mean")
    relative = np.concatenate([_of_the_largest(each) for each in layers], axis=2)
    weak = (relative > QUIET) & (relative <= EXCITED)
    several = weak.mean(axis=1, keepdims=True) >= MOST
    kinds = {
        "excited": (relative > EXCITED, above(SOME)),
        "inhibited": (relative < -QUIET, above(SOME)),
        "quiet": (np.abs(relative) <= QUIET, above(MOST)),
        "weakly active for most classes": (weak & several, above(SOME)),
    }
    absent = np.isnan(relative).any(axis=(1, 2))
    comparisons = []
    for name, (is_so, hypothesis) in kinds.items():
        shares = is_so.mean(axis=2)
        shares[absent] = np.nan
        apart = shares - shares.mean(axis=1, keepdims=True)
        comparisons += [
            Comparison(f"units that are {name}", shares.mean(axis=1), hypothesis, UNITS),
            Comparison(
                f"the same of one class, more or less than of all, where it is most: {name}",
                np.concatenate([apart, -apart], axis=1),
                below(SAME),
                UNITS,
            ),
        ]
    return comparisons


def _of_the_largest(layer: np.ndarray) -> np.ndarray:
    """Expected activations over the layer's largest, as the figure has them."""
    largest = np.abs(layer).max(axis=(1, 2), keepdims=True)
    return layer / np.where(largest == 0, 1, largest)


@claim("P-C16")
def sorting_shows_the_same(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C16: the order of units is random, and sorted networks are alike (§2.3, §3.2)."""
    shown = TRAIN.format(data)
    trained, before = (
        _halves(evidence, each, shown) for each in (method, UNTRAINED.format(method))
    )
    if len(trained[0][0]) < 2:
        raise Missing(f"second replicate of {method}")
    plain = _mean_over_layers(_alike(measured) for _, measured in trained)
    sorted_, sorted_before = (
        _mean_over_layers(_alike(_sorted(*each)) for each in layers) for layers in (trained, before)
    )
    part = "patterns of all classes in one network with those in the next"
    return [
        Comparison(f"{part}, as units are", plain, inside(-UNLIKE, UNLIKE), "correlation"),
        Comparison(f"{part}, sorted by the other half", sorted_, above(ALIKE), "correlation"),
        Comparison(f"{part}, sorted: {VERSUS}", sorted_ - sorted_before, above(0), "correlation"),
    ]


def _sorted(preferring: np.ndarray, measured: np.ndarray) -> np.ndarray:
    """Expected activations with the units by the class that they prefer, the strongest first."""
    order = np.lexsort((-preferring.max(axis=1), preferring.argmax(axis=1)), axis=1)
    return np.take_along_axis(measured, order[:, None], axis=2)


def _alike(layer: np.ndarray) -> np.ndarray:
    """The correlation of each replicate's patterns (labels, units) with the next's, (replicates,).

    The mean of each label over units is taken out, which has no part in how units are arranged.
    """
    apart = (layer - layer.mean(axis=2, keepdims=True)).reshape(len(layer), -1)
    norms = np.linalg.norm(apart, axis=1, keepdims=True)
    unit = apart / np.where(norms == 0, 1, norms)
    return (unit * np.roll(unit, -1, axis=0)).sum(axis=1)


@claim("P-C32")
def decoded_means(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C32: a class's mean place, decoded, is about its mean pattern (§2.8, Eq. 6 to 9)."""
    mean, decoded, first = (
        np.concatenate(expected(evidence, method, TRAIN.format(data), column), axis=2)
        for column in ("mean", "decoded", "decoded_first")
    )
    apart, found, otherwise = (
        each - each.mean(axis=1, keepdims=True) for each in (mean, decoded, first)
    )
    same = (mean.argmax(axis=1) == decoded.argmax(axis=1)).mean(axis=1)
    same[np.isnan(mean + decoded).any(axis=(1, 2))] = np.nan
    error = np.sqrt(((decoded - mean) ** 2).mean(axis=(1, 2)) / (apart**2).mean(axis=(1, 2)))
    what = "each unit's mean over classes taken out"
    return [
        Comparison(
            f"decoded with true mean patterns, {what}",
            _correlations(apart, found),
            above(FAITHFUL),
            "correlation",
        ),
        Comparison("units that prefer the same class by both", same, above(AGREED), UNITS),
        Comparison(f"decoding before the mean, {what}", _correlations(apart, otherwise), REPORTED,
                   "correlation"),
        Comparison("error of decoded means over what classes differ by", error, REPORTED, "ratio"),
    ]  # fmt: skip


def _correlations(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Of two arrays with mean 0 and a row per replicate."""
    products = [(first * second).sum(axis=(1, 2)) for first, second in
                ((one, other), (one, one), (other, other))]  # fmt: skip
    scale = np.sqrt(products[1] * products[2])
    return products[0] / np.where(scale == 0, 1, scale)


@claim("P-C09 (grey)")
def grey_is_unselective(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C09 (grey): units of greyish tones support no class in particular (§2.9, Eq. 11)."""
    layers = expected(evidence, method, TRAIN.format(data), "mean")
    tone, lead = (
        np.concatenate([measure(each) for each in layers], axis=1)
        for measure in (_saturation, lambda layer: _lead(layer, layer))
    )
    values = np.array([rank_correlation(*each) for each in zip(tone, lead, strict=True)])
    part = "saturation of a unit's tone with the lead of the class that it prefers"
    return [Comparison(part, values, above(MODERATE), CORRELATION)]


def _saturation(layer: np.ndarray) -> np.ndarray:
    """How far a unit's tone (Eq. 11) is from grey, (replicates, units), for evenly spaced hues."""
    classes = layer.shape[1]
    hues = np.array([colorsys.hsv_to_rgb(each / classes, 1, 1) for each in range(classes)])
    tones = np.stack([unit_colours(each.T, hues) for each in layer])
    largest = np.abs(tones).max(axis=2)
    return np.ptp(tones, axis=2) / np.where(largest == 0, 1, largest)


@claim("P-C17")
def weak_or_divided(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C17: misclassified digits give weaker patterns, or several at once (§3.3, Fig. 4)."""
    strengths = _strengths(evidence, method, data)
    err = having(evidence, strengths, strengths["odd"], WRONG, method)
    return [
        Comparison(
            words, by_replicate(evidence, strengths, told_by(column), method)[err], hypothesis, AREA
        )
        for words, column, hypothesis in (
            ("small lead of the strongest column over the next", "undecided", above(TELLS)),
            ("weak strongest column", "weak", REPORTED),
            ("strong next column", "next", REPORTED),
        )
    ]


def _strengths(evidence: Evidence, method: str, data: str) -> pd.DataFrame:
    """Of some examples how active the columns of the two classes are that are most so.

    Columns: replicate; odd, whether the answer is wrong; weak, the strongest column with the sign
    turned; next; undecided, what the strongest has more, with the sign turned.
    """
    patterns = evidence.rows(
        "expected_patterns", "expected patterns", method=method, set=TRAIN.format(data)
    )
    unit = ["replicate", "depth", "unit"]
    preferred = patterns.loc[patterns.groupby(unit)["mean"].idxmax(), [*unit, "label"]]
    rows = evidence.rows(
        "example_patterns", "patterns of examples", method=method, set=TEST.format(data)
    )
    rows = rows.assign(odd=rows["label"] != rows["answer"]).drop(columns="label")
    example = ["replicate", "example_id", "odd"]
    columns = rows.merge(preferred, on=unit).groupby([*example, "label"])["value"].mean().unstack()
    ordered = np.sort(columns.fillna(-np.inf).to_numpy(), axis=1)
    found = columns.index.to_frame(index=False)[["replicate", "odd"]]
    found = found.assign(weak=-ordered[:, -1], next=ordered[:, -2])
    return found.assign(undecided=found["weak"] + found["next"])
