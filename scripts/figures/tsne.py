"""t-SNE maps, a row per layer and a column per network or labelling (chen2017 §3.1, §6.3)."""

from argparse import Namespace

from glassbox.figures.style import layers_of, save
from glassbox.figures.tsne import DOTS, columns_of, tsne
from glassbox.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    points = counted(arguments.projections, 1)
    hits = counted([*arguments.layers, *arguments.hits], 1)
    columns = columns_of(points, hits, config["columns"])
    layers = config["layers"] or list(layers_of(points).values())
    figure = tsne(columns, layers, config["colour_map"], config["first"])
    save(figure, arguments.output, DOTS)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("projections", "layers", "hits")).outputs("output"))
