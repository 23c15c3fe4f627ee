"""What heat maps of averaged activations show, in numbers (Eq. 3.6)."""

import numpy as np

from glassbox.claims.chen2017.readings import Layer, ratio

STRIPES = 0.5  # autocorrelation over neighbouring locations from which a heat map shows stripes


def autocorrelation(layer: Layer) -> np.ndarray:
    """Correlation of class means with those of the next label, mean over active units: (R,).

    Stripes in a heat map are units whose activation varies gradually over labels (§3.3.3).
    """
    centred = layer.means - layer.means.mean(axis=1, keepdims=True)
    lagged = (centred[:, :-1] * centred[:, 1:]).sum(axis=1)
    total = (centred**2).sum(axis=1)
    varies = total > 0
    correlation = np.divide(lagged, total, out=np.zeros_like(total), where=varies)
    return ratio(correlation.sum(axis=1), varies.sum(axis=1))


def share_between_labels(layer: Layer) -> np.ndarray:
    """Share of the variance of activations that is between labels, all units together: (R,).

    Means over few examples differ by chance: eta squared, 1 - within / total, is corrected for it
    by the degrees of freedom (epsilon squared), which is 0 on average where labels mean nothing.
    """
    labels = layer.means.shape[1]
    examples = labels * layer.count
    between = layer.means.var(axis=1).sum(axis=1)
    within = layer.variances.mean(axis=1).sum(axis=1)
    return 1 - ratio(within, between + within) * ratio(examples - 1, examples - labels)


def share_between_units(layer: Layer) -> np.ndarray:
    """Share of the variance of class means that is between units, not labels: (R,)."""
    between_units = layer.means.mean(axis=1).var(axis=1)
    between_labels = layer.means.var(axis=1).mean(axis=1)
    return ratio(between_units, between_units + between_labels)


def never_active(layers: list[Layer]) -> np.ndarray:
    """Share of the units of all layers that no example makes active, (R,)."""
    silent = [(layer.means == 0).all(axis=1) for layer in layers]
    absent = np.isnan(layers[0].means).any(axis=(1, 2))
    return np.where(absent, np.nan, np.concatenate(silent, axis=1).mean(axis=1))
