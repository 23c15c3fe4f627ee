"""The hidden pattern of single examples, right ones and wrong ones (pardo2019 §3.3, Fig. 4)."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from glassbox.models.layers import Layer


def choose_examples(right: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """The rows of some examples, half of them misclassified if there are as many: (count,).

    right: (n,) whether each is answered right. At random, in the order of the set.
    """
    wrong, others = (rng.permutation(np.flatnonzero(each)) for each in (~right, right))
    few = min(len(wrong), max(count // 2, count - len(others)))
    return np.sort(np.concatenate([wrong[:few], others[: count - few]]))


def example_patterns(
    hidden: np.ndarray, introspection: pd.DataFrame, rows: np.ndarray, layers: Sequence[Layer]
) -> pd.DataFrame:
    """The pattern of some examples of a set, beside where they lie on the plane.

    hidden: (n, units), the concatenated layers. introspection: their table, a row per example in
    the same order. rows: which ones.
    Columns: example_id, label, answer, z1, z2, estimate, layer, depth, unit (0-based, within the
    layer) and value.
    """
    told = introspection.iloc[rows][["example_id", "label", "answer", "z1", "z2", "estimate"]]
    frames, start = [], 0
    for layer in layers:
        own = hidden[rows, start : start + layer.units]
        start += layer.units
        frame = told.loc[told.index.repeat(layer.units)].reset_index(drop=True)
        units = np.tile(np.arange(layer.units), len(rows))
        frames.append(
            frame.assign(layer=layer.name, depth=layer.depth, unit=units, value=own.ravel())
        )
    return pd.concat(frames, ignore_index=True)
