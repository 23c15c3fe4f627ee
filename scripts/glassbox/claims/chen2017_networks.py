"""The claims of chen2017 on CNNs (§3.4), bottlenecks (§4.2) and gradient ascent (§5).

As in `chen2017`, a function per claim gives the comparisons that `verdicts` judges. A replicate
whose network stayed at chance is left out: the thesis shows trained networks. How many are left
shows in each comparison.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import stats

from glassbox.analyses.errors import PRINTED
from glassbox.analyses.filters import SMOOTHS
from glassbox.claims.evidence import Evidence, Missing, rows_of
from glassbox.claims.verdicts import (
    REPORTED,
    Comparison,
    Hypothesis,
    above,
    against_published,
    below,
    inside,
    share_interval,
)

TEST, TRAIN = "jumps/test", "jumps/train"
FILTER = "gaussian-derivative"
CNNS = ("cnn-7", "cnn-5-9", "cnn-5-7-9")
LINEAR = tuple(f"{cnn}-linear" for cnn in CNNS)  # with filters that are not rectified
MLPS = ("nn-1", "mlp-2", "mlp-3", "mlp-4")
SHALLOW, DEEP = "bottleneck", "deep-bottleneck"
WIDTHS = range(2, 11)
RELIABLE = ("L1", "L1_p99", "L2_p99")

HALF = 0.5
NEAR = 3  # samples from the jump that count as near, the reach of a filter of seven taps
ALIKE = 0.9  # correlation from which two signals are of almost the same shape
SHIFT = 4  # samples by which a filter of nine taps may shift a signal
CLOSE = 0.15  # relative difference of errors that are close to each other
SAME = 0.1  # relative difference of errors that no longer fall
MONOTONE = -0.8  # Kendall's tau; each swapped pair of neighbours takes 2/36 from -1
SILENT = 0.01  # share of the largest class mean up to which a unit is off for a class
LOCAL = 10  # classes up to which a distance is local
DROP = 0.05  # share of a signal's range from which it drops
RECOGNISED = 1  # samples by which the largest increase may miss the jump
REACHED = 0.995
NOT_NEIGHBOURS = 3


def _compare(
    evidence: Evidence, one: str, other: str, measures: Iterable[str], hypothesis: Hypothesis
) -> list[Comparison]:
    """Paired differences of error measures on the test signals, one minus other."""
    comparisons = []
    for measure in measures:
        values = evidence.errors_of([one, other], TEST, measure)
        part = f"{measure}: {one} minus {other}"
        comparisons.append(Comparison(part, values[:, 0] - values[:, 1], hypothesis, "samples"))
    return comparisons


def _relative(
    evidence: Evidence, one: str, other: str, measure: str, hypothesis: Hypothesis
) -> Comparison:
    values = evidence.errors_of([one, other], TEST, measure)
    part = f"{measure}: {one} over {other}, minus 1"
    return Comparison(part, values[:, 0] / values[:, 1] - 1, hypothesis, "relative difference")


def _filters(evidence: Evidence, network: str, measure: str, layer: int) -> np.ndarray:
    """A measure of a layer's filter, of each replicate that learned."""
    rows = rows_of(evidence.filters, "filters", method=network, measure=measure)
    rows = rows[rows["replicate"].isin(evidence.learned(network, TEST)) & (rows["layer"] == layer)]
    if rows.empty:
        raise Missing(f"replicate of {network} that learned")
    return rows.sort_values("replicate")["value"].to_numpy()


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


def _class_means(evidence: Evidence, network: str, wanted: str) -> list[np.ndarray]:
    """Averaged activations (labels, units) of every layer, of each replicate that learned.

    One array (replicates, labels, units) per layer, the input first.
    """
    rows = rows_of(evidence.averages, "averaged activations", method=network, set=wanted)
    rows = rows[rows["replicate"].isin(evidence.learned(network, TEST))]
    if rows.empty:
        raise Missing(f"replicate of {network} that learned")
    layers = []
    for _, layer in rows.groupby("layer"):
        sizes = [layer[name].nunique() for name in ("replicate", "label", "unit")]
        ordered = layer.sort_values(["replicate", "label", "unit"])["mean"]
        layers.append(ordered.to_numpy(np.float64).reshape(sizes))
    return layers


