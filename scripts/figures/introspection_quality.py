"""How good introspections are that are fitted in other ways (pardo2019 §2.4, §2.6, §2.7)."""

from argparse import Namespace

from glassbox.figures.introspection_quality import introspection_quality
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    table = counted(arguments.measures, config["replicates"])
    save(introspection_quality(table, config["variants"], config["colours"]), arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("measures",)).outputs("output"))
