"""Neighbours in every layer of a block's dumps, and whether they share a label (chen2017 §6.3)."""

from argparse import Namespace
from pathlib import Path

import pandas as pd
import torch

from glassbox.activations import layer_paths
from glassbox.analyses.neighbourhoods import neighbourhood_measures
from glassbox.analyses.projections import choose_points
from glassbox.replicates import by_replicate, stacked
from glassbox.seeds import generator
from glassbox.tables import read_examples, write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    torch.set_num_threads(1)
    sets = zip(by_replicate(arguments), by_replicate(arguments, "origins"), strict=True)
    frames = (
        neighbourhoods(
            arguments.config, replicate, path, origin, arguments.activations / str(replicate)
        )
        for (replicate, path), (_, origin) in sets
    )
    write_table(arguments.output, stacked(arguments, frames))


def neighbourhoods(
    config: dict, replicate: int, examples: Path, origin: Path, dump: Path
) -> pd.DataFrame:
    """All layers, from the examples themselves to the output."""
    own, true = read_examples(examples).labels, read_examples(origin).labels
    rng = generator(config["seed"], *config["stream"], replicate)
    chosen = choose_points(rng, len(own), config["points"])
    labels = {"label": own[chosen], "origin_label": true[chosen]}
    frames = []
    for layer, path in enumerate([examples, *layer_paths(dump)]):
        points = read_examples(path).values[chosen]
        frame = neighbourhood_measures(points, labels, config["neighbours"])
        frames.append(frame.assign(layer=layer, space="layer"))
    return pd.concat(frames)


if __name__ == "__main__":
    program = Program(__doc__).inputs("activations", many=("examples", "origins"))
    run(main, program.outputs("output").identity())
