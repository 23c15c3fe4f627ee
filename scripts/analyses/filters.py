"""The filters of a CNN on signals, and what they do (chen2017 §3.4)."""

from argparse import Namespace

from glassbox.analyses.filters import filter_table
from glassbox.devices import choose_device
from glassbox.models.weights import read_stack
from glassbox.replicates import stacked
from glassbox.tables import write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    frames = (
        filter_table(read_stack(arguments.model, arguments.weights, each), **arguments.config)
        for each in arguments.replicates
    )
    write_table(arguments.table, stacked(arguments, frames))


if __name__ == "__main__":
    run(main, Program(__doc__).of_model(choose_device).outputs("table"))
