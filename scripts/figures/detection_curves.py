"""How often a filter finds a jump, by its width and the noise (chen2017 Fig. 3.5)."""

from argparse import Namespace

from glassbox.figures.detection_curves import detection_curves
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    frame = counted(arguments.widths, config["replicates"])
    save(detection_curves(frame, config["colour_map"]), arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("widths",)).outputs("output"))
