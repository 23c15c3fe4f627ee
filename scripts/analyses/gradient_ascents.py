"""Gradient ascent to every class, for a block's replicates of one network (chen2017 §5)."""

from argparse import Namespace

import numpy as np
import pandas as pd

from glassbox.analyses.gradient_ascents import ascent_table, climb, random_starts, signal_table
from glassbox.devices import choose_device
from glassbox.models.stack import join
from glassbox.seeds import generator
from glassbox.tables import write_table
from jobs.models import stacks_of
from study.command import Program, progress, run

SIZES, SETTINGS = ("classes", "inputs", "bound"), ("rate", "level", "limit")


def main(arguments: Namespace) -> None:
    config, replicates = arguments.config, arguments.replicates
    model = join(stacks_of(arguments))
    streams = [generator(config["seed"], "ascents", arguments.method, each) for each in replicates]
    starts = random_starts(streams, *(config[key] for key in SIZES)).to(arguments.device())
    settings = {key: config[key] for key in SETTINGS}
    ascent = climb(model.to(arguments.device()), starts, **settings, progress=progress)
    table = named(ascent_table(ascent, config["first"]), arguments)
    write_table(arguments.table, table, {"offset": "samples", "location": "samples"})
    write_table(arguments.signals, named(signal_table(model, ascent), arguments))


def named(frame: pd.DataFrame, arguments: Namespace) -> pd.DataFrame:
    """The frame with the network's name and the replicates' numbers for their places."""
    frame["replicate"] = np.array(arguments.replicates)[frame["replicate"]]
    frame.insert(0, "method", arguments.method)
    return frame


if __name__ == "__main__":
    run(main, Program(__doc__).of_model(choose_device).outputs("table", "signals"))
