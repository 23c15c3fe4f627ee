"""What a network's outputs say of single examples: how far they err, and how sure they are.

Outputs (n, classes) are sigmoids or a softmax; nothing here minds which.
"""

import numpy as np


def half_squared_error(outputs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Half the squared error e = ½‖y − ŷ‖² of each example (pardo2019 §2.4): (n,) float64.

    y is 1 for the example's label and 0 for every other class.
    """
    apart = outputs.astype(np.float64)
    apart[np.arange(len(labels)), labels] -= 1
    return (apart * apart).sum(axis=1) / 2


def log_error(errors: np.ndarray, floor: float) -> np.ndarray:
    """log10 of errors (n,), those below a positive floor taken as the floor (pardo2019 §2.7)."""
    return np.log10(np.maximum(errors, floor))


def largest_output(outputs: np.ndarray) -> np.ndarray:
    """The largest output of each example: (n,)."""
    return outputs.max(axis=1)


def margin(outputs: np.ndarray) -> np.ndarray:
    """How far the largest output of each example is above the second: (n,), of two or more."""
    second, largest = np.partition(outputs, -2, axis=1)[:, -2:].T
    return largest - second
