"""Maps of hidden activations, and the estimated error over them (pardo2019 Fig. 2 b-d, f-h)."""

from argparse import Namespace

from glassbox.figures.introspection_maps import introspection_maps
from glassbox.figures.maps import DOTS, error_limits, rows_of
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    table, plane = counted(arguments.maps, 1), counted(arguments.plane, 1)
    points = {wanted: rows_of(table, config["model"], wanted) for wanted in config["sets"]}
    limits = error_limits(plane, config["lowest"], config["highest"])
    figure = introspection_maps(points, plane, config["colours"], config["colour_map"], limits)
    save(figure, arguments.output, DOTS)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("maps", "plane")).outputs("output"))
