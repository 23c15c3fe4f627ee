"""How far linear probes of a model's layers tell the labels of a set (Alain and Bengio 2016)."""

from argparse import Namespace

from glassbox.analyses.probes import probes
from glassbox.devices import choose_device
from glassbox.tables import write_table
from jobs.activations import activations_of
from jobs.models import fitted_of
from jobs.replicates import stacked
from study.command import Program, run


def main(arguments: Namespace) -> None:
    layers = arguments.config["layers"]
    given = zip(fitted_of(arguments), activations_of(arguments, layers), strict=True)
    frames = (probes(fitted, shown) for fitted, shown in given)
    write_table(arguments.table, stacked(arguments, frames))


if __name__ == "__main__":
    program = Program(__doc__).activations(choose_device)
    run(main, program.inputs("fitted_model", "fitted_weights").outputs("table"))
