"""Vectors of length 1, some at a time."""

from collections.abc import Iterator

import numpy as np


def unit_vectors(vectors: np.ndarray, rows: int = 1024) -> Iterator[tuple[slice, np.ndarray]]:
    """Blocks of vectors in float64 with length 1, zero vectors left as they are."""
    for start in range(0, len(vectors), rows):
        place = slice(start, start + rows)
        block = vectors[place].astype(np.float64)
        norms = np.linalg.norm(block, axis=1, keepdims=True)
        yield place, np.divide(block, norms, out=block, where=norms > 0)
