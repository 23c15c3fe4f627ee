"""Gradient ascent to every class, for a block's replicates of one network (chen2017 §5)."""

from argparse import Namespace

import numpy as np
import pandas as pd

from glassbox.analyses.ascent import ascent_table, climb, random_starts, signal_table
from glassbox.devices import choose_device
from glassbox.models.stack import join
from glassbox.models.weights import read_stack
from glassbox.seeds import generator
from glassbox.tables import write_table
from study.command import Program, progress, run


def main(arguments: Namespace) -> None:
    config, replicates = arguments.config, arguments.config["replicates"]
    model = join([read_stack(arguments.model, arguments.weights, each) for each in replicates])
    model = model.to(arguments.device)
    streams = [(config["seed"], "ascents", config["network"], each) for each in replicates]
    starts = random_starts(
        [generator(*stream) for stream in streams],
        config["classes"],
        config["inputs"],
        config["bound"],
    ).to(arguments.device)
    settings = {key: config[key] for key in ("rate", "level", "limit")}
    ascent = climb(model, starts, **settings, progress=progress)
    table = named(ascent_table(ascent, config["first"]), config)
    write_table(arguments.output, table, {"offset": "samples", "location": "samples"})
    write_table(arguments.signals, named(signal_table(model, ascent), config))


def named(frame: pd.DataFrame, config: dict) -> pd.DataFrame:
    """The frame with the network's name and the replicates' numbers for their places."""
    frame["replicate"] = np.array(config["replicates"])[frame["replicate"]]
    frame.insert(0, "method", config["network"])
    return frame


if __name__ == "__main__":
    run(
        main,
        Program(__doc__)
        .inputs("model", "weights")
        .outputs("output", "signals")
        .device(choose_device),
    )
