"""Train a block of replicates of one model: side by side where their kind can, or in turn."""

import logging
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from glassbox.devices import choose_device
from glassbox.errors import GlassboxError
from glassbox.models.build import (
    Architecture,
    Replicates,
    architecture,
    describe,
    write_description,
)
from glassbox.models.moore_penrose import start_output
from glassbox.models.recipe import Recipe
from glassbox.models.stack import Stack
from glassbox.models.training import Data, Diverged, Trained, train
from glassbox.models.weights import states, write_weights
from glassbox.seeds import generator, stream_seed
from glassbox.tables import read_examples, read_metadata, write_table
from study.command import Program, progress, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    metadata = read_metadata(arguments.train[0])
    description = describe(
        config["build"], metadata["shape"], metadata["classes"], config.get("code")
    )
    histories, tensors, written = [], {}, None
    for replicates, trained in blocks(arguments, architecture(description)):
        histories.append(history(trained, replicates))
        tensors |= states(trained.model, replicates)
        for epoch, (kept, places) in trained.checkpoints.items():
            tensors |= states(kept, [replicates[place] for place in places], epoch)
        written = trained.model.metadata
    whole = pd.concat(histories, ignore_index=True)
    whole.insert(0, "method", config["name"])
    write_table(arguments.history, whole, {"train_loss": "nats", "validation_loss": "nats"})
    write_description(arguments.model, description)
    write_weights(arguments.weights, arguments.digest, tensors, written)


def blocks(arguments: Namespace, network: Architecture) -> Iterator[tuple[list[int], Trained]]:
    """The replicates that trained together, by their numbers, and what came of them."""
    config, numbers = arguments.config, arguments.config["replicates"]
    training, validation = (
        load(files, network, len(numbers), arguments.device())
        for files in (arguments.train, arguments.validation)
    )
    started = network.start([generator(*stream(config, each), "start") for each in numbers])
    place = 0
    for model in started:
        here = slice(place, place := place + model.replicates)
        shown = Data(training.inputs[here], training.labels[here])
        held_out = Data(validation.inputs[here], validation.labels[here])
        yield (
            numbers[here],
            one_block(config, numbers[here], model.to(arguments.device()), shown, held_out),
        )


def one_block(
    config: dict, numbers: list[int], model: Replicates, training: Data, validation: Data
) -> Trained:
    """Train replicates side by side. Raises GlassboxError, with what to do, when some diverge."""
    logging.info("training %s, replicates %s", config["name"], numbers)
    if config["start"] == "moore-penrose":
        if not isinstance(model, Stack):
            raise GlassboxError(f"{config['name']}: start: moore-penrose is for kind mlp or cnn-1d")
        start_output(model, training.inputs, training.labels)
    orders = [
        torch.Generator().manual_seed(stream_seed(*stream(config, each), "order"))
        for each in numbers
    ]
    torch.manual_seed(stream_seed(*stream(config, numbers[0]), "draws"))  # of modules themselves
    recipe = Recipe(**config["recipe"], checkpoints=config["checkpoints"])
    try:
        return train(model, training, validation, recipe, orders, progress)
    except Diverged as error:
        diverged = [numbers[place] for place in error.replicates]
        raise GlassboxError(
            f"{config['name']}, replicates {diverged}: {error}\n"
            f"  what to do: lower models.{config['name']}.recipe.learning_rate"
        ) from error


def stream(config: dict, replicate: int) -> tuple[int, str, str, int]:
    """What names a replicate's random draws."""
    return config["seed"], config["stream"], config["name"], replicate


def history(trained: Trained, numbers: list[int]) -> pd.DataFrame:
    """What training came to, with the replicates' numbers for their places."""
    frame = trained.history
    return frame.assign(replicate=np.array(numbers)[frame["replicate"]])


def load(paths: list[Path], network: Architecture, replicates: int, device: torch.device) -> Data:
    """The data on the device as the network takes them; one file serves all replicates."""
    sets = [read_examples(path) for path in paths]
    shown = [network.inputs(torch.from_numpy(each.values)) for each in sets]
    # One file is not copied; a copy of grey images would be laid out, and rounded, in another way.
    inputs = (shown[0][None] if len(shown) == 1 else torch.stack(shown)).to(device)
    labels = torch.stack([torch.tensor(each.labels) for each in sets]).to(device)
    return Data(inputs.expand(replicates, *inputs.shape[1:]), labels.expand(replicates, -1))


if __name__ == "__main__":
    program = Program(__doc__).inputs(many=("train", "validation"))
    program.outputs("weights", "digest", "model", "history")
    run(main, program.device(choose_device).shared())
