"""Inner- and inter-class deviations of every layer of a block's dumps (chen2017 §6.4)."""

from argparse import Namespace
from pathlib import Path

import pandas as pd
import torch

from glassbox.activations import layer_paths
from glassbox.analyses.deviations import layer_deviations
from glassbox.devices import choose_device
from glassbox.tables import read_examples, write_table
from study.command import Program, by_replicate, run, stacked


def main(arguments: Namespace) -> None:
    device = choose_device(arguments.device, arguments.threads)
    frames = (
        deviations(path, arguments.activations / str(replicate), arguments.config, device)
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
    program = Program(__doc__).files("activations", "output", many=("examples",))
    run(main, program.identity().device())
