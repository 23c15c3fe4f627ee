"""Whether the filters of a network smooth or differentiate (chen2017 §3.2.2, §3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from glassbox.models.stack import Stack

SMOOTHS = 0.8
REACH = 3  # samples to either side of a jump, those of a filter of seven taps


def sign_balance(weights: np.ndarray) -> float:
    """|sum of w| / sum of |w|: 1 where all weights have one sign, 0 for a pure derivative.

    It is 1 - 2 m, m being the share of the l1 norm that has the rarer sign. The thesis calls a
    filter with one sign smoothing and one with both differentiating; weights next to 0 make many a
    trained filter one with both, so a filter counts as smoothing here above SMOOTHS, when less than
    a tenth of its weight has the rarer sign. The thesis's mixed filter, [1 1 1 1 -1], has 0.6 and
    differentiates. NaN for a filter of zeros.
    """
    total = np.abs(weights).sum()
    return float(abs(weights.sum()) / total) if total else float("nan")


def diagonal_share(weights: np.ndarray, first: int, reach: int = REACH) -> float:
    """Share of a dense layer's squared weights (classes, inputs) within `reach` of the jump.

    first: the 1-based location of class 0. A matrix without any pattern has the share of entries
    there, (2 reach + 1) / inputs.
    """
    squares = np.square(weights, dtype=np.float64)
    locations = first + np.arange(len(weights))[:, None]
    near = np.abs(1 + np.arange(weights.shape[1]) - locations) <= reach
    return float(squares[near].sum() / squares.sum())


def filter_table(model: Stack, first: int) -> pd.DataFrame:
    """The filters of a stack of one replicate, and what they do.

    Columns: layer, depth (from 1), measure, tap (from 1; 0 for a whole layer), value.
    measure: weight (of a tap, in the order in which it meets the signal); balance (`sign_balance`);
    diagonal (`diagonal_share`, of the output layer alone).
    """
    rows = []
    *convolutions, output = [layer.stored()[0][0].detach().numpy() for layer in model.layers]
    for number, stored in enumerate(convolutions, start=1):
        weights = stored.ravel()
        rows += [(number, "weight", tap, weight) for tap, weight in enumerate(weights, start=1)]
        rows.append((number, "balance", 0, sign_balance(weights)))
    rows.append((len(model.layers), "diagonal", 0, diagonal_share(output, first)))
    frame = pd.DataFrame(rows, columns=["depth", "measure", "tap", "value"])
    frame.insert(0, "layer", frame["depth"].map(dict(enumerate(model.names(), start=1))))
    return frame.astype({"value": "float64"})
