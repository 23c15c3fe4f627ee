"""The filters of a CNN on signals, and what they do (chen2017 §3.4)."""

from argparse import Namespace

from glassbox.analyses.filters import filter_table
from glassbox.devices import choose_device
from glassbox.tables import write_table
from jobs.models import stacks_of
from jobs.replicates import stacked
from study.command import Program, run


def main(arguments: Namespace) -> None:
    frames = (filter_table(each, **arguments.config) for each in stacks_of(arguments))
    write_table(arguments.table, stacked(arguments, frames))


if __name__ == "__main__":
    run(main, Program(__doc__).of_model(choose_device).outputs("table"))
