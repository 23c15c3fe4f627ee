"""Perceptrons that learned a little of some digits, for tests of programs that read networks."""

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from glassbox.datasets.images import as_examples, digits
from glassbox.tables import Examples, write_set
from models import training

CPU = torch.device("cpu")


def some_digits(part: slice) -> Examples:
    """Some of scikit-learn's digits, by their rows."""
    pixels, labels = digits()
    return as_examples(pixels[part], labels[part], np.arange(part.start, part.stop), 10)


def write_sets(folder: Path, sets: dict[str, Examples]) -> dict[str, Path]:
    """Where sets are written, by their names."""
    found = {name: folder / f"{name}.parquet" for name in sets}
    for name, examples in sets.items():
        write_set(found[name], folder / "digest.json", examples)
    return found


def trained(
    folder: Path,
    train: Path,
    validation: Path,
    replicates: Sequence[int],
    epochs: int,
    checkpoints: Sequence[int] = (),
) -> dict[str, Path]:
    """The files of perceptrons of 12 and 8 hidden units: weights, model and history."""
    found = {name: folder / name for name in ("weights", "model", "history")}
    recipe = {"batch_size": 20, "learning_rate": 0.1, "momentum": 0.5}
    recipe |= {"stop": "epochs", "max_epochs": epochs}
    config = {"name": "mlp", "seed": 1, "stream": "models", "recipe": recipe}
    config |= {"checkpoints": list(checkpoints)}
    config |= {"build": {"kind": "mlp", "hidden": [12, 8]}, "replicates": replicates}
    given = {"config": {**config, "start": "glorot"}, "digest": folder / "digest", **found}
    given |= {"train": [train], "validation": [validation]}
    training.main(Namespace(device=lambda: CPU, unfinished=None, **given))
    return found
