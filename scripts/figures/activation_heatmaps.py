"""Averaged activations of one network on one set as heat maps (chen2017 Figs 3.12, 6.3, 6.4)."""

from argparse import Namespace

from glassbox.figures.activation_heatmaps import activation_heatmaps
from glassbox.figures.style import save
from glassbox.tables import read_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    averages = read_table(arguments.averages)
    save(activation_heatmaps(averages, config["colour_map"], config["first"]), arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs("averages").outputs("output"))
