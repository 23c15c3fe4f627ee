"""Histograms of the absolute error of one method on one set (chen2017 Figs 3.7 and 3.10)."""

from argparse import Namespace

from glassbox.figures.error_histograms import error_histograms
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    frame = counted(arguments.predictions, config["replicates"])
    save(error_histograms(frame, config["colour"]), arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("predictions",)).outputs("output"))
