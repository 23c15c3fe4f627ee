"""Images whose patches lie elsewhere: local features stay, their places don't (lee2019 §4.1)."""

from dataclasses import replace

import numpy as np

from glassbox.errors import GlassboxError
from glassbox.tables import Examples


def move_patches(rng: np.random.Generator, examples: Examples, patch: int) -> Examples:
    """The images cut into patches of `patch` x `patch` pixels, each image's in an order of its own.

    An order is uniform among all but the one that the patches had. Labels stay. Raises
    GlassboxError for what is no set of images, or for images that are not several whole patches.
    """
    shape = examples.metadata["shape"]
    if len(shape) < 2 or shape[0] % patch or shape[1] % patch or shape[:2] == [patch, patch]:
        raise GlassboxError(f"examples of shape {tuple(shape)} are not several patches of {patch}")
    patches = _cut(examples.values, shape, patch)
    orders = other_orders(rng, *patches.shape[:2])
    moved = np.take_along_axis(patches, orders[:, :, None, None, None], axis=1)
    metadata = {**examples.metadata, "patches": {"size": patch, "places": "moved"}}
    return replace(examples, values=_joined(moved, shape, patch), metadata=metadata)


def other_orders(rng: np.random.Generator, count: int, parts: int) -> np.ndarray:
    """Orders of some parts, uniform among those that are not 0, 1, 2, ...: (count, parts)."""
    usual = np.arange(parts)
    orders = np.tile(usual, (count, 1))
    while (same := (orders == usual).all(axis=1)).any():
        orders[same] = rng.permuted(orders[same], axis=1)
    return orders


def _cut(values: np.ndarray, shape: list[int], patch: int) -> np.ndarray:
    """Images (n, d) as patches (n, patches, patch, patch, channels), row by row."""
    rows, columns = shape[0] // patch, shape[1] // patch
    grid = values.reshape(len(values), rows, patch, columns, patch, -1).swapaxes(2, 3)
    return grid.reshape(len(values), rows * columns, patch, patch, -1)


def _joined(patches: np.ndarray, shape: list[int], patch: int) -> np.ndarray:
    """The inverse of `_cut`."""
    rows, columns = shape[0] // patch, shape[1] // patch
    grid = patches.reshape(len(patches), rows, columns, patch, patch, -1).swapaxes(2, 3)
    return grid.reshape(len(patches), -1)
