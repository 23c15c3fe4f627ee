"""How well scores tell which examples a network answers wrongly (pardo2019 §3.1, §3.6).

A higher score means likelier wrong. Selective classification answers the examples of the lowest
scores alone: its coverage is their share, and its risk the share of them that is answered wrongly
(El-Yaniv and Wiener 2010); AURC is the mean risk over all coverages (Geifman and El-Yaniv 2017).
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from glassbox.analyses.outputs import largest_output, margin
from glassbox.analyses.scores import ALL_CLASSES, auroc_by
from glassbox.analyses.spaces import Space

STEPS = 100  # coverages that a table of a curve has

Predict = Callable[[np.ndarray], np.ndarray]
Fit = Callable[[np.ndarray, np.ndarray], Predict]


def risk_coverage(scores: np.ndarray, wrong: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The coverages k / n, from 1 / n to 1, and the risk of the k examples of lowest score: (n,).

    Of examples with one score that do not all belong to the k, those that do are any: the risk is
    its mean over all orders of theirs, in which each is as likely to be wrong as the others.
    """
    _, place, sizes = np.unique(scores, return_inverse=True, return_counts=True)
    wrongs = np.bincount(place, weights=wrong)
    taken = np.arange(1, len(scores) + 1)
    ends, until = (np.concatenate([[0], each.cumsum()]) for each in (sizes, wrongs))
    return taken / len(scores), np.interp(taken, ends, until) / taken


def aurc(scores: np.ndarray, wrong: np.ndarray) -> float:
    """The area under the risk-coverage curve, the mean risk over coverages 1 / n to 1."""
    return float(risk_coverage(scores, wrong)[1].mean())


def output_scores(outputs: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Scores (n,) of outputs (n, classes) alone, and random ones, by name."""
    return {
        "maximum output": -largest_output(outputs),
        "margin": -margin(outputs),
        "random": rng.random(len(outputs)),
    }


def introspected_scores(introspected: pd.DataFrame) -> dict[str, np.ndarray]:
    """Scores (n,) of the table of an introspection: estimate, and density and hit, which are low.

    Of each example: the estimated log10 of its error, how dense training examples lie where it is
    in the map, and the share of its nearest there that have its answer.
    """
    columns = {name: introspected[name].to_numpy(float) for name in ("estimate", "density", "hit")}
    return {
        "estimate": columns["estimate"],
        "density": -columns["density"],
        "hit": -columns["hit"],
    }


def estimated_scores(
    spaces: Mapping[str, Space], targets: np.ndarray, fit: Fit
) -> dict[str, np.ndarray]:
    """Scores (n,) by an estimator of the error on each of some spaces, by the name of the space.

    targets: (p,) of all training examples. fit: of inputs (p, d) and targets (p,); gives what makes
    estimates (n,) of inputs (n, d).
    """
    return {
        name: fit(space.training, targets[space.rows])(space.shown)
        for name, space in spaces.items()
    }


def misclassification(
    scores: Mapping[str, np.ndarray], wrong: np.ndarray, labels: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables of how well scores (n,) tell which examples are answered wrongly, and of curves.

    wrong: (n,) bool. labels: (n,), which the examples have. Columns of the first: score, label
    (ALL_CLASSES for all examples), measure (auroc, aurc; and, the same for every score, wrong and
    count, numbers of examples), value. Of the second, over all examples: score, coverage, risk, at
    STEPS coverages as equally spaced as n allows, or at all n.
    """
    parts = {ALL_CLASSES: np.ones(len(labels), bool)}
    parts |= {label: labels == label for label in np.unique(labels).tolist()}
    rows = [
        (name, label, measure, value)
        for name, values in scores.items()
        for label, part in parts.items()
        for measure, value in _measures(values[part], wrong[part]).items()
    ]
    curves = [_curve(values, wrong).assign(score=name) for name, values in scores.items()]
    return (
        pd.DataFrame(rows, columns=["score", "label", "measure", "value"]),
        pd.concat(curves, ignore_index=True)[["score", "coverage", "risk"]],
    )


def _measures(scores: np.ndarray, wrong: np.ndarray) -> dict[str, float]:
    measured = {"auroc": auroc_by(scores, wrong), "aurc": aurc(scores, wrong)}
    return measured | {"wrong": float(wrong.sum()), "count": float(len(wrong))}


def _curve(scores: np.ndarray, wrong: np.ndarray) -> pd.DataFrame:
    coverage, risk = risk_coverage(scores, wrong)
    ends = np.ceil(np.linspace(0, len(scores), STEPS + 1)[1:]).astype(int) - 1
    kept = np.unique(ends)
    return pd.DataFrame({"coverage": coverage[kept], "risk": risk[kept]})
