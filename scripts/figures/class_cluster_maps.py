"""Clusters within classes in the map of a layer, and what they look like (rauber2017 Figs 6, 8)."""

from argparse import Namespace

import pandas as pd

from glassbox.analyses.mapped import first_maps
from glassbox.figures.class_cluster_maps import class_cluster_maps
from glassbox.figures.maps import DOTS
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    points, members, images = (
        counted(each, 1) for each in (arguments.maps, arguments.members, arguments.images)
    )
    layer = config["layer"] or deepest(members)
    own = first_maps(points[points["layer"] == layer])
    told = members.loc[members["layer"] == layer, ["example_id", "cluster", "polarity"]]
    figure = class_cluster_maps(
        own.merge(told, on="example_id"),
        images[images["layer"] == layer],
        config["shape"],
        config["colours"],
        config["marks"],
    )
    save(figure, arguments.output, DOTS)


def deepest(table: pd.DataFrame) -> str:
    """The layer of a table that lies deepest."""
    return table.loc[table["depth"].idxmax(), "layer"]


if __name__ == "__main__":
    program = Program(__doc__).inputs(many=("maps", "members", "images"))
    run(main, program.outputs("output"))
