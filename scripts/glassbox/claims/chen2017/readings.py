"""What the claims of chen2017 are about, and the study's tables as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from glassbox.analyses.errors import AT_CHANCE
from glassbox.claims.evidence import Evidence, Missing, where
from glassbox.claims.layers import by_label_and_unit, hidden_of

FILTER = "gaussian-derivative"
ONE_LAYER, MLP, DEEPER, LEARNING = "nn-1", "mlp-2", "mlp-3", "mlp-4"
MLPS = (ONE_LAYER, MLP, DEEPER, LEARNING)
CNNS = ("cnn-7", "cnn-5-9", "cnn-5-7-9")
SHALLOW, DEEP = "bottleneck", "deep-bottleneck"
WIDTHS = range(2, 11)
MEMORISING, FITTED, LONG = "memorising", "fitted", "long"
TRAIN, TEST, TRUE_LABELS = "jumps/train", "jumps/test", "jumps/averages"
SHUFFLED = "jumps-shuffled/train"

HALF = 0.5
ALL_RIGHT = 0.995  # what is printed as 100 %


@dataclass(frozen=True)
class Layer:
    """Averaged activations of one layer (Eq. 3.6).

    means, variances: (replicates, labels, units); count: examples per label.
    """

    means: np.ndarray
    variances: np.ndarray
    count: int


def by_width(bottleneck: str) -> list[str]:
    """The networks of a family of bottlenecks, by width."""
    return [f"{bottleneck}-{width}" for width in WIDTHS]


def error(evidence: Evidence, method: str, wanted: str, measure: str) -> np.ndarray:
    """An error measure on a set, (replicates,)."""
    rows = evidence.rows("errors", "error measures", method=method, set=wanted, measure=measure)
    return evidence.per_replicate(rows.set_index("replicate")["value"], method)


def errors_of(evidence: Evidence, methods: Sequence[str], wanted: str, measure: str) -> np.ndarray:
    """An error measure of several methods on a set, (replicates, methods), paired.

    All replicates that every one of the methods has count, but for those in which one of them
    stayed at chance.
    """
    dropped = at_chance(evidence, methods, wanted)
    if dropped.all():
        raise Missing(f"replicate of {', '.join(methods)} that learned")
    return _measured(evidence, methods, wanted, measure)[~dropped]


def at_chance(evidence: Evidence, methods: Sequence[str], wanted: str) -> np.ndarray:
    """In which replicates one of the methods stayed at chance, (replicates,): see `AT_CHANCE`."""
    return (_measured(evidence, methods, wanted, "accuracy") < AT_CHANCE).any(axis=1)


def _measured(evidence: Evidence, methods: Sequence[str], wanted: str, measure: str) -> np.ndarray:
    """A measure on a set, (replicates, methods); NaN of a method that does not have it."""
    columns = []
    for method in methods:
        rows = evidence.rows("errors", "error measures", method=method, set=wanted)
        values = where(rows, measure=measure).set_index("replicate")["value"]
        columns.append(evidence.per_replicate(values, *methods))
    return np.stack(columns, axis=1)


def learned(evidence: Evidence, method: str) -> np.ndarray:
    """The replicates of a method, all that there are, that did not stay at chance."""
    rows = evidence.rows("errors", "error measures", method=method, set=TEST, measure="accuracy")
    return rows.loc[rows["value"] >= AT_CHANCE, "replicate"].to_numpy()


def hidden_layers(evidence: Evidence, method: str, wanted: str) -> list[Layer]:
    """The averaged activations of each hidden layer."""
    rows = evidence.rows("averages", "averaged activations", method=method, set=wanted)
    if wanted not in evidence.per_class:
        raise Missing(f"number of examples per class of {wanted}")
    count = evidence.per_class[wanted]
    replicates = evidence.count(method)
    by_layer = [layer for _, layer in rows.groupby("depth")]
    return [
        Layer(
            *(by_label_and_unit(layer, column, replicates) for column in ("mean", "variance")),
            count,
        )
        for layer in by_layer[1 : 1 + hidden_of(by_layer, method)]
    ]


def class_means(evidence: Evidence, network: str, wanted: str) -> list[np.ndarray]:
    """Averaged activations (labels, units) of every layer, of each replicate that learned.

    One array (replicates, labels, units) per layer, the input first.
    """
    rows = evidence.rows("averages", "averaged activations", method=network, set=wanted)
    rows = rows[rows["replicate"].isin(learned(evidence, network))]
    if rows.empty:
        raise Missing(f"replicate of {network} that learned")
    layers = []
    for _, layer in rows.groupby("depth"):
        sizes = [layer[name].nunique() for name in ("replicate", "label", "unit")]
        ordered = layer.sort_values(["replicate", "label", "unit"])["mean"]
        layers.append(ordered.to_numpy(np.float64).reshape(sizes))
    return layers


def epochs_to(evidence: Evidence, network: str, accuracy: float) -> tuple[np.ndarray, np.ndarray]:
    """The first epoch of at least this training accuracy, and whether there was one.

    Where there was none it is the last epoch trained. Two arrays (replicates,).
    """
    rows = evidence.rows("training.history", "history", method=network)
    there = rows[rows["train_accuracy"] >= accuracy].groupby("replicate")["epoch"].min()
    last = rows.groupby("replicate")["epoch"].max()
    reached = evidence.per_replicate(there, network)
    return np.fmin(reached, evidence.per_replicate(last, network)), np.isfinite(reached)


def kept(evidence: Evidence, network: str, column: str) -> np.ndarray:
    """What a network's history says of the epoch that is kept, (replicates,)."""
    rows = evidence.rows("training.history", "history", method=network)
    return evidence.per_replicate(rows[rows["kept"]].set_index("replicate")[column], network)


def same_depth(memorising: int, learning: int) -> None:
    """Raise Missing when the two networks have unlike numbers of layers."""
    if memorising != learning:
        raise Missing(f"{MEMORISING} and {LEARNING} of one depth")


def ratio(numerator: np.ndarray | float, denominator: np.ndarray | float) -> np.ndarray:
    """A quotient; NaN or infinity where it is not defined."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.divide(numerator, denominator)
