"""What a block's replicates of one network answer on one set, from their output layer."""

from argparse import Namespace

from glassbox.activations import layer_paths
from glassbox.analyses.predictions import network_predictions
from glassbox.replicates import stacked
from glassbox.tables import read_examples, write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    dumps = [arguments.activations / str(replicate) for replicate in arguments.replicates]
    frames = (network_predictions(read_examples(layer_paths(dump)[-1])) for dump in dumps)
    write_table(arguments.output, stacked(arguments, frames))


if __name__ == "__main__":
    run(main, Program(__doc__).inputs("activations").outputs("output").identity())
