"""How often each hidden unit is active on one set (chen2017 §4.2.2)."""

from argparse import Namespace

from glassbox.analyses.unit_activity import units
from glassbox.devices import choose_device
from glassbox.tables import write_table
from jobs.activations import activations_of
from jobs.replicates import stacked
from study.command import Program, run


def main(arguments: Namespace) -> None:
    frames = map(units, activations_of(arguments))
    write_table(arguments.table, stacked(arguments, frames), {"active": "share"})


if __name__ == "__main__":
    run(main, Program(__doc__).activations(choose_device).outputs("table"))
