"""How hidden activations move while a network learns (pardo2019 Fig. 2 a, e)."""

from argparse import Namespace

from glassbox.figures.maps import DOTS
from glassbox.figures.style import save
from glassbox.figures.trajectory_maps import trajectory_maps
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config, trajectories = arguments.config, counted(arguments.trajectories, 1)
    figure = trajectory_maps(trajectories, config["colours"], config["period"])
    save(figure, arguments.output, DOTS)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("trajectories",)).outputs("output"))
