"""Error measures against the width of a bottleneck (chen2017 Figs 4.3 and 4.4)."""

from argparse import Namespace

from glassbox.figures.bottleneck_widths import bottleneck_widths
from glassbox.figures.style import save
from glassbox.tables import read_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    errors = read_table(arguments.errors)
    shown = errors[errors["set"] == config["set"]]
    figure = bottleneck_widths(shown, config["sizes"], config["reference"], config["colour"])
    save(figure, arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs("errors").outputs("output"))
