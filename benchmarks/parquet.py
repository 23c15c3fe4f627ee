"""Writing and reading 60,000 x 512 float32 as examples in Parquet, against .npy."""

import tempfile
from pathlib import Path

import numpy as np
from timing import ratio, report

from glassbox.tables import Examples, read_examples, write_examples


def main(folder: Path) -> None:
    values = np.random.default_rng(0).standard_normal((60_000, 512), np.float32)
    rows = np.arange(len(values))
    examples = Examples(rows, rows % 10, values, {"classes": 10, "values": "activation"})
    parquet, npy = folder / "examples.parquet", folder / "examples.npy"
    written = ratio(lambda: write_examples(parquet, examples), lambda: np.save(npy, values))
    report("write: Parquet / .npy", written, 4)
    report("read: Parquet / .npy", ratio(lambda: read_examples(parquet), lambda: np.load(npy)), 4)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(Path(folder))
