"""Inner- and inter-class deviations of every layer on one set (chen2017 §6.4)."""

from argparse import Namespace

from glassbox.analyses.deviations import deviations
from glassbox.devices import choose_device
from glassbox.tables import write_table
from jobs.activations import activations_of
from jobs.replicates import stacked
from study.command import Program, run


def main(arguments: Namespace) -> None:
    frames = (
        deviations(each, **arguments.config, device=arguments.device())
        for each in activations_of(arguments)
    )
    write_table(arguments.table, stacked(arguments, frames))


if __name__ == "__main__":
    run(main, Program(__doc__).activations(choose_device).outputs("table"))
