"""The error of the filter on a set, for each window and width (chen2017 §3.2.3)."""

from argparse import Namespace

from glassbox.analyses.step_filters import filter_errors
from glassbox.tables import read_examples, write_table
from jobs.replicates import by_replicate, numbered
from study.command import Program, run


def main(arguments: Namespace) -> None:
    sets = (read_examples(path) for _, path in by_replicate(arguments))
    frames = (
        filter_errors(each.values, each.labels + each.metadata["first_class"], **arguments.config)
        for each in sets
    )
    units = dict.fromkeys(("window", "tau", "L1"), "samples")
    write_table(arguments.table, numbered(arguments, frames), units)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("examples",)).outputs("table").replicates())
