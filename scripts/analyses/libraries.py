"""Libraries of one layer of a block's models, and how well they predict (lee2019 §3.2)."""

import logging
from argparse import Namespace

import pandas as pd

from glassbox.activations import Activations
from glassbox.analyses.library_network import Answered
from glassbox.analyses.library_tables import library_tables
from glassbox.devices import choose_device
from glassbox.seeds import generator
from glassbox.tables import write_table
from jobs.activations import activations_of, training_of
from jobs.replicates import stacked
from study.command import Program, progress, run

TABLES = ("table", "nodes", "confusion", "probe")
SETTINGS = ("thresholds", "nodes", "orders", "shares")


def main(arguments: Namespace) -> None:
    only = [arguments.config["layer"]]
    both = training_of(arguments, only), activations_of(arguments, only)
    found = [
        measured(arguments, replicate, training, shown)
        for replicate, training, shown in zip(arguments.replicates, *both, strict=True)
    ]
    for name in TABLES:
        frame = stacked(arguments, [tables[name] for tables in found])
        write_table(getattr(arguments, name), frame.assign(layer=only[0]))


def measured(
    arguments: Namespace, replicate: int, training: Activations, shown: Activations
) -> dict[str, pd.DataFrame]:
    """The tables of one replicate."""
    config, layer = arguments.config, arguments.config["layer"]
    logging.info("replicate %d, layer %s", replicate, layer)
    return library_tables(
        *(Answered(each[layer], each.answers) for each in (training, shown)),
        shown.examples.labels,
        training.examples.classes,
        **{name: config[name] for name in SETTINGS},
        rng=generator(config["seed"], *config["stream"], replicate),
        device=arguments.device(),
        progress=progress,
    )


if __name__ == "__main__":
    program = Program(__doc__).activations(choose_device).fitted().outputs(*TABLES)
    run(main, program.shared())
