"""Whether an image shows something bright on a dark ground, or dark on bright, from its pixels."""

import numpy as np

from glassbox.tables import Examples


def polarity(examples: Examples) -> np.ndarray:
    """How bright what each image shows is against its ground: (n,), positive for bright on dark.

    Half way between the darkest and the brightest pixel, less the median; of colours, the mean
    counts. What is shown takes less than half of an image, so that the median lies in its ground.
    It is right for all of scikit-learn's digits, as they are and inverted, and for 94 % of 116
    house numbers that were read by eye; the mean of the centre less that of the border, for 99.9 %
    and 85 %: neighbouring digits lie at the border of house numbers.
    """
    grey = _grey(examples)
    return (grey.min(axis=1) + grey.max(axis=1)) / 2 - np.median(grey, axis=1)


def _grey(examples: Examples) -> np.ndarray:
    """One value per pixel, (n, pixels) float64."""
    shape = examples.metadata["shape"]
    colours = shape[2] if len(shape) > 2 else 1
    return examples.values.astype(np.float64).reshape(len(examples.values), -1, colours).mean(2)
