"""How alike patterns of one class are, from layer to layer (§2.3, §3.1, Fig. 3)."""

import numpy as np

from glassbox.claims.evidence import Evidence
from glassbox.claims.hypotheses import REPORTED, above, below
from glassbox.claims.judging import claim
from glassbox.claims.layers import UNTRAINED, deviation, dimensions, hidden_of, hits, trend
from glassbox.claims.pardo2019.readings import (
    ENCODED,
    TEST,
    TRAIN,
    expected,
)
from glassbox.claims.verdicts import Comparison

STRONG = 0.5  # correlation of what goes on from layer to layer
ON_A_PAR = np.log2(1.5)  # of two dimensions
FEW = 0.1  # dimensions per unit
VERSUS = "trained minus untrained"
OVER_THE_DATA = "intrinsic dimension of a hidden layer over that of the data"


@claim("P-C01")
def alike_within_a_class(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C01: patterns of one category are alike once trained (abstract, §3.1)."""
    shown, start = TEST.format(data), UNTRAINED.format(method)
    hit, hit_before = (
        _encoded(hits(evidence, each, shown, "label")[:, 1:-1], method).mean(axis=1)
        for each in (method, start)
    )
    spread, spread_before = (
        _within(evidence, each, shown, method).mean(axis=1) for each in (method, start)
    )
    mean = "mean over the encoded layers"
    return [
        Comparison(f"hit above chance, {mean}: {VERSUS}", hit - hit_before, above(0), "hit"),
        Comparison(
            f"cosine distance within a class over that between class means, {mean}: {VERSUS}",
            spread - spread_before,
            below(0),
            "log2",
        ),
        Comparison(f"hit above chance, {mean}: trained", hit, REPORTED, "hit"),
    ]


@claim("P-C08")
def more_alike_with_depth(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C08: patterns of a class become more alike from the first layer to the last (§2.3)."""
    shown, start = TEST.format(data), UNTRAINED.format(method)
    trained, before = (trend(_within(evidence, each, shown, method)) for each in (method, start))
    what = "trend over layers of the distance within a class over that between class means"
    unit = "correlation"
    return [
        Comparison(f"{what}: trained", trained, below(-STRONG), unit),
        Comparison(f"{what}: {VERSUS}", trained - before, below(0), unit),
    ]


def _within(evidence: Evidence, network: str, shown: str, method: str) -> np.ndarray:
    """log2 of the cosine deviation within classes over that between, (replicates, layers)."""
    inner, inter = (
        deviation(evidence, network, shown, scope, "cosine")[:, 1:] for scope in ("inner", "inter")
    )
    return _encoded(np.log2(inner / inter), method)


def _encoded(values: np.ndarray, method: str) -> np.ndarray:
    """The values (replicates, hidden layers) of the layers that are encoded."""
    return values[:, -ENCODED.get(method, values.shape[1]) :]


@claim("P-C01 (dimension)")
def of_low_dimension(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C01 (dimension): hidden states have as few dimensions as the data (§2.3)."""
    shown = TEST.format(data)
    values, before = (
        dimensions(evidence, each, shown) for each in (method, UNTRAINED.format(method))
    )
    hidden = values[:, 1 : 1 + hidden_of(values.T, method)]
    relative = np.log2(hidden / values[:, :1])
    untrained = np.log2(before[:, 1 : 1 + hidden.shape[1]] / before[:, :1])
    layers = expected(evidence, method, TRAIN.format(data), "mean")
    units = np.array([each.shape[2] for each in layers])
    return [
        Comparison(
            f"{OVER_THE_DATA}, where it is largest",
            relative,
            below(ON_A_PAR),
            "log2",
        ),
        Comparison(f"{OVER_THE_DATA}, mean: trained", relative.mean(axis=1), REPORTED, "log2"),
        Comparison(f"{OVER_THE_DATA}, mean: untrained", untrained.mean(axis=1), REPORTED, "log2"),
        Comparison(
            "intrinsic dimensions per unit of a hidden layer, where they are most",
            hidden / units,
            below(FEW),
            "dimensions per unit",
        ),
    ]


@claim("P-C15")
def funnel(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C15: inputs go through a funnel that turns them into the category (Fig. 3)."""
    shown = TRAIN.format(data)
    trained, before = (
        trend(_partaking(expected(evidence, each, shown, "mean")))
        for each in (method, UNTRAINED.format(method))
    )
    what = "trend over layers of the share of units that take part in a class's pattern"
    unit = "correlation"
    return [
        Comparison(f"{what}: trained", trained, below(-STRONG), unit),
        Comparison(f"{what}: {VERSUS}", trained - before, below(0), unit),
    ]


def _partaking(layers: list[np.ndarray]) -> np.ndarray:
    """The participation ratio of positive expected activations over units, (replicates, layers)."""
    active = [np.maximum(each, 0) for each in layers]
    squares = [(each**2).sum(axis=2) for each in active]
    shares = [
        each.sum(axis=2) ** 2 / np.where(square == 0, 1, square) / each.shape[2]
        for each, square in zip(active, squares, strict=True)
    ]
    return np.stack([each.mean(axis=1) for each in shares], axis=1)
