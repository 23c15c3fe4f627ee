"""The filter of each class of one network, and what it is like (chen2017 §3.3.3, Fig. 3.15)."""

from argparse import Namespace

from glassbox.analyses.learned_filters import filter_table, likeness, network_filters
from glassbox.models.weights import read_model
from glassbox.replicates import by_replicate, stacked
from glassbox.tables import read_examples, write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    tables, likenesses = [], []
    for replicate, path in by_replicate(arguments):
        examples = read_examples(path)
        first = examples.metadata["first_class"]
        model = read_model(arguments.model, arguments.weights, replicate)
        filters = network_filters(model, examples)
        tables.append(filter_table(filters, first))
        likenesses.append(likeness(filters, first))
    write_table(arguments.filters, stacked(arguments, tables), {"offset": "samples"})
    write_table(arguments.likeness, stacked(arguments, likenesses), {"value": "tau: samples"})


if __name__ == "__main__":
    program = Program(__doc__).inputs("model", "weights", many=("examples",))
    run(main, program.outputs("filters", "likeness").identity())
