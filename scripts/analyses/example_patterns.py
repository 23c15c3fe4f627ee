"""The hidden pattern of single examples of a set, beside their places (pardo2019 §3.3)."""

from argparse import Namespace

from glassbox.analyses.example_patterns import choose_examples, example_patterns
from glassbox.analyses.hidden_vectors import hidden_layers, hidden_vectors
from glassbox.devices import choose_device
from glassbox.seeds import generator
from glassbox.tables import write_table
from jobs.activations import activations_of
from jobs.introspections import introspected_of
from jobs.replicates import stacked
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    frames = []
    shown = activations_of(arguments, config["layers"])
    tables = introspected_of(arguments)
    for replicate, activations, own in zip(arguments.replicates, shown, tables, strict=True):
        rng = generator(config["seed"], *config["stream"], replicate)
        rows = choose_examples(own["right"].to_numpy(), config["examples"], rng)
        layers = hidden_layers(activations, config["layers"])
        hidden = hidden_vectors(activations, config["layers"])
        frames.append(example_patterns(hidden, own, rows, layers))
    write_table(arguments.table, stacked(arguments, frames), {"estimate": "log10"})


if __name__ == "__main__":
    program = Program(__doc__).activations(choose_device)
    run(main, program.inputs(many=("introspection",)).outputs("table"))
