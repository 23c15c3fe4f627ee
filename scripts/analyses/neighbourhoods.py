"""Neighbours in every layer, and whether they share a label (chen2017 §6.3)."""

from argparse import Namespace

from glassbox.analyses.neighbourhoods import neighbourhoods
from glassbox.devices import choose_device
from glassbox.tables import write_table
from jobs.activations import activations_of
from jobs.points import points_of
from jobs.replicates import stacked
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    frames = (
        neighbourhoods(each, points, config["neighbours"], config["layers"])
        for each, points in zip(activations_of(arguments), points_of(arguments), strict=True)
    )
    write_table(arguments.table, stacked(arguments, frames))


if __name__ == "__main__":
    program = Program(__doc__).activations(choose_device).inputs(many=("origins",))
    run(main, program.outputs("table"))
