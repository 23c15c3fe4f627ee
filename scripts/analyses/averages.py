"""Averaged activations of every layer of a block's dumps (chen2017 Eq. 3.6)."""

from argparse import Namespace
from pathlib import Path

import pandas as pd

from glassbox.activations import layer_paths
from glassbox.analyses.averages import averaged_activations
from glassbox.replicates import by_replicate, stacked
from glassbox.tables import read_examples, write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    frames = (
        averages(path, arguments.activations / str(replicate))
        for replicate, path in by_replicate(arguments)
    )
    write_table(arguments.output, stacked(arguments, frames))


def averages(examples: Path, dump: Path) -> pd.DataFrame:
    """All layers, from the examples themselves to the output."""
    paths = [examples, *layer_paths(dump)]
    return pd.concat(
        averaged_activations(layer, read_examples(path)) for layer, path in enumerate(paths)
    )


if __name__ == "__main__":
    program = Program(__doc__).inputs("activations", many=("examples",)).outputs("output")
    run(main, program.identity())
