"""Weights and biases of one network as heat maps and bars (chen2017 Figs 3.11 and 3.14)."""

from argparse import Namespace

from glassbox.figures.style import save
from glassbox.figures.weight_matrices import weight_matrices
from glassbox.tables import read_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    figure = weight_matrices(read_table(arguments.parameters), arguments.config["colour_map"])
    save(figure, arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs("parameters").outputs("output"))
