"""Image sets from original files, each checked against its checksum before it is read.

Three sources: scikit-learn's embedded `digits`, the idx files that MNIST and its kin come in, and
Parquet in the layout of the Hugging Face hub.
"""

import gzip
import io
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from glassbox.digests import file_sha256
from glassbox.errors import GlassboxError
from glassbox.tables import Examples

IMAGE_COLUMNS = ("image", "img")


def digits() -> tuple[np.ndarray, np.ndarray]:
    """The 1,797 images of scikit-learn's `digits`: (n, 8, 8) float32 in [0, 1], and labels."""
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    return (images.reshape(-1, 8, 8) / 16).astype(np.float32), labels.astype(np.int64)


def photo_patches(rng: np.random.Generator, count: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Patches of scikit-learn's photographs, (count, size, size) float32 in [0, 1], and which.

    Grey is the mean of the channels; each patch lies at a random place of a random photograph and
    spans 4 x size pixels, four of which in each direction are averaged.
    """
    from sklearn.datasets import load_sample_images

    photos = [photo.mean(axis=2) / 255 for photo in load_sample_images().images]
    labels = rng.integers(len(photos), size=count)
    patches = np.empty((count, size, size), np.float32)
    span = 4 * size
    for place, label in enumerate(labels):
        photo = photos[label]
        top, left = (rng.integers(side - span + 1) for side in photo.shape)
        patch = photo[top : top + span, left : left + span]
        patches[place] = patch.reshape(size, 4, size, 4).mean(axis=(1, 3))
    return patches, labels


def check_file(path: Path, sha256: str) -> Path:
    """Return `path` if its content is the expected one.

    Raises GlassboxError naming the file, the checksum wanted and what was found.
    """
    if not path.is_file():
        raise GlassboxError(
            f"data file missing: {path}\n"
            f"  wanted: a file with sha256 {sha256}\n"
            f"  what to do: put {path.name} there, or point GLASSBOX_DATA at the folder that holds "
            f"'{path.parent.name}/{path.name}'"
        )
    found = file_sha256(path)
    if found != sha256:
        raise GlassboxError(
            f"data file altered or truncated: {path} ({path.stat().st_size} bytes)\n"
            f"  expected sha256 {sha256}\n  found    sha256 {found}\n"
            f"  what to do: replace it by the original"
        )
    return path


def read_idx(path: Path) -> np.ndarray:
    """An array from an idx file of unsigned bytes, gzipped or not (the format of MNIST's files)."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rb") as file:
        content = file.read()
    zero, kind, rank = int.from_bytes(content[:2], "big"), content[2], content[3]
    if zero != 0 or kind != 8:
        raise GlassboxError(f"{path}: not an idx file of unsigned bytes")
    shape = np.frombuffer(content, ">u4", rank, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)


def read_idx_images(images: Path, labels: Path) -> tuple[np.ndarray, np.ndarray]:
    """Images (n, height, width) float32 in [0, 1] and their labels (n,) from two idx files."""
    return _scaled(read_idx(images)), read_idx(labels).astype(np.int64)


def read_hub_images(paths: list[Path]) -> tuple[np.ndarray, np.ndarray]:
    """Images (n, height, width[, 3]) float32 in [0, 1] and labels from the hub's Parquet layout.

    Each file has a column `image` or `img` of {bytes, path} and a column `label`.
    """
    from PIL import Image

    images, labels = [], []
    for path in paths:
        names = pq.read_schema(path).names
        column = next((name for name in IMAGE_COLUMNS if name in names), None)
        if column is None or "label" not in names:
            raise GlassboxError(f"{path}: wants columns image (or img) and label, has {names}")
        table = pq.read_table(path, columns=[column, "label"])
        images += [
            np.asarray(Image.open(io.BytesIO(cell["bytes"].as_py()))) for cell in table[column]
        ]
        labels.append(table["label"].to_numpy())
    return _scaled(np.stack(images)), np.concatenate(labels).astype(np.int64)


def hold_out(rng: np.random.Generator, count: int, held_out: int) -> tuple[np.ndarray, np.ndarray]:
    """Split range(count) at random into (kept, held out), each in increasing order.

    Raises GlassboxError when nothing would be kept.
    """
    if not 0 < held_out < count:
        raise GlassboxError(f"cannot hold out {held_out} of {count} examples")
    order = rng.permutation(count)
    return np.sort(order[held_out:]), np.sort(order[:held_out])


def as_examples(images: np.ndarray, labels: np.ndarray, ids: np.ndarray, classes: int) -> Examples:
    """Flatten images or signals (n, ...) to examples; `ids` are their places in the original file.

    Raises GlassboxError when a label is not among the classes.
    """
    if not 0 <= labels.min() <= labels.max() < classes:
        raise GlassboxError(
            f"labels go from {labels.min()} to {labels.max()}; the config says {classes} classes"
        )
    is_signal = images.ndim == 2
    metadata = {
        "values": "signal" if is_signal else "pixels",
        "shape": list(images.shape[1:]),
        "classes": classes,
        "first_class": 0,
        "unit": "arbitrary" if is_signal else "share of full intensity",
    }
    return Examples(ids, labels, images.reshape(len(images), -1), metadata)


def _scaled(pixels: np.ndarray) -> np.ndarray:
    return pixels.astype(np.float32) / np.float32(255)