def one_convolution(evidence: Evidence, network: str) -> list[Comparison]:
    """C-C15: smoothing and a first derivative, a peak near the jump, a near-diagonal matrix."""
    first, *_ = _first_locations(evidence, network)
    hidden = np.abs(_class_means(evidence, network, TEST)[1])
    labels = np.arange(hidden.shape[1])
    near = np.abs(hidden.argmax(axis=2) + 1 - first - labels) <= NEAR
    return [
        _differentiate(evidence, network, layer=1),
        Comparison(
            f"mean activation peaks within {NEAR} samples of the jump",
            near.mean(axis=1),
            above(HALF),
            "share of classes",
        ),
        Comparison(
            f"dense weights within {NEAR} samples of the jump",
            _filters(evidence, network, "diagonal", layer=2),
            above(HALF),
            "share of squares",
        ),
    ]


def _first_locations(evidence: Evidence, network: str) -> np.ndarray:
    """The location that class 0 stands for, from the table of gradient ascent."""
    rows = rows_of(evidence.ascents, "gradient ascent", method=network)
    return (rows["location"] - rows["label"]).unique()


def short_filters(evidence: Evidence) -> list[Comparison]:
    """C-C16: filters of fewer than seven taps only smooth (§3.4.1, Fig. 3.19)."""
    return [
        _smooth(evidence, "cnn-3", layer=1),
        _smooth(evidence, "cnn-5", layer=1),
        _differentiate(evidence, "cnn-7", layer=1),
        _differentiate(evidence, "cnn-9", layer=1),
    ]


def two_convolutions(evidence: Evidence, network: str) -> list[Comparison]:
    """C-C17: the first filter smooths and enlarges the gap, the second differentiates (§3.4.2)."""
    gain = np.abs(_sums(evidence, network, layer=1))
    return [
        _smooth(evidence, network, layer=1),
        Comparison("gain of the first filter on a constant", gain, above(1.0), "ratio"),
        _differentiate(evidence, network, layer=2),
    ]


def _sums(evidence: Evidence, network: str, layer: int) -> np.ndarray:
    rows = rows_of(evidence.filters, "filters", method=network, measure="weight")
    rows = rows[rows["replicate"].isin(evidence.learned(network, TEST)) & (rows["layer"] == layer)]
    return rows.groupby("replicate")["value"].sum().to_numpy()


def third_convolution(evidence: Evidence, two: str, three: str) -> list[Comparison]:
    """C-C18: a third convolutional layer is redundant (§3.4.3)."""
    *_, second, third, _ = _class_means(evidence, three, TEST)
    alike = [_mean_correlation(*pair) for pair in zip(second, third, strict=True)]
    return [
        Comparison(
            f"mean activations before and after layer 3, shifted by up to {SHIFT} samples",
            np.array(alike),
            above(ALIKE),
            "correlation",
        ),
        _relative(evidence, three, two, "L1", above(-0.05)),
    ]


