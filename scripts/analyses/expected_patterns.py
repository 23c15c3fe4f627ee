"""The pattern of hidden units that is expected of each class (pardo2019 §2.8, Eqs 6 to 10)."""

from argparse import Namespace

from glassbox.analyses.expected_patterns import expected_patterns
from glassbox.analyses.hidden_vectors import hidden_layers, hidden_vectors
from glassbox.analyses.introspection import Introspection
from glassbox.devices import choose_device
from glassbox.seeds import generator
from glassbox.tables import write_table
from jobs.activations import activations_of
from jobs.models import fitted_of
from jobs.replicates import stacked
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    patterns, places = [], []
    found = zip(
        arguments.replicates,
        map(Introspection, fitted_of(arguments)),
        activations_of(arguments, config["layers"]),
        strict=True,
    )
    for replicate, fitted, shown in found:
        hidden = hidden_vectors(shown, config["layers"])
        of_class = expected_patterns(
            hidden,
            fitted.places(hidden),
            shown.examples.labels,
            hidden_layers(shown, config["layers"]),
            fitted.decoded,
            generator(config["seed"], *config["stream"], replicate),
            config["grid"],
        )
        for tables, table in zip((patterns, places), of_class, strict=True):
            tables.append(table)
    write_table(arguments.table, stacked(arguments, patterns))
    write_table(arguments.places, stacked(arguments, places))


if __name__ == "__main__":
    program = Program(__doc__).activations(choose_device)
    run(main, program.inputs("fitted_model", "fitted_weights").outputs("table", "places"))
