"""The weights and biases of a block's replicates of one network (chen2017 §3.3.2)."""

from argparse import Namespace

from glassbox.analyses.weights import parameters
from glassbox.models.weights import read_stack
from glassbox.replicates import numbered
from glassbox.tables import write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    stacks = (read_stack(arguments.model, arguments.weights, each) for each in arguments.replicates)
    frame = numbered(arguments, map(parameters, stacks))
    frame.insert(0, "method", arguments.method)
    write_table(arguments.output, frame)


if __name__ == "__main__":
    program = Program(__doc__).inputs("model", "weights").outputs("output").replicates()
    program.add_argument("--method", required=True)
    run(main, program)
