"""Images or signals of a user's own: arrays `x` and `y` in one file of NumPy's `.npz`."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from glassbox.errors import GlassboxError


def read_arrays(path: Path, shape: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Examples (n, *shape) float32 and labels (n,) int64 from `x` and `y` of a file.

    Unsigned bytes become shares of 255, other numbers stay as they are. Raises GlassboxError, in
    words, for a file that holds no such arrays, or none of this shape and length.
    """
    x, y = _loaded(path)
    if x.shape[1:] != tuple(shape) or y.shape != x.shape[:1]:
        raise GlassboxError(
            f"{path}: x is {x.shape} and y {y.shape}, where x wants (n, "
            f"{', '.join(map(str, shape))}) and y (n,)\n"
            "  what to do: set the data set's shape, or arrange the arrays so"
        )
    if y.dtype.kind not in "iu":
        raise GlassboxError(f"{path}: y holds {y.dtype}; classes are whole numbers from 0 on")
    if x.dtype.kind not in "fiu":
        raise GlassboxError(f"{path}: x holds {x.dtype}; numbers are wanted")
    scaled = x.astype(np.float32) / np.float32(255) if x.dtype == np.uint8 else x
    return np.ascontiguousarray(scaled, np.float32), y.astype(np.int64)


def _loaded(path: Path) -> tuple[np.ndarray, np.ndarray]:
    try:
        with np.load(path, allow_pickle=False) as file:
            return file["x"], file["y"]
    except (ValueError, KeyError, OSError, EOFError, TypeError, zipfile.BadZipFile) as error:
        raise GlassboxError(
            f"{path}: no arrays x and y can be read ({error})\n"
            "  what to do: write it by numpy.savez(file, x=..., y=...), without objects"
        ) from error
