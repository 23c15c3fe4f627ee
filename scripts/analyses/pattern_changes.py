"""How far the patterns of every layer stay as they were when inputs change (lee2019 §4.1)."""

from argparse import Namespace

from glassbox.analyses.pattern_changes import pattern_changes
from glassbox.devices import choose_device
from glassbox.tables import write_table
from jobs.activations import activations_of, beside_of, training_of
from jobs.replicates import stacked
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    read = (activations_of, beside_of, training_of)
    given = zip(*(each(arguments, config["layers"]) for each in read), strict=True)
    frames = (pattern_changes(*each, **config, device=arguments.device()) for each in given)
    write_table(arguments.table, stacked(arguments, frames))


if __name__ == "__main__":
    program = Program(__doc__).activations(choose_device).fitted()
    run(main, program.inputs("beside_activations", many=("beside",)).outputs("table"))
