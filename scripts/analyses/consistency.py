"""How well the consistency of libraries' predictions, and what is beside it, tells odd inputs.

Normal examples are the first of the set that is shown; odd ones are attacks on them, the controls
of the attacks, and examples from elsewhere (lee2019 §3.4, §4.2).
"""

import logging
from argparse import Namespace
from pathlib import Path

import pandas as pd

from glassbox.activations import Activations
from glassbox.analyses.detection import subjects_of
from glassbox.analyses.library_detection import FittedLayer, library_detection
from glassbox.devices import choose_device
from glassbox.seeds import generator
from glassbox.tables import read_examples, read_table, write_table
from jobs.activations import training_of
from jobs.models import shown_of
from jobs.replicates import several_by_replicate, stacked
from study.command import Program, run

TABLES = ("table", "scores")
SETTINGS = ("sets", "nodes", "mahalanobis")


def main(arguments: Namespace) -> None:
    given = zip(
        arguments.replicates,
        training_of(arguments, arguments.config["layers"]),
        shown_of(arguments),
        several_by_replicate(arguments, "odd"),
        strict=True,
    )
    found = [detected(arguments, *each) for each in given]
    for place, name in enumerate(TABLES):
        write_table(
            getattr(arguments, name), stacked(arguments, [tables[place] for tables in found])
        )


def detected(
    arguments: Namespace, replicate: int, training: Activations, shown: tuple, odd: list[Path]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables of detection and of scores of one replicate."""
    config = arguments.config
    logging.info("replicate %d", replicate)
    model, normal = shown
    sets = [normal, *map(read_examples, odd)]
    subjects, examples = subjects_of([each.first(config["images"]) for each in sets], config["odd"])
    activations = Activations(lambda: model, examples, only=config["layers"])
    return library_detection(
        training,
        activations,
        training.answers,
        activations.logits,
        subjects,
        read_fitted(arguments, replicate),
        **{name: config[name] for name in SETTINGS},
        rng=generator(config["seed"], *config["stream"], replicate),
        device=arguments.device(),
    )


def read_fitted(arguments: Namespace, replicate: int) -> dict[str, FittedLayer]:
    """What the libraries' job fitted, by layer."""
    config = arguments.config
    files = zip(config["layers"], arguments.nodes, arguments.probes, strict=True)
    return {
        layer: FittedLayer.of_tables(
            *(of_replicate(path, replicate) for path in paths),
            [each[layer] for each in config["sets"].values() if layer in each],
            arguments.device(),
        )
        for layer, *paths in files
    }


def of_replicate(path: Path, replicate: int) -> pd.DataFrame:
    """The rows of one replicate in a table of a block."""
    table = read_table(path)
    return table[table["replicate"] == replicate]


if __name__ == "__main__":
    program = Program(__doc__).on_set(choose_device).fitted()
    run(main, program.inputs(many=("nodes", "probes", "odd")).outputs(*TABLES))
