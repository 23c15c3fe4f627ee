"""Signals from gradient ascent, networks by jump locations (chen2017 Figs 5.1 and 5.2)."""

from argparse import Namespace

from glassbox.figures.ascent_signals import ascent_signals
from glassbox.figures.style import save
from glassbox.tables import read_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    tables = [read_table(path) for path in arguments.tables]
    signals = [read_table(path) for path in arguments.signals]
    save(ascent_signals(tables, signals, arguments.config["labels"]), arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("tables", "signals")).outputs("output"))
