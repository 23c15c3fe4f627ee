"""Hand-made signals with the confidence of one network below each (chen2017 Fig. 7.1)."""

from argparse import Namespace
from pathlib import Path

import numpy as np
import pandas as pd

from glassbox.figures.shapes import shapes
from glassbox.figures.style import save
from glassbox.replicates import counted
from glassbox.tables import read_examples
from study.command import Program, run


def main(arguments: Namespace) -> None:
    confidences = counted(arguments.confidences, arguments.config["replicates"])
    save(shapes(signals(arguments.examples), confidences), arguments.output)


def signals(path: Path) -> pd.DataFrame:
    """All samples of all signals, a row each."""
    examples = read_examples(path)
    count, length = examples.values.shape
    return pd.DataFrame(
        {
            "example_id": np.repeat(examples.ids, length),
            "sample": np.tile(np.arange(1, length + 1), count),
            "value": examples.values.ravel(),
        }
    )


if __name__ == "__main__":
    run(main, Program(__doc__).inputs("examples", many=("confidences",)).outputs("output"))
