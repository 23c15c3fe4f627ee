"""What single units tell, and how many a network can do without (chen2017 §3.3.3)."""

from argparse import Namespace

import pandas as pd

from glassbox.activations import layer_paths
from glassbox.analyses.redundancy import redundancy
from glassbox.models.weights import read_stack
from glassbox.replicates import stacked
from glassbox.tables import read_examples, write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    frames = (of_replicate(arguments, replicate) for replicate in arguments.replicates)
    write_table(arguments.output, stacked(arguments, frames), {"active": "share"})


def of_replicate(arguments: Namespace, replicate: int) -> pd.DataFrame:
    """All hidden layers of one network."""
    model = read_stack(arguments.model, arguments.weights, replicate)
    *hidden, _ = enumerate(layer_paths(arguments.activations / str(replicate)), start=1)
    return pd.concat(redundancy(model, layer, read_examples(path)) for layer, path in hidden)


if __name__ == "__main__":
    program = Program(__doc__).inputs("activations", "model", "weights").outputs("output")
    run(main, program.identity())
