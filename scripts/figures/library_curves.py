"""Sizes of libraries and their agreement against the threshold (lee2019 Figs 2 and 4)."""

from argparse import Namespace

from glassbox.figures.library_curves import library_curves
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    frame = counted(arguments.libraries, config["replicates"])
    save(library_curves(frame, config["layers"], config["colours"]), arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("libraries",)).outputs("output"))
