"""A network whose units are sorted by the class that they prefer (pardo2019 Fig. 3)."""

from argparse import Namespace

from glassbox.figures.maps import DOTS
from glassbox.figures.reordered_network import reordered_network
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    table = counted(arguments.expected, 1)
    figure = reordered_network(table, config["column"], config["colours"], config["colour_map"])
    save(figure, arguments.output, DOTS)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("expected",)).outputs("output"))
