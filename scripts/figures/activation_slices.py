"""The averaged activations of one class, over replicates (chen2017 Figs 3.18, 3.21, 3.23)."""

from argparse import Namespace

from glassbox.figures.activation_slices import activation_slices
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    averages = counted(arguments.averages, config["replicates"])
    drawn = activation_slices(averages, config["label"], config["first"], config["colours"])
    save(drawn, arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("averages",)).outputs("output"))
