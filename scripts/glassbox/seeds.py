"""Random streams named by what they make, never by when they are drawn."""

import hashlib

import numpy as np


def stream_seed(seed: int, *names: str | int) -> int:
    """A 63-bit seed that depends on the study's seed and on the names alone."""
    text = "\x1f".join([str(seed), *map(str, names)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def generator(seed: int, *names: str | int) -> np.random.Generator:
    """An independent generator for (study seed, what is made, replicate)."""
    return np.random.default_rng(stream_seed(seed, *names))
