"""Hand-made signals with the confidence of one network below each (chen2017 Fig. 7.1)."""

from argparse import Namespace

from glassbox.figures.hand_made_signals import hand_made_signals, samples
from glassbox.figures.style import save
from glassbox.tables import read_examples
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    confidences = counted(arguments.confidences, arguments.config["replicates"])
    save(
        hand_made_signals(samples(read_examples(arguments.examples)), confidences), arguments.output
    )


if __name__ == "__main__":
    run(main, Program(__doc__).inputs("examples", many=("confidences",)).outputs("output"))
