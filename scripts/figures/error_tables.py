"""A table of error measures by method, beside the published values (chen2017 Tables 3.1 to 3.3)."""

from argparse import Namespace

from glassbox.figures.error_tables import UNITS, error_table
from glassbox.tables import read_table, write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    errors = read_table(arguments.errors)
    table = error_table(errors, config["printed"], config["methods"], config["set"])
    write_table(arguments.output, table, UNITS)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs("errors").outputs("output"))
