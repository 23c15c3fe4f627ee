"""Sets of images: those that scikit-learn embeds, files that are checked, and their splits."""

import os
from pathlib import Path

import numpy as np

from glassbox.digests import file_sha256
from glassbox.errors import GlassboxError
from glassbox.tables import Examples


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


def data_folder() -> Path:
    """The folder of original files: GLASSBOX_DATA, or data/."""
    return Path(os.environ.get("GLASSBOX_DATA") or "data").expanduser()


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
            "  what to do: replace it by the original; or, if another is meant now, write its sum "
            f"in the config, sha256: {found}"
        )
    return path


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
