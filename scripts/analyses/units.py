"""How often each hidden unit is active, in a block's dumps of one network (chen2017 §4.2.2)."""

from argparse import Namespace
from pathlib import Path

import pandas as pd

from glassbox.activations import layer_paths
from glassbox.analyses.units import unit_activity
from glassbox.replicates import stacked
from glassbox.tables import read_examples, write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    dumps = [arguments.activations / str(replicate) for replicate in arguments.replicates]
    write_table(arguments.output, stacked(arguments, map(units, dumps)), {"active": "share"})


def units(dump: Path) -> pd.DataFrame:
    """All hidden layers: the output is never silent."""
    *hidden, _ = enumerate(layer_paths(dump), start=1)
    return pd.concat(unit_activity(layer, read_examples(path)) for layer, path in hidden)


if __name__ == "__main__":
    program = Program(__doc__).inputs("activations").outputs("output")
    run(main, program.identity())
