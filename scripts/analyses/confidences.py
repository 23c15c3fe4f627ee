"""How sure one model is of hand-made signals (chen2017 §7.2)."""

from argparse import Namespace

from glassbox.analyses.confidences import confidences
from glassbox.devices import choose_device
from glassbox.tables import write_table
from jobs.activations import activations_of
from jobs.replicates import stacked
from study.command import Program, run

PLACES = ("location", "predicted", "rival", "filter", "blind")


def main(arguments: Namespace) -> None:
    frames = map(confidences, activations_of(arguments))
    write_table(arguments.table, stacked(arguments, frames), dict.fromkeys(PLACES, "samples"))


if __name__ == "__main__":
    run(main, Program(__doc__).activations(choose_device).outputs("table"))
