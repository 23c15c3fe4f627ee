"""A network's filters beside those of signal processing (chen2017 Figs 3.6, 3.15 and 3.16)."""

from argparse import Namespace

from glassbox.figures.learned_and_designed_filters import learned_and_designed_filters
from glassbox.figures.style import save
from glassbox.tables import read_table
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    likeness = counted(arguments.likeness, config["replicates"])
    save(
        learned_and_designed_filters(read_table(arguments.filters), likeness, config["label"]),
        arguments.output,
    )


if __name__ == "__main__":
    run(main, Program(__doc__).inputs("filters", many=("likeness",)).outputs("output"))
