"""Deviation measures of a block's replicates of one network at every checkpoint."""

from argparse import Namespace
from pathlib import Path

import pandas as pd

from glassbox.analyses.trajectories import trajectory
from glassbox.devices import choose_device
from glassbox.models.weights import kept_epochs, read_model
from glassbox.replicates import by_replicate, stacked
from glassbox.tables import read_examples, write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    frames = (of_replicate(arguments, *each) for each in by_replicate(arguments))
    write_table(arguments.output, stacked(arguments, frames))


def of_replicate(arguments: Namespace, replicate: int, path: Path) -> pd.DataFrame:
    """All checkpoints of one replicate."""
    files = arguments.model, arguments.weights, replicate
    checkpoints = {
        epoch: read_model(*files, epoch, arguments.device)
        for epoch in kept_epochs(arguments.weights, replicate)
    }
    ordered = arguments.config["ordered"]
    return trajectory(checkpoints, read_examples(path), ordered, arguments.device)


if __name__ == "__main__":
    program = Program(__doc__).inputs("model", "weights", many=("examples",)).outputs("output")
    run(main, program.identity().device(choose_device))
