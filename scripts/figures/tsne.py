"""t-SNE maps, a row per layer and a column per network or labelling (chen2017 §3.1, §6.3)."""

from argparse import Namespace

import pandas as pd

from glassbox.analyses.mapped import first_maps, usual
from glassbox.figures.style import layers_of, save
from glassbox.figures.tsne import DOTS, columns_of, tsne
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    points = first_maps(counted(arguments.projections, 1))
    near = counted(arguments.layers, 1), first_maps(counted(arguments.hits, 1))
    hits = pd.concat(map(usual, near), ignore_index=True)
    columns = columns_of(points, hits, config["columns"])
    layers = config["layers"] or list(layers_of(points).values())
    figure = tsne(columns, layers, config["colour_map"], config["first"])
    save(figure, arguments.output, DOTS)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("projections", "layers", "hits")).outputs("output"))
