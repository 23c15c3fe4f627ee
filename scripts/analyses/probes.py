"""A linear probe of every layer, and how far it is right (Alain and Bengio 2016)."""

from argparse import Namespace

from glassbox.analyses.probes import probes
from glassbox.analyses.reading import activations_of, training_of
from glassbox.devices import choose_device
from glassbox.replicates import stacked
from glassbox.tables import write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    layers = arguments.config["layers"]
    both = training_of(arguments, layers), activations_of(arguments, layers)
    frames = (
        probes(*each, layers=layers, device=arguments.device) for each in zip(*both, strict=True)
    )
    write_table(arguments.table, stacked(arguments, frames))


if __name__ == "__main__":
    run(main, Program(__doc__).activations(choose_device).fitted().outputs("table"))
