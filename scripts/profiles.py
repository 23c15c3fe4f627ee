"""Deviation measures of one network on one set, layer by layer (chen2017 §6.4)."""

from argparse import Namespace

import pandas as pd

from glassbox.figures.profiles import profiles
from glassbox.figures.style import save
from glassbox.tables import read_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    frame = pd.concat(read_table(path) for path in arguments.deviations)
    frame = frame[frame["replicate"] < config["replicates"]]
    save(profiles(frame, config["panels"], config["colours"]), arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).files("output", many=("deviations",)))
