"""How often the Moore-Penrose inverse embeds random points as classes (chen2017 §4.3.4)."""

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict, astuple

import pandas as pd

from glassbox.analyses.moore_penrose_embeddings import Embedding, successes
from glassbox.seeds import generator
from glassbox.tables import write_table
from jobs.replicates import numbered
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    frames = (counts(config, replicate) for replicate in arguments.replicates)
    write_table(arguments.table, numbered(arguments, frames), {"distance": "of the unit cube"})


def counts(config: dict, replicate: int) -> pd.DataFrame:
    """One row per cell; each has a stream of its own, whatever other cells there are."""
    rows = []
    for cell in cells(config):
        rng = generator(config["seed"], *config["stream"], replicate, *map(str, astuple(cell)))
        found = successes(rng, cell, config["trials"])
        rows.append({**asdict(cell), "trials": config["trials"], "successes": found})
    return pd.DataFrame(rows)


def cells(config: dict) -> Iterator[Embedding]:
    for kind in config["maps"]:
        for entry in config["cells"]:
            for points in entry["points"]:
                for distance in config["distances"]:
                    yield Embedding(entry["width"], points, distance, kind)


if __name__ == "__main__":
    run(main, Program(__doc__).outputs("table").replicates())
