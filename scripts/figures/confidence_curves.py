"""How sure networks are of hand-made signals, against each parameter (chen2017 §7.2)."""

from argparse import Namespace

from glassbox.figures.confidence_curves import confidence_curves
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    frame = counted(arguments.confidences, arguments.config["replicates"])
    save(confidence_curves(frame), arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("confidences",)).outputs("output"))
