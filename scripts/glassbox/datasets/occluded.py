"""Images with an artefact: a square of one brightness (pardo2019 §2.3)."""

from dataclasses import replace

import numpy as np

from glassbox.errors import GlassboxError
from glassbox.tables import Examples


def occlude(rng: np.random.Generator, examples: Examples, patch: int, value: float) -> Examples:
    """The images with `patch` x `patch` pixels set to `value`, in all channels.

    The square lies wholly within each image, at a random place. Raises GlassboxError for what is
    no set of images, or for images that are smaller.
    """
    shape = examples.metadata["shape"]
    if len(shape) < 2 or patch > min(shape[:2]):
        raise GlassboxError(f"examples of shape {tuple(shape)} hold no square of {patch} pixels")
    images = examples.values.reshape(len(examples.values), *shape).copy()
    places = [rng.integers(side - patch + 1, size=len(images)) for side in shape[:2]]
    for image, top, left in zip(images, *places, strict=True):
        image[top : top + patch, left : left + patch] = value
    metadata = {**examples.metadata, "occluded": {"size": patch, "value": value}}
    return replace(examples, values=images.reshape(examples.values.shape), metadata=metadata)
