"""Trails of observations over layers or checkpoints (rauber2017 Figs 10 and 11)."""

from argparse import Namespace

from glassbox.figures.maps import DOTS
from glassbox.figures.projection_trails import projection_trails
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    tables = (counted(each, 1) for each in (arguments.places, arguments.measures))
    shown = (each[each["over"] == config["over"]] for each in tables)
    figure = projection_trails(*shown, config["colours"], config["over"], config["period"])
    save(figure, arguments.output, DOTS)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("places", "measures")).outputs("output"))
