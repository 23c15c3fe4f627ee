"""Inner- and inter-class deviations of every layer of a block's dumps (chen2017 §6.4)."""

from argparse import Namespace
from pathlib import Path

import pandas as pd
import torch

from glassbox.activations import layer_paths
from glassbox.analyses.deviations import layer_deviations
from glassbox.devices import choose_device
from glassbox.replicates import by_replicate, stacked
from glassbox.tables import read_examples, write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    frames = (
        deviations(path, arguments.activations / str(replicate), arguments.config, arguments.device)
        for replicate, path in by_replicate(arguments)
    )
    write_table(arguments.output, stacked(arguments, frames))


def deviations(examples: Path, dump: Path, config: dict, device: torch.device) -> pd.DataFrame:
    """All layers, from the examples themselves to the output."""
    paths = [examples, *layer_paths(dump)]
    return pd.concat(
        layer_deviations(layer, read_examples(path), config["ordered"], device)
        for layer, path in enumerate(paths)
    )


if __name__ == "__main__":
    program = Program(__doc__).inputs("activations", many=("examples",)).outputs("output")
    run(main, program.identity().device(choose_device))
