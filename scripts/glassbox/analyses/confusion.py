"""The confusion index between classes from a library's predictions (lee2019 Eq. 4)."""

import numpy as np
import pandas as pd
from scipy.special import softmax


def confusion_index(predicted: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """CI(d1, d2) of predictions (n, classes), labels (n,): (classes, classes), its diagonal 1.

    Read as in E-L03: the product of the softmax of both predictions, summed over the trials of
    class d1 whose best answer is d1, over that sum for (d1, d1). A class without such a trial has
    NaN.
    """
    shares = softmax(predicted, axis=1)
    right = predicted.argmax(axis=1) == labels
    classes = predicted.shape[1]
    index = np.full((classes, classes), np.nan)
    for label in np.unique(labels[right]):
        trials = shares[right & (labels == label)]
        activity = trials[:, label] @ trials
        index[label] = activity / activity[label]
    return index


def confusion_table(
    thresholds: np.ndarray, predicted: np.ndarray, labels: np.ndarray
) -> pd.DataFrame:
    """The confusion index by threshold, class shown and other class: columns of these, and value.

    thresholds: (T,). predicted: (T, n, classes). labels: (n,).
    """
    frames = []
    for threshold, values in zip(thresholds, predicted, strict=True):
        index = confusion_index(values, labels)
        shown, other = np.indices(index.shape)
        columns = {"shown": shown.ravel(), "other": other.ravel(), "value": index.ravel()}
        frames.append(pd.DataFrame({"threshold": threshold} | columns))
    return pd.concat(frames)
