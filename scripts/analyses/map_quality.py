"""How far maps of a model's hidden vectors keep classes apart and neighbours together."""

import logging
from argparse import Namespace

import numpy as np
import pandas as pd

from glassbox.activations import Activations
from glassbox.analyses.map_quality import map_quality
from glassbox.analyses.points import choose_points
from glassbox.analyses.spaces import HIDDEN, TSNE, Space
from glassbox.devices import choose_device
from glassbox.seeds import generator
from glassbox.tables import Examples, write_table
from jobs.activations import activations_of, training_of
from jobs.introspections import introspected_of, refuse_others
from jobs.replicates import stacked
from jobs.spaces import spaces_of
from study.command import Program, run

ROLES = ("training_introspection", "introspection")


def main(arguments: Namespace) -> None:
    only = arguments.config["layers"]
    read = [training_of(arguments, only), activations_of(arguments, only)]
    read += [introspected_of(arguments, role) for role in ROLES]
    frames = (measured(arguments, *each) for each in zip(arguments.replicates, *read, strict=True))
    write_table(arguments.table, stacked(arguments, frames))


def measured(
    arguments: Namespace,
    replicate: int,
    training: Activations,
    shown: Activations,
    *introspected: pd.DataFrame | None,
) -> pd.DataFrame:
    """The table of one replicate; all spaces have the training examples of the t-SNE map."""
    config, labels = arguments.config, shown.examples.labels
    logging.info("replicate %d", replicate)
    stream = *config["stream"], "shown", arguments.set, replicate
    asked = choose_points(generator(config["seed"], *stream), config["points"], {"label": labels})
    spaces = spaces_of(arguments, replicate, training, shown)
    hidden, rows = spaces[HIDDEN].shown, spaces[TSNE].rows
    if all(each is not None for each in introspected):
        sets = training.examples, shown.examples
        spaces["introspection"] = Space.of_all(*map(mapped, introspected, sets))
    parts = {name: space.part(rows) for name, space in spaces.items()}
    return map_quality(parts, training.examples.labels[rows], labels, hidden, asked.rows)


def mapped(introspected: pd.DataFrame, examples: Examples) -> np.ndarray:
    """Where an introspection puts examples in its map: (n, 2)."""
    refuse_others(introspected, examples.ids)
    return introspected[["z1", "z2"]].to_numpy()


if __name__ == "__main__":
    program = Program(__doc__).activations(choose_device).fitted().inputs(optional=ROLES)
    run(main, program.outputs("table"))
