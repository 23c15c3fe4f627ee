"""Error measures of jump detection (chen2017 §3.2.3) and accuracy."""

import math

import numpy as np

PRINTED = ("L1", "L2", "L1_p99", "L2_p99")  # the columns of Tables 3.1 to 3.3
AT_CHANCE = 0.05  # accuracy below which a network has learned nothing; chance is 1 in 60


def absolute_errors(predicted: np.ndarray, label: np.ndarray) -> np.ndarray:
    """|t_predict - t_true| in samples; classes are locations but for a constant."""
    return np.abs(predicted.astype(np.int64) - label.astype(np.int64))


def least(errors: np.ndarray, share: float = 0.99) -> np.ndarray:
    """The given share of the errors that are lowest (the "99 percentile" of Table 3.1)."""
    return np.sort(errors)[: math.floor(share * len(errors))]


def error_measures(errors: np.ndarray) -> dict[str, float]:
    """L1 (mean) and L2 (root mean square, E-C11) over all and over the lowest 99 %, and the tail.

    errors: (n,) absolute errors in samples. All measures are in samples but `accuracy`, the share
    of errors that are 0; maximum_p99 is the maximum of the lowest 99 %.
    """
    lowest = least(errors)
    return {
        "L1": float(errors.mean()),
        "L2": float(np.sqrt((errors.astype(float) ** 2).mean())),
        "L1_p99": float(lowest.mean()),
        "L2_p99": float(np.sqrt((lowest.astype(float) ** 2).mean())),
        "q999": float(np.quantile(errors, 0.999, method="higher")),
        "maximum": float(errors.max()),
        "maximum_p99": float(lowest.max(initial=0)),
        "accuracy": float((errors == 0).mean()),
    }
