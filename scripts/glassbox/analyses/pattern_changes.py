"""How far patterns stay as they were when inputs change (lee2019 §3.2, §4.1).

The text says that convolutional layers find local features, and that dense ones use where these
lie. Of an image whose patches lie elsewhere a layer of the first kind has the same pattern but for
the places in its feature maps, and one of the second kind has another.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import torch

from glassbox.activations import Activations
from glassbox.analyses.nearest import nearest_patterns
from glassbox.analyses.unit_vectors import unit_vectors
from glassbox.errors import GlassboxError
from glassbox.models.layers import Layer
from glassbox.tables import Examples

WHOLE, FREE = "whole", "location-free"
Patterns = Callable[[np.ndarray], np.ndarray]


def pattern_changes(
    changed: Activations,
    unchanged: Activations,
    training: Activations,
    *,
    layers: Collection[str] | None = None,
    device: torch.device,
) -> pd.DataFrame:
    """How alike the patterns of changed and unchanged examples are, in these layers or in all.

    unchanged: of a set that begins with the examples of the changed one, as these were. training:
    of the examples that the model was trained on. Columns: layer, depth, pattern, which is "whole"
    or, for layers of feature maps, "location-free", see `location_free`; and measure and value, see
    `changes`. Raises GlassboxError for sets of other examples.
    """
    own = unchanged.examples.first(len(changed.examples.ids))
    if not np.array_equal(own.ids, changed.examples.ids):
        raise GlassboxError("the changed set does not begin with the examples of the unchanged one")
    rows = [
        (layer.name, layer.depth, name, *measured)
        for layer in changed.named(layers)
        for name, form in _forms(layer)
        for measured in changes(
            *(_patterns(each, layer, form) for each in (changed, unchanged, training)), device
        )
    ]
    return pd.DataFrame(rows, columns=["layer", "depth", "pattern", "measure", "value"])


def location_free(values: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """How active each feature map is, wherever: the mean of its rectified values (n, maps).

    values: (n, units), units in the order of a shape (maps, height, width). Rectified, since the
    mean of what a convolution gives says no more of an image than its mean and its borders do.
    """
    return np.maximum(values, 0).reshape(len(values), shape[0], -1).mean(axis=2)


def changes(
    changed: Examples, unchanged: Examples, training: Examples, device: torch.device
) -> Iterator[tuple[str, float]]:
    """Measures of patterns in one layer by their names.

    "cosine": the mean over changed examples of that with the pattern of the unchanged one; "cosine,
    other labels": its mean with those of other labels, which is left by chance. "nearest": the
    share of changed examples whose nearest training pattern has their label; "nearest, unchanged":
    of the same examples, unchanged. Patterns are (n, d); unchanged ones begin with the same
    examples. NaN for labels without others.
    """
    same = unchanged.first(len(changed.labels))
    yield "cosine", float(own_cosines(changed.values, same.values).mean())
    yield "cosine, other labels", float(other_cosines(changed, same).mean())
    yield "nearest", _nearest(changed, training, device)
    yield "nearest, unchanged", _nearest(same, training, device)


def own_cosines(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The cosine of each of vectors (n, d) with its own of others (n, d): (n,)."""
    pairs = zip(unit_vectors(one), unit_vectors(other), strict=True)
    return np.concatenate([(a * b).sum(axis=1) for (_, a), (_, b) in pairs])


def other_cosines(examples: Examples, others: Examples) -> np.ndarray:
    """The mean cosine of each of examples (n, d) with those of others that have other labels: (n,).

    One product with the sum of the unit vectors of each label, so that it takes time linear in n.
    """
    labels = np.arange(max(examples.labels.max(), others.labels.max()) + 1)
    sums = np.zeros((len(labels), others.values.shape[1]))
    for place, units in unit_vectors(others.values):
        sums += (others.labels[place] == labels[:, None]).astype(float) @ units
    rest = sums.sum(axis=0) - sums
    counts = len(others.labels) - np.bincount(others.labels, minlength=len(labels))
    means = np.full(rest.shape, np.nan)
    np.divide(rest, counts[:, None], out=means, where=counts[:, None] > 0)
    own = [
        (units * means[examples.labels[place]]).sum(axis=1)
        for place, units in unit_vectors(examples.values)
    ]
    return np.concatenate(own)


def _nearest(examples: Examples, training: Examples, device: torch.device) -> float:
    """The share of examples whose nearest training pattern has their label."""
    found = nearest_patterns(examples.values, training.values, 1, device)
    return float((training.labels[found.nodes[0, :, 0]] == examples.labels).mean())


def _forms(layer: Layer) -> Iterator[tuple[str, Patterns]]:
    """What is taken of a layer's values as a pattern, by its name."""
    yield WHOLE, lambda values: values
    if len(layer.shape) == 3:
        yield FREE, lambda values: location_free(values, layer.shape)


def _patterns(activations: Activations, layer: Layer, form: Patterns) -> Examples:
    found = activations.of(layer)
    return replace(found, values=form(found.values))
