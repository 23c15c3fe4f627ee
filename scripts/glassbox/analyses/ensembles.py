"""Ensembles of networks whose members weigh by how sure they are (pardo2019 §2.3, §4).

The paper proposes the confidence c = −log10(ê) as a weight, where ê is the estimated error. It says
nothing of estimates above 1, whose confidence is negative: such a member has no say here, and where
no member of an ensemble has any, all have the same.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import combinations

import numpy as np
import pandas as pd

AT_ONCE = 2**25  # outputs of ensembles that are held at a time


def ensembles(
    outputs: Mapping[int, np.ndarray],
    labels: np.ndarray,
    sizes: Collection[int],
    estimates: Mapping[int, np.ndarray] | None = None,
) -> pd.DataFrame:
    """How often ensembles of replicates are right, of all subsets of some sizes.

    outputs: (n, classes) of each replicate to the same examples, whose labels are (n,). estimates:
    (n,) of each, log10 of the error, where there are such. An ensemble answers the class whose
    weighted mean output is largest, the first of several. Columns: replicate (the last of the
    members, so that an ensemble counts where all its members do), members ("0 1 2"), weighting
    (uniform, maximum output, confidence), accuracy.
    """
    names = sorted(outputs)
    stack = np.stack([outputs[name] for name in names]).astype(np.float64)
    weights = {"uniform": np.ones(stack.shape[:2]), "maximum output": stack.max(axis=2)}
    if estimates is not None:
        weights["confidence"] = confidences(np.stack([estimates[name] for name in names]))
    chosen = [each for size in sizes for each in combinations(range(len(names)), size)]
    members = np.zeros((len(chosen), len(names)))
    for row, each in zip(members, chosen, strict=True):
        row[list(each)] = 1
    told = [[names[place] for place in each] for each in chosen]
    frames = [
        pd.DataFrame(
            {
                "replicate": [each[-1] for each in told],
                "members": [" ".join(map(str, each)) for each in told],
                "weighting": weighting,
                "accuracy": list(accuracies(stack, weight, members, labels)),
            }
        )
        for weighting, weight in weights.items()
    ]
    return pd.concat(frames, ignore_index=True)


def confidences(estimates: np.ndarray) -> np.ndarray:
    """−log10(ê) of estimates of log10 of the error, in any shape; 0 where it would be negative."""
    return np.maximum(-estimates.astype(np.float64), 0)


def accuracies(
    outputs: np.ndarray, weights: np.ndarray, members: np.ndarray, labels: np.ndarray
) -> Iterator[float]:
    """The share of examples that each ensemble answers rightly.

    outputs: (replicates, n, classes). weights: (replicates, n), none negative. members: (ensembles,
    replicates), 1 for a member and 0 for others. labels: (n,).
    """
    count, _, classes = outputs.shape
    weighted = (weights[:, :, None] * outputs).reshape(count, -1)
    plain = outputs.reshape(count, -1)
    rows = max(1, AT_ONCE // weighted.shape[1])
    for some in np.split(members, range(rows, len(members), rows)):
        summed = (some @ weighted).reshape(len(some), -1, classes)
        silent = some @ weights == 0
        if silent.any():
            summed[silent] = (some @ plain).reshape(summed.shape)[silent]
        yield from (summed.argmax(axis=2) == labels).mean(axis=1).tolist()
