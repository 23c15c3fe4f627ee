"""How far representations lie apart, within a class and between classes (chen2017 §6.4).

Exact over all pairs. The Euclidean distances of a class come from one matrix product; the mean
cosine and correlation over all pairs have a closed form in the sum of the unit vectors.
"""

from collections.abc import Iterable
from functools import partial
from itertools import combinations

import numpy as np
import pandas as pd
import torch

from glassbox.activations import Activations
from glassbox.analyses.averages import class_means
from glassbox.analyses.layers import by_layer
from glassbox.tables import Examples

MEASURES = ("euclidean", "cosine", "correlation")
AT_ONCE = {"cpu": 128, "cuda": 4096}  # vectors whose distances from all others are taken at once


def mean_euclidean(vectors: torch.Tensor, rows: int | None = None) -> float:
    """Mean Euclidean distance (Eq. 6.1) over all unordered pairs of vectors (n, d); E-C06.

    NaN below two vectors. Memory: `rows` x n distances in float64, as many as suit the device.
    """
    count, rows = len(vectors), rows or AT_ONCE[vectors.device.type]
    if count < 2:
        return float("nan")
    centred = vectors.double()
    centred = centred - centred.mean(0)
    squares = (centred * centred).sum(1)
    total = squares.new_zeros(())
    for start in range(0, count, rows):
        block, rest = centred[start : start + rows], centred[start:]
        distances = torch.addmm(squares[start:], block, rest.T, alpha=-2)
        distances += squares[start : start + rows, None]
        distances[:, : len(block)].triu_(1)
        total += distances.clamp_min_(0).sqrt_().sum()
    return float(total) / (count * (count - 1) / 2)


def mean_cosine(vectors: torch.Tensor) -> tuple[float, int]:
    """Mean cosine distance (Eq. 6.7) over all unordered pairs, and how many vectors are zero.

    The angle of a zero vector is not defined; pairs with one are left out. NaN below two others.
    """
    return _mean_angle(vectors.double())


def mean_correlation(vectors: torch.Tensor) -> tuple[float, int]:
    """Mean correlation distance (Eq. 6.8, 6.9): the cosine distance of centred vectors."""
    return _mean_angle(_centred(vectors.double()))


def _centred(vectors: torch.Tensor) -> torch.Tensor:
    """Vectors less their mean element; what is constant but for rounding of float32 is zero."""
    centred = vectors - vectors.mean(1, keepdim=True)
    rounding = torch.finfo(torch.float32).eps * vectors.norm(dim=1)
    return centred * (centred.norm(dim=1) > rounding)[:, None]


def _mean_angle(vectors: torch.Tensor) -> tuple[float, int]:
    """Mean over pairs of 1 - u_i·u_j: the sum of all u_i·u_j is |sum u|², linear in n."""
    norms = vectors.norm(dim=1)
    defined = norms > 0
    total = defined.double() / norms.where(defined, 1.0) @ vectors
    count, square = torch.stack([defined.double().sum(), total @ total]).tolist()
    undefined = len(vectors) - int(count)
    if count < 2:
        return float("nan"), undefined
    return 1 - (square - count) / (count * (count - 1)), undefined


def inner_deviation(vectors: torch.Tensor) -> dict[str, tuple[float, int]]:
    """Each measure's mean over the pairs of one class, and the vectors it is undefined for."""
    return {
        "euclidean": (mean_euclidean(vectors), 0),
        "cosine": mean_cosine(vectors),
        "correlation": mean_correlation(vectors),
    }


def class_pairs(classes: int, ordered: bool) -> list[tuple[int, int]]:
    """Adjacent classes where they have an order (Eq. 6.3, E-C07), all pairs otherwise (§6.4.2)."""
    if ordered:
        return [(label, label + 1) for label in range(classes - 1)]
    return list(combinations(range(classes), 2))


def inter_deviation(
    means: torch.Tensor, pairs: list[tuple[int, int]]
) -> dict[str, tuple[float, int]]:
    """Each measure's mean over the given pairs of class means (classes, d).

    The count is that of pairs left out because one of their vectors is zero. NaN without pairs.
    """
    left, right = means.double()[torch.tensor(pairs, dtype=torch.int64).reshape(-1, 2).T]
    return {
        "euclidean": (float((left - right).norm(dim=1).mean()), 0),
        "cosine": _paired_cosine(left, right),
        "correlation": _paired_cosine(_centred(left), _centred(right)),
    }


def deviations(activations: Activations, *, ordered: bool, device: torch.device) -> pd.DataFrame:
    """The deviation measures of every layer, the input included: see `layer_deviations`."""
    return by_layer(activations, partial(layer_deviations, ordered=ordered, device=device))


def layer_deviations(examples: Examples, ordered: bool, device: torch.device) -> pd.DataFrame:
    """All deviation measures of one layer, averaged over classes (Eq. 6.2 to 6.9).

    ordered: whether classes have an order, so that adjacent ones are compared. Columns: scope
    (inner, inter or level); measure (euclidean, normalised, cosine, correlation; mean_l1 for the
    level); value; undefined (vectors or pairs without an angle). `normalised` is the Euclidean
    measure over the layer's activation level (Eq. 6.5, 6.6); NaN where the level is 0. Classes
    without examples take no part.
    """
    values = torch.from_numpy(examples.values).to(device)
    present = set(np.unique(examples.labels))
    inner = _mean_over_classes(
        inner_deviation(values[torch.from_numpy(examples.labels == label).to(device)])
        for label in sorted(present)
    )
    means = class_means(examples.values, examples.labels, examples.classes)
    pairs = [pair for pair in class_pairs(examples.classes, ordered) if present.issuperset(pair)]
    inter = inter_deviation(torch.from_numpy(means).to(device), pairs)
    level = float(values.abs().sum(1, dtype=torch.float64).mean())
    rows = [("level", "mean_l1", level, 0)]
    for scope, measures in (("inner", inner), ("inter", inter)):
        rows += [(scope, name, *measures[name]) for name in MEASURES]
        normalised = measures["euclidean"][0] / level if level else float("nan")
        rows.append((scope, "normalised", normalised, 0))
    return pd.DataFrame(rows, columns=["scope", "measure", "value", "undefined"])


def _mean_over_classes(
    classes: Iterable[dict[str, tuple[float, int]]],
) -> dict[str, tuple[float, int]]:
    per_class = list(classes)
    return {
        name: (
            float(np.nanmean([measures[name][0] for measures in per_class])),
            sum(measures[name][1] for measures in per_class),
        )
        for name in MEASURES
    }


def _paired_cosine(left: torch.Tensor, right: torch.Tensor) -> tuple[float, int]:
    norms = left.norm(dim=1) * right.norm(dim=1)
    defined = norms > 0
    similarity = (left * right).sum(1)[defined] / norms[defined]
    return float((1 - similarity).mean()), int((~defined).sum())
