"""Deviation measures of a block's replicates of one network at every checkpoint."""

from argparse import Namespace

from glassbox.analyses.trajectories import trajectory
from glassbox.devices import choose_device
from glassbox.models.weights import read_checkpoints
from glassbox.replicates import by_replicate, stacked
from glassbox.tables import read_examples, write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    ordered, device = arguments.config["ordered"], arguments.device
    frames = (
        trajectory(
            read_checkpoints(arguments.weights, replicate), read_examples(path), ordered, device
        )
        for replicate, path in by_replicate(arguments)
    )
    write_table(arguments.output, stacked(arguments, frames))


if __name__ == "__main__":
    program = Program(__doc__).inputs("weights", many=("examples",)).outputs("output")
    run(main, program.identity().device(choose_device))
