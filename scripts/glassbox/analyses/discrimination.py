"""How well single neurons tell one class from the rest (rauber2017, Figs 12 and 13).

The slides take scores s_{c,j} of class c and neuron j from extremely randomised trees and no more
is said of them. That they are importances (mean decrease of impurity) of trees that tell one class
from the rest is inferred, and so is all else about the trees. The area under the curve (AUROC) of
the activation itself is what one would look at without them.
"""

import numpy as np
from scipy.stats import rankdata

COLUMNS = 256  # neurons that are ranked at a time


def tree_scores(values: np.ndarray, labels: np.ndarray, trees: int, seed: int) -> np.ndarray:
    """s_{c,j} of each label that occurs, in order, and each neuron: (k, d), rows sum to 1.

    values: (n, d) activations; labels: (n,) of the observations. As many extremely randomised trees
    (Geurts et al. 2006; scikit-learn's ExtraTreesClassifier as it comes) per class. Two labels are
    needed.
    """
    from sklearn.ensemble import ExtraTreesClassifier  # slow, and of no use to who reads tables

    present = np.unique(labels)
    if not values.shape[1]:
        return np.empty((len(present), 0))
    method = ExtraTreesClassifier(n_estimators=trees, random_state=seed)
    fitted = (method.fit(values, labels == label) for label in present)
    return np.stack([each.feature_importances_ for each in fitted])


def aurocs(values: np.ndarray, labels: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """The AUROC of each neuron's activation for each class against the rest: (k, d).

    values: (n, d); labels: (n,); classes: (k,). Ties count half; it is `scores.auroc_of` for all
    classes by one ranking. NaN for a class that has no observations, or all.
    """
    is_own = labels == np.asarray(classes)[:, None]
    own, others = is_own.sum(axis=1), (~is_own).sum(axis=1)
    parts = np.split(values, range(COLUMNS, values.shape[1], COLUMNS), axis=1)
    sums = np.concatenate([is_own @ rankdata(part, axis=0) for part in parts], axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (sums - (own * (own + 1) / 2)[:, None]) / (own * others)[:, None]


def power(areas: np.ndarray) -> np.ndarray:
    """|2 AUROC - 1|: 0 for a neuron that tells nothing, 1 for one that tells all, high or low.

    1 - |r| does not see signs either.
    """
    return np.abs(2 * areas - 1)
