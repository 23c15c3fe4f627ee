"""When networks part ways in training, by their deviations within classes."""

from argparse import Namespace

from glassbox.figures.style import save
from glassbox.figures.trajectories import trajectories
from glassbox.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    frame = counted(arguments.trajectories, config["replicates"])
    by_name = frame.groupby(["method", "set"])
    names = [(each["network"], each["set"]) for each in (config["learning"], *config["others"])]
    tables = {
        f"{network} on {shown}": by_name.get_group((network, shown)) for network, shown in names
    }
    learning = next(iter(tables))
    save(trajectories(tables, learning, config["panels"], config["colours"]), arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("trajectories",)).outputs("output"))
