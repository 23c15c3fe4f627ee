"""The risk of the answers that are kept, against how many are kept (pardo2019 §3.1)."""

from argparse import Namespace

from glassbox.figures.risk_coverage_curves import risk_coverage_curves
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    curves, measures = (
        counted(each, config["replicates"]) for each in (arguments.curves, arguments.measures)
    )
    save(risk_coverage_curves(curves, measures, config["colours"]), arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("curves", "measures")).outputs("output"))
