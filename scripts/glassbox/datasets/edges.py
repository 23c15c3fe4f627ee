"""Images of edges: blurred, then the magnitude of Sobel's gradient (rauber2017, slide H4)."""

from dataclasses import replace

import numpy as np
from scipy.ndimage import correlate1d, gaussian_filter

from glassbox.errors import GlassboxError
from glassbox.tables import Examples

DERIVATIVE, SMOOTHING = (-1, 0, 1), (1, 2, 1)  # Sobel's filter is one along each axis


def edges(examples: Examples, sigma: float) -> Examples:
    """The edges of images of shape (height, width(, channels)), grey (height, width), in [0, 1].

    sigma: standard deviation of the Gaussian blur, in pixels; 0: none. Grey is the mean of the
    channels, an image goes on beyond its border as it is there, and each image of edges is divided
    by its largest value, so that an image without any is black. The slides print none of these.
    Ids, labels and origins stay. Raises GlassboxError for what is no set of images.
    """
    shape = examples.metadata["shape"]
    if len(shape) < 2:
        raise GlassboxError(f"examples of shape {tuple(shape)} are no images, and have no edges")
    images = examples.values.reshape(len(examples.values), *shape[:2], -1).mean(axis=3)
    blurred = gaussian_filter(images, sigma, mode="nearest", axes=(1, 2))
    found = np.hypot(_sobel(blurred, 1, 2), _sobel(blurred, 2, 1))
    largest = found.max(axis=(1, 2), keepdims=True)
    scaled = np.divide(found, largest, out=np.zeros_like(found), where=largest > 0)
    metadata = {**examples.metadata, "shape": list(shape[:2]), "edges": {"sigma": sigma}}
    return replace(examples, values=scaled.reshape(len(scaled), -1), metadata=metadata)


def _sobel(images: np.ndarray, along: int, across: int) -> np.ndarray:
    """The derivative along one axis, smoothed along the other, of images (n, height, width)."""
    slopes = correlate1d(images, DERIVATIVE, along, mode="nearest")
    return correlate1d(slopes, SMOOTHING, across, mode="nearest")
