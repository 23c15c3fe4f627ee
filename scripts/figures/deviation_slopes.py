"""When networks part ways in training, by their deviations within classes."""

from argparse import Namespace

from glassbox.figures.deviation_slopes import by_network, deviation_slopes
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    frame = counted(arguments.trajectories, config["replicates"])
    tables = by_network(frame, [config["learning"], *config["others"]])
    learning = next(iter(tables))
    save(deviation_slopes(tables, learning, config["panels"], config["colours"]), arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("trajectories",)).outputs("output"))
