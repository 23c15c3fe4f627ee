"""The weights and biases of a perceptron as a table (chen2017 §3.3.2)."""

from argparse import Namespace

from glassbox.analyses.weights import parameters
from glassbox.devices import choose_device
from glassbox.tables import write_table
from jobs.models import stacks_of
from jobs.replicates import stacked
from study.command import Program, run


def main(arguments: Namespace) -> None:
    frames = map(parameters, stacks_of(arguments))
    write_table(arguments.table, stacked(arguments, frames))


if __name__ == "__main__":
    run(main, Program(__doc__).of_model(choose_device).outputs("table"))
