"""The filter of each class of one model, and what it is like (chen2017 §3.3.3, Fig. 3.15)."""

from argparse import Namespace

from glassbox.analyses.learned_filters import filter_table, likeness, network_filters
from glassbox.devices import choose_device
from glassbox.tables import write_table
from jobs.models import shown_of
from jobs.replicates import stacked
from study.command import Program, run


def main(arguments: Namespace) -> None:
    tables, likenesses = [], []
    for model, examples in shown_of(arguments):
        first = examples.metadata["first_class"]
        filters = network_filters(model, examples)
        tables.append(filter_table(filters, first))
        likenesses.append(likeness(filters, first))
    write_table(arguments.filters, stacked(arguments, tables), {"offset": "samples"})
    write_table(arguments.likeness, stacked(arguments, likenesses), {"value": "tau: samples"})


if __name__ == "__main__":
    run(main, Program(__doc__).on_set(choose_device).outputs("filters", "likeness"))
