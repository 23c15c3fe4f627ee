"""How clustered examples of one answer are in each layer (lee2019 §4)."""

from argparse import Namespace

from glassbox.analyses.silhouettes import silhouettes
from glassbox.devices import choose_device
from glassbox.tables import write_table
from jobs.activations import activations_of
from jobs.replicates import stacked
from study.command import Program, run


def main(arguments: Namespace) -> None:
    frames = (silhouettes(each, **arguments.config) for each in activations_of(arguments))
    write_table(arguments.table, stacked(arguments, frames))


if __name__ == "__main__":
    run(main, Program(__doc__).activations(choose_device).outputs("table"))