def _mean_correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Mean over classes of the correlation of two signals (labels, length), at the best shift."""
    shifts = range(-SHIFT, SHIFT + 1)
    return max(
        np.mean([_shifted(a, b, by) for a, b in zip(one, other, strict=True)]) for by in shifts
    )


def _shifted(one: np.ndarray, other: np.ndarray, by: int) -> float:
    """The correlation of one[i + by] and other[i]; 0 where one of them is constant."""
    a, b = one[max(by, 0) : len(one) + min(by, 0)], other[max(-by, 0) : len(other) - max(by, 0)]
    if not np.ptp(a) or not np.ptp(b):
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def errors_of_cnns(evidence: Evidence, cnns: Sequence[str]) -> list[Comparison]:
    """C-C19: CNNs beat the filter and are alike; two layers are best, three worst (§3.4.4)."""
    one, two, three = cnns
    return [
        *(part for cnn in cnns for part in _compare(evidence, cnn, FILTER, PRINTED, below(0))),
        *(
            _relative(evidence, *pair, "L1", inside(-CLOSE, CLOSE))
            for pair in ((one, two), (three, two), (three, one))
        ),
        *_compare(evidence, two, one, ["L1"], below(0)),
        *_compare(evidence, three, one, ["L1"], above(0)),
        *_compare(evidence, two, "mlp-2", ["L1", "L1_p99"], above(0)),
    ]


def one_layer_against_cnns(evidence: Evidence) -> list[Comparison]:
    """C-C20: the 1-layer network is a bit better, with more outliers (§3.4.4)."""
    return [
        part
        for cnn in CNNS
        for part in (
            *_compare(evidence, "nn-1", cnn, ["L1", "L1_p99"], below(0)),
            *_compare(evidence, "nn-1", cnn, ["L2"], above(0)),
        )
    ]


def bottlenecks_are_worse(evidence: Evidence) -> list[Comparison]:
    """C-C21: bottlenecks against MLPs, the filter and each other (§4.2.2, Table 4.1; E-C16)."""
    pairs = [(f"{SHALLOW}-{width}", "mlp-2") for width in (4, 10)]
    pairs += [(f"{DEEP}-{width}", "mlp-4") for width in (4, 10)]
    return [
        *(part for pair in pairs for part in _compare(evidence, *pair, ["L1"], above(0))),
        *(part for one, _ in pairs for part in _compare(evidence, one, FILTER, ["L1"], above(0))),
        *(part for one, _ in pairs for part in _compare(evidence, one, FILTER, ["L2"], REPORTED)),
        *(
            _compare(evidence, f"{family}-4", f"{family}-10", ["L1"], above(0))[0]
            for family in (SHALLOW, DEEP)
        ),
        *(
            _compare(evidence, f"{DEEP}-{width}", f"{SHALLOW}-{width}", ["L1"], below(0))[0]
            for width in (4, 10)
        ),
        *_compare(evidence, "mlp-4", "mlp-2", ["L1"], above(0)),
    ]


def _family(family: str) -> list[str]:
    return [f"{family}-{width}" for width in WIDTHS]


def shallow_errors_fall(evidence: Evidence) -> list[Comparison]:
    """C-C22: errors fall with the width of a shallow bottleneck, but for L2 (§4.2.2, Fig. 4.3)."""
    comparisons = []
    for measure in PRINTED:
        values = evidence.errors_of(_family(SHALLOW), TEST, measure)
        tau = np.array([stats.kendalltau(WIDTHS, row).statistic for row in values])
        hypothesis = below(MONOTONE) if measure in RELIABLE else REPORTED
        comparisons.append(
            Comparison(f"{measure}: Kendall's tau with the width", tau, hypothesis, "tau")
        )
    return comparisons


def _activity(evidence: Evidence, network: str, layer: int) -> pd.Series:
    """The share of dead units of a layer by replicate."""
    rows = rows_of(evidence.units, "activity of units", method=network, set=TRAIN)
    rows = rows[rows["layer"] == layer]
    return (rows["active"] == 0).groupby(rows["replicate"]).mean()


def deep_errors_follow_active_units(evidence: Evidence) -> list[Comparison]:
    """C-C23: deep bottlenecks are not monotone, since units are dead (§4.2.2, Figs 4.4, 4.5)."""
    networks = _family(DEEP)
    values = evidence.errors_of(networks, TEST, "L1")
    dead = pd.concat([_activity(evidence, network, layer=2) for network in networks], axis=1)
    active = (1 - dead.to_numpy()) * np.array(WIDTHS)
    rises = (np.diff(values, axis=1) > 0).sum(axis=1)
    if len(active) != len(values):
        raise Missing(f"activity of units of every replicate of {DEEP}")
    closer = [
        stats.spearmanr(error, WIDTHS).statistic - stats.spearmanr(error, count).statistic
        for error, count in zip(values, active, strict=True)
    ]
    part = "rank correlation of L1 with the width, minus that with the active units"
    return [
        Comparison("rises of L1 from a width to the next", rises, above(0), "widths"),
        Comparison(part, np.array(closer), above(0), "correlation"),
    ]


def dead_units(evidence: Evidence) -> list[Comparison]:
    """C-C24: units die in all hidden layers of deep bottlenecks, not in shallow ones (§4.2.2)."""

    def shares(family: str, layer: int) -> np.ndarray:
        found = [_activity(evidence, network, layer) for network in _family(family)]
        return pd.concat(found, axis=1).mean(axis=1).to_numpy()

    unit = "share of units, mean over widths"
    return [
        *(
            Comparison(f"{DEEP}: dead units in layer {layer}", shares(DEEP, layer), above(0), unit)
            for layer in (1, 2, 3)
        ),
        Comparison(f"{SHALLOW}: dead units", shares(SHALLOW, 1), below(0.01), unit),
    ]


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
    networks = (*MLPS, *_family(SHALLOW), *_family(DEEP))
    values = evidence.errors_of(networks, TEST, measure)
    return np.abs(values / np.median(values, axis=0) - 1).mean(axis=1)


def _planes(evidence: Evidence) -> dict[str, np.ndarray]:
    """Class means in the two-dimensional bottlenecks, (replicates, labels, 2)."""
    layers = {f"{SHALLOW}-2": 1, f"{DEEP}-2": 2}
    return {name: _class_means(evidence, name, TRAIN)[layer] for name, layer in layers.items()}


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


def separation_and_error(evidence: Evidence) -> list[Comparison]:
    """C-C27: a curve that keeps apart from itself goes with good performance (§4.3.1)."""
    comparisons = []
    for name, planes in _planes(evidence).items():
        error = evidence.errors_of([name], TEST, "L1")[:, 0]
        if len(error) != len(planes):
            raise Missing(f"class means of every replicate of {name}")
        apart = np.array([_separation(plane) for plane in planes])
        ranks = [stats.zscore(stats.rankdata(values)) for values in (apart, error)]
        part = f"{name}: rank correlation over replicates of least distance and L1"
        comparisons.append(Comparison(part, ranks[0] * ranks[1], below(0), "correlation"))
    return comparisons


def _separation(means: np.ndarray) -> float:
    """The least distance of classes that are no neighbours, over the length of the curve."""
    apart = np.abs(np.subtract.outer(np.arange(len(means)), np.arange(len(means))))
    distance = np.linalg.norm(means[:, None] - means, axis=2)
    length = sum(np.linalg.norm(b - a) for a, b in pairwise(means))
    return float(distance[apart >= NOT_NEIGHBOURS].min() / length)


def wide_enough(evidence: Evidence) -> list[Comparison]:
    """C-C31: more than three to five units do not help, and switch off (§4.3.1, §4.3.5)."""
    dead = _activity(evidence, f"{DEEP}-10", layer=2).to_numpy()
    return [
        *(
            _relative(evidence, f"{family}-10", f"{family}-5", "L1", inside(-SAME, SAME))
            for family in (SHALLOW, DEEP)
        ),
        Comparison(f"{DEEP}-10: dead units in the bottleneck", dead, above(0), "share of units"),
    ]


def active_units(evidence: Evidence) -> list[Comparison]:
    """C-N11: how many units of a deep bottleneck are active (§4.2.2, Fig. 4.5)."""
    return [
        against_published(
            f"active units of {width} in the bottleneck",
            width * (1 - _activity(evidence, f"{DEEP}-{width}", layer=2).to_numpy()),
            published,
        )
        for width, published in ((6, 5), (9, 8), (10, 8))
    ]


def worst_classes(evidence: Evidence) -> list[Comparison]:
    """C-N12: classes where one coordinate is zero are told apart worst (§4.2.3, Fig. 4.6)."""
    network = f"{SHALLOW}-2"
    _, plane, output = _class_means(evidence, network, TRAIN)
    off = (plane <= SILENT * plane.max(axis=(1, 2), keepdims=True)).any(axis=2)
    right = np.diagonal(output, axis1=1, axis2=2)
    counts = off.sum(axis=1)
    some = (counts > 0) & (counts < off.shape[1])
    if not some.any():
        raise Missing(f"class of {network} with a coordinate that is zero")
    pairs = zip(right[some], off[some], strict=True)
    difference = np.array([of[where].mean() - of[~where].mean() for of, where in pairs])
    part = "probability of the right class: where a coordinate is zero, minus elsewhere"
    return [
        Comparison(part, difference, below(0), "probability"),
        Comparison("classes with a coordinate that is zero", counts, REPORTED, "classes"),
    ]


def _ascent(evidence: Evidence, network: str) -> pd.DataFrame:
    return rows_of(evidence.ascents, "gradient ascent", method=network)


def shape_of_ascents(evidence: Evidence) -> list[Comparison]:
    """C-C33: drops around the jump in the 1-layer network, but for the ends (§5.1, Fig. 5.1)."""
    rows = _ascent(evidence, "nn-1")
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
            raise Missing(f"gradient ascent of nn-1 at location {location}")
        part = f"drop {side} the jump at {location}"
        comparisons.append(Comparison(part, values, hypothesis, "of the signal's range"))
    return comparisons


def _by_depth(evidence: Evidence, measure: str) -> np.ndarray:
    """The median over classes of a measure of ascents, (replicates, depths)."""
    columns = [
        _ascent(evidence, network).groupby("replicate")[measure].median() for network in MLPS
    ]
    return pd.concat(columns, axis=1, keys=MLPS).to_numpy(np.float64)


def _slope(values: np.ndarray) -> np.ndarray:
    """Least-squares slopes of log values over the number of layers, (replicates,)."""
    depth = np.arange(values.shape[1]) - (values.shape[1] - 1) / 2
    return np.log(values) @ depth / (depth**2).sum()


def noisier_with_depth(evidence: Evidence) -> list[Comparison]:
    """C-C34: deeper MLPs give noisier signals, some with no clear jump (§5.1, Fig. 5.2)."""
    deepest = _ascent(evidence, "mlp-4")
    missed = (deepest["offset"].abs() > RECOGNISED).groupby(deepest["replicate"]).mean()
    reached = deepest["reached"].astype(float).groupby(deepest["replicate"]).mean()
    clarity = _slope(_by_depth(evidence, "clarity"))
    return [
        Comparison("clarity, slope of its logarithm over layers", clarity, below(0), "per layer"),
        Comparison(
            "mlp-4: largest increase elsewhere", missed.to_numpy(), above(0), "share of classes"
        ),
        Comparison("mlp-4: 0.999 reached", reached.to_numpy(), above(REACHED), "share of classes"),
    ]


def easier_to_attack(evidence: Evidence) -> list[Comparison]:
    """C-C35: deeper networks are easier to attack (§5.1)."""
    distance = _slope(_by_depth(evidence, "distance"))
    part = "distance of the signals from their start, slope of its logarithm over layers"
    return [Comparison(part, distance, below(0), "per layer")]


def clarity_and_error(evidence: Evidence) -> list[Comparison]:
    """C-C36: the clearer the signals of a model, the lower its error (§5.1)."""
    clarity = _by_depth(evidence, "clarity")
    errors = evidence.errors_of(MLPS, TEST, "L1")
    if len(errors) != len(clarity):
        raise Missing("gradient ascent of every replicate of the MLPs")
    pairs = zip(clarity, errors, strict=True)
    correlation = [stats.spearmanr(clear, error).statistic for clear, error in pairs]
    part = "rank correlation of clarity and L1 over the MLPs"
    return [Comparison(part, np.array(correlation), below(0), "correlation")]


def sharper_in_deeper_layers(evidence: Evidence) -> list[Comparison]:
    """C-C37: signals of CNNs, layer by layer (§5.2, Figs 5.4 and 5.5)."""
    two, three = (_layers(evidence, cnn) for cnn in LINEAR[1:])
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
    rows = rows[rows["replicate"].isin(evidence.learned(network, TEST))]
    signals = rows_of(evidence.signals, "signals of gradient ascent", method=network)
    chosen = signals.merge(rows[["replicate", "label"]], on=["replicate", "label"])
    if chosen.empty:
        raise Missing(f"signal of {network} that reached 0.999")
    return [
        each.pivot(index="layer", columns="sample", values="value").to_numpy()
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
    return max(abs(_shifted(one, other, by)) for by in range(-SHIFT, SHIFT + 1))


def shallow_networks_are_best(evidence: Evidence) -> list[Comparison]:
    """C-C52: the 1-layer and the 2-layer network are best of all (§7.1)."""
    others: Sequence[str] = ("mlp-3", "mlp-4", *CNNS, f"{SHALLOW}-10", f"{DEEP}-10")
    comparisons = []
    for other in others:
        values = evidence.errors_of(["nn-1", "mlp-2", other], TEST, "L1")
        difference = values[:, 2] - values[:, :2].max(axis=1)
        part = f"L1: {other} minus the worse of nn-1 and mlp-2"
        comparisons.append(Comparison(part, difference, above(0), "samples"))
    return comparisons


TESTS: dict[str, Callable[[Evidence], list[Comparison]]] = {
    "C-C15": partial(one_convolution, network=CNNS[0]),
    "C-C15 (linear)": partial(one_convolution, network=LINEAR[0]),
    "C-C16": short_filters,
    "C-C17": partial(two_convolutions, network=CNNS[1]),
    "C-C17 (linear)": partial(two_convolutions, network=LINEAR[1]),
    "C-C18": partial(third_convolution, two=CNNS[1], three=CNNS[2]),
    "C-C18 (linear)": partial(third_convolution, two=LINEAR[1], three=LINEAR[2]),
    "C-C19": partial(errors_of_cnns, cnns=CNNS),
    "C-C19 (linear)": partial(errors_of_cnns, cnns=LINEAR),
    "C-C20": one_layer_against_cnns,
    "C-C21": bottlenecks_are_worse,
    "C-C22": shallow_errors_fall,
    "C-C23": deep_errors_follow_active_units,
    "C-C24": dead_units,
    "C-C25": unreliable_measure,
    "C-C26": continuity,
    "C-C27": separation_and_error,
    "C-C31": wide_enough,
    "C-C33": shape_of_ascents,
    "C-C34": noisier_with_depth,
    "C-C35": easier_to_attack,
    "C-C36": clarity_and_error,
    "C-C37": sharper_in_deeper_layers,
    "C-C52": shallow_networks_are_best,
    "C-N11": active_units,
    "C-N12": worst_classes,
}
