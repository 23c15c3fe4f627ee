"""The error of the filter by window and width, with the printed choice (chen2017 §3.2.3)."""

from argparse import Namespace

from glassbox.analyses.learned_filters import TAU, WINDOW
from glassbox.figures.filter_search_errors import filter_search_errors
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    frame = counted(arguments.searches, config["replicates"])
    save(filter_search_errors(frame, config["colour_map"], (WINDOW, TAU)), arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("searches",)).outputs("output"))
