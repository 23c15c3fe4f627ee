"""The paths that attacks take over the map of hidden activations (pardo2019 Fig. 6)."""

from argparse import Namespace

from glassbox.figures.attack_trajectories import attack_trajectories
from glassbox.figures.maps import DOTS, error_limits, rows_of
from glassbox.figures.style import save
from glassbox.tables import read_examples
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    table, plane = counted(arguments.maps, 1), counted(arguments.plane, 1)
    paths = rows_of(table, config["model"], config["set"])
    attacked = paths["origin_id"].unique()[: config["rows"]]
    figure = attack_trajectories(
        paths[paths["origin_id"].isin(attacked)],
        read_examples(arguments.examples),
        config["shape"],
        rows_of(table, config["model"], config["training"]),
        plane,
        config["colour_map"],
        error_limits(plane, config["lowest"], config["highest"]),
    )
    save(figure, arguments.output, DOTS)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs("examples", many=("maps", "plane")).outputs("output"))
