"""What filters make of a noisy step, a panel per filter (chen2017 Figs 3.3 and 3.4)."""

from argparse import Namespace

from glassbox.figures.filter_responses import filter_responses
from glassbox.figures.style import save
from glassbox.tables import read_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    figure = filter_responses(read_table(arguments.responses), arguments.config["filters"])
    save(figure, arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs("responses").outputs("output"))
