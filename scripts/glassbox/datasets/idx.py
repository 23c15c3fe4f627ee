"""Image sets as idx files, the format of MNIST and its kin."""

import gzip
import zlib
from pathlib import Path

import numpy as np

from glassbox.errors import GlassboxError

UNSIGNED_BYTES = 8


def read_idx_images(images: Path, labels: Path, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Images (n, size, size) float32 in [0, 1] and their labels (n,) int64 from two files.

    Raises GlassboxError for images of another size, and for more or fewer labels than images.
    """
    pixels, classes = read_idx(images), read_idx(labels)
    if pixels.shape[1:] != (size, size):
        found = " x ".join(map(str, pixels.shape))
        raise GlassboxError(f"{images}: found an array of {found}, wanted n x {size} x {size}")
    if classes.shape != pixels.shape[:1]:
        found = " x ".join(map(str, classes.shape))
        raise GlassboxError(f"{labels}: found {found} labels, wanted one for each of {len(pixels)}")
    return pixels.astype(np.float32) / np.float32(255), classes.astype(np.int64)


def read_idx(path: Path) -> np.ndarray:
    """An array from a file of unsigned bytes, gzipped where its name ends with .gz.

    Raises GlassboxError for anything else, and for a file that is shorter or longer than it says.
    """
    content = _content(path)
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] != UNSIGNED_BYTES:
        raise GlassboxError(f"{path}: found no idx file of unsigned bytes ({len(content)} bytes)")
    begin = 4 + 4 * content[3]
    shape = np.frombuffer(content[4:begin].ljust(4 * content[3], b"\0"), ">u4").astype(int)
    wanted = begin + int(shape.prod())
    if len(content) != wanted:
        raise GlassboxError(f"{path}: found {len(content)} bytes, its header says {wanted}")
    return np.frombuffer(content, np.uint8, offset=begin).reshape(shape)


def _content(path: Path) -> bytes:
    if path.suffix != ".gz":
        return path.read_bytes()
    try:
        with gzip.open(path, "rb") as file:
            return file.read()
    except (OSError, EOFError, zlib.error) as error:
        raise GlassboxError(f"{path}: found no whole gzip file ({error})") from error
