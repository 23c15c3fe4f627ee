"""The filters of one network, over replicates (chen2017 Figs 3.18, 3.19, 3.21, 3.23)."""

from argparse import Namespace

from glassbox.figures.filter_shapes import filter_shapes
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    frame = counted(arguments.filters, config["replicates"])
    save(filter_shapes(frame, config["colours"]), arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("filters",)).outputs("output"))
