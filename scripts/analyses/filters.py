"""The filters of a block's replicates of one network, and what they do (chen2017 §3.4)."""

from argparse import Namespace

from glassbox.analyses.filters import filter_table
from glassbox.models.weights import read_stack
from glassbox.replicates import numbered
from glassbox.tables import write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    tables = (
        filter_table(read_stack(arguments.model, arguments.weights, replicate), **arguments.config)
        for replicate in arguments.replicates
    )
    whole = numbered(arguments, tables)
    whole.insert(0, "method", arguments.method)
    write_table(arguments.output, whole)


if __name__ == "__main__":
    program = Program(__doc__).inputs("model", "weights").outputs("output").replicates()
    program.add_argument("--method", required=True)
    run(main, program)
