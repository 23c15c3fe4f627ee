"""t-SNE maps, a row per layer and a column per network or labelling (chen2017 §3.1, §6.3)."""

from argparse import Namespace
from pathlib import Path

import pandas as pd

from glassbox.figures.style import save
from glassbox.figures.tsne import DOTS, Column, tsne
from glassbox.tables import read_table
from study.command import Program, run

REPLICATE = 0


def main(arguments: Namespace) -> None:
    config = arguments.config
    points = in_one(arguments.projections)
    hits = pd.concat([in_one(arguments.layers), in_one(arguments.hits)])
    columns = [
        Column(each["title"], each["labels"], chosen(points, each), chosen(hits, each))
        for each in config["columns"]
    ]
    figure = tsne(columns, config["layers"], config["colour_map"], config["first"])
    save(figure, arguments.output, DOTS)


def in_one(paths: list[Path]) -> pd.DataFrame:
    """Replicate 0 of all tables; a table that is named twice counts once."""
    whole = pd.concat([read_table(path) for path in dict.fromkeys(paths)])
    return whole[whole["replicate"] == REPLICATE]


def chosen(table: pd.DataFrame, column: dict) -> pd.DataFrame:
    """The rows of one column of the figure."""
    return table[(table["method"] == column["network"]) & (table["set"] == column["set"])]


if __name__ == "__main__":
    program = Program(__doc__).inputs(many=("projections", "layers", "hits")).outputs("output")
    run(main, program)
