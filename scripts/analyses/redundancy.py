"""What single units tell, and how many a perceptron can do without (chen2017 §3.3.3)."""

from argparse import Namespace

from glassbox.analyses.redundancy import redundancy
from glassbox.devices import choose_device
from glassbox.tables import write_table
from jobs.activations import activations_of
from jobs.replicates import stacked
from study.command import Program, run


def main(arguments: Namespace) -> None:
    frames = map(redundancy, activations_of(arguments))
    write_table(arguments.table, stacked(arguments, frames), {"active": "share"})


if __name__ == "__main__":
    run(main, Program(__doc__).activations(choose_device).outputs("table"))
