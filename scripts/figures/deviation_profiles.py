"""Deviation measures of one network on one set, layer by layer (chen2017 §6.4)."""

from argparse import Namespace

from glassbox.figures.deviation_profiles import deviation_profiles
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    frame = counted(arguments.deviations, config["replicates"])
    save(deviation_profiles(frame, config["panels"], config["colours"]), arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("deviations",)).outputs("output"))
