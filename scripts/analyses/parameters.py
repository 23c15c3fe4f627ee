"""The weights and biases of a perceptron as a table (chen2017 §3.3.2)."""

from argparse import Namespace

from glassbox.analyses.weights import parameters
from glassbox.devices import choose_device
from glassbox.models.weights import read_stack
from glassbox.replicates import stacked
from glassbox.tables import write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    frames = (
        parameters(read_stack(arguments.model, arguments.weights, each))
        for each in arguments.replicates
    )
    write_table(arguments.table, stacked(arguments, frames))


if __name__ == "__main__":
    run(main, Program(__doc__).of_model(choose_device).outputs("table"))
