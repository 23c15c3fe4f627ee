"""Clusters of each class in layers, and whether they tell dark from bright (Rauber et al. 2017)."""

from argparse import Namespace

import numpy as np
import pandas as pd

from glassbox.activations import Activations
from glassbox.analyses.class_clusters import class_clusters
from glassbox.analyses.points import choose_points
from glassbox.analyses.polarity import polarity
from glassbox.datasets.inverted import INVERTED
from glassbox.devices import choose_device
from glassbox.errors import GlassboxError
from glassbox.seeds import generator
from glassbox.tables import Examples, read_examples, write_table
from jobs.activations import activations_of
from jobs.replicates import by_replicate, stacked
from study.command import Program, progress, run

TABLES = ("table", "members", "images")


def main(arguments: Namespace) -> None:
    shown = activations_of(arguments, arguments.config["layers"])
    pixels = (read_examples(path) for _, path in by_replicate(arguments, "pixels"))
    given = zip(arguments.replicates, shown, pixels, strict=True)
    found = [measured(arguments, *each) for each in given]
    for place, name in enumerate(TABLES):
        frames = [tables[place] for tables in found]
        write_table(getattr(arguments, name), stacked(arguments, frames))


def measured(
    arguments: Namespace, replicate: int, activations: Activations, pixels: Examples
) -> tuple[pd.DataFrame, ...]:
    """The tables of one replicate; members get the columns polarity and, if known, inverted."""
    config, examples = arguments.config, activations.examples
    if not np.array_equal(pixels.ids, examples.ids):
        raise GlassboxError(f"{arguments.set}: the images before edges are taken are others")
    stream = *config["stream"], replicate
    drawn = generator(config["seed"], *stream)
    rows = choose_points(drawn, config["points"], {"label": examples.labels}).rows
    shown = pixels.at(rows)
    contrast = polarity(shown)
    bright = {"pixels": contrast > 0}
    if INVERTED in shown.origin:
        bright[INVERTED] = shown.origin[INVERTED] == 0
    table, members, images = class_clusters(
        activations,
        rows,
        bright,
        layers=config["layers"],
        rng=generator(config["seed"], *stream, "clusters"),
        progress=progress,
    )
    told = pd.DataFrame({"example_id": shown.ids, "polarity": contrast, **shown.origin})
    return table, members.merge(told, on="example_id", validate="many_to_one"), images


if __name__ == "__main__":
    program = Program(__doc__).activations(choose_device).inputs(many=("pixels",))
    run(main, program.outputs(*TABLES))
