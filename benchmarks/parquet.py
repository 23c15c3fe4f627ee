"""Writing and reading 60,000 x 512 float32 as examples in Parquet, against .npy.

What the study writes is whole, and on the disk, before it has its name: .npy is written so too. The
ratio to an .npy that may still be in memory, and is half a file if the machine fails, stands below.
"""

import tempfile
from pathlib import Path

import numpy as np
from timing import ratio, report

from glassbox.files import whole
from glassbox.tables import Examples, read_examples, write_examples


def main(folder: Path) -> None:
    values = np.random.default_rng(0).standard_normal((60_000, 512), np.float32)
    rows = np.arange(len(values))
    examples = Examples(rows, rows % 10, values, {"classes": 10, "values": "activation"})
    parquet, npy = folder / "examples.parquet", folder / "examples.npy"
    written = ratio(lambda: write_examples(parquet, examples), lambda: save_whole(npy, values))
    report("write: Parquet / .npy, both whole and on the disk", written, 4)
    loose = ratio(lambda: write_examples(parquet, examples), lambda: np.save(npy, values))
    print(f"write: Parquet / .npy as numpy leaves it: {loose:.2f}")
    report("read: Parquet / .npy", ratio(lambda: read_examples(parquet), lambda: np.load(npy)), 4)


def save_whole(path: Path, values: np.ndarray) -> None:
    """numpy.save with what the study asks of every output."""
    with whole(path) as part, part.open("wb") as file:
        np.save(file, values)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(Path(folder))
