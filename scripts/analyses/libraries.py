"""Libraries of one layer of a block's models, and how well they predict (lee2019 §3.2)."""

import logging
from argparse import Namespace

import numpy as np
import pandas as pd

from glassbox.analyses.library_network import Answered
from glassbox.analyses.library_tables import library_tables
from glassbox.devices import choose_device
from glassbox.models.model import read_layers
from glassbox.models.weights import read_model
from glassbox.seeds import generator
from glassbox.tables import read_examples, write_table
from study.command import Program, progress, run

SETTINGS = ("thresholds", "nodes", "orders", "shares")


def main(arguments: Namespace) -> None:
    config = arguments.config
    files = {"table": arguments.output, "nodes": arguments.nodes}
    files |= {"confusion": arguments.confusion, "probe": arguments.probe}
    found = [measured(arguments, replicate) for replicate in arguments.replicates]
    for name, path in files.items():
        frame = pd.concat([tables[name] for tables in found], ignore_index=True)
        frame.insert(0, "layer", config["layer"])
        frame.insert(0, "method", config["name"])
        write_table(path, frame)


def measured(arguments: Namespace, replicate: int) -> dict[str, pd.DataFrame]:
    """The tables of one replicate."""
    config = arguments.config
    logging.info("replicate %d, layer %s", replicate, config["layer"])
    tables = library_tables(
        *read_layer(arguments, replicate),
        **{name: config[name] for name in SETTINGS},
        rng=generator(config["seed"], *config["stream"], replicate),
        device=arguments.device,
        progress=progress,
    )
    return {name: frame.assign(replicate=replicate) for name, frame in tables.items()}


def read_layer(arguments: Namespace, replicate: int) -> tuple[Answered, Answered, np.ndarray, int]:
    """Training and test patterns of the layer, the labels of the latter, and how many classes."""
    model = read_model(arguments.model, arguments.weights, replicate, device=arguments.device)
    examples, shown = read_examples(arguments.train), read_examples(arguments.test)
    layer, last = arguments.config["layer"], model.layers[-1].name
    found = [read_layers(model, each.values, {layer, last}) for each in (examples, shown)]
    training, test = (Answered(each[layer], each[last].argmax(axis=1)) for each in found)
    return training, test, shown.labels, examples.classes


if __name__ == "__main__":
    program = Program(__doc__).inputs("train", "test", "model", "weights")
    program.outputs("output", "nodes", "confusion", "probe")
    run(main, program.replicates().device(choose_device).shared())
