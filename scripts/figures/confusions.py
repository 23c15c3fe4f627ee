"""Confusion indices of libraries as matrices (lee2019 Fig. 3)."""

from argparse import Namespace

from glassbox.figures.confusions import confusions
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    frame = counted(arguments.confusion, config["replicates"])
    thresholds = {layer: config["thresholds"][layer] for layer in config["layers"]}
    figure = confusions(frame, thresholds, config["colour_map"])
    save(figure, arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("confusion",)).outputs("output"))
