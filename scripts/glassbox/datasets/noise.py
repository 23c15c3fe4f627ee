"""Examples in additive white Gaussian noise (pardo2019 §3.4)."""

from dataclasses import replace

import numpy as np

from glassbox.tables import Examples


def add_noise(rng: np.random.Generator, examples: Examples, sigma: float, copies: int) -> Examples:
    """Copies of each example (n, d), with noise of deviation `sigma` on each value of each copy.

    Values are not clipped, since the paper tells of no clipping; sigma 0 leaves them as they were.
    The copies of an example, (n * copies, d) in all, come one after another. Their ids count them,
    and the columns of their origin are `origin_id`, the id of the example, and `copy`, from 0 on.
    """
    count = len(examples.ids)
    copied = examples.at(np.repeat(np.arange(count), copies))
    noise = rng.standard_normal(copied.values.shape, np.float32) * np.float32(sigma)
    origin = {"origin_id": copied.ids, "copy": np.tile(np.arange(copies), count)}
    return replace(
        copied,
        ids=np.arange(len(copied.ids)),
        values=copied.values + noise,
        metadata={**examples.metadata, "sigma": sigma, "copies": copies},
        origin=origin,
    )
