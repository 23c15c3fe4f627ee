"""Train a block of replicates of one network side by side."""

import logging
from argparse import Namespace
from pathlib import Path

import numpy as np
import torch

from glassbox.devices import choose_device
from glassbox.errors import GlassboxError
from glassbox.models.moore_penrose import start_output
from glassbox.models.networks import Architecture, initialise
from glassbox.models.recipe import Recipe
from glassbox.models.training import Data, Diverged, train
from glassbox.models.weights import write_weights
from glassbox.seeds import generator, stream_seed
from glassbox.tables import read_examples, read_metadata, write_table
from study.command import Program, progress, run


def main(arguments: Namespace) -> None:
    config, replicates = arguments.config, arguments.config["replicates"]
    device = arguments.device
    streams = [(config["seed"], config["stream"], config["name"], r) for r in replicates]
    model = initialise(
        architecture(config, arguments.train[0]),
        [generator(*stream, "start") for stream in streams],
    )
    model, training = model.to(device), load(arguments.train, len(replicates), device)
    if config["start"] == "moore-penrose":
        start_output(model, training.inputs, training.labels)
    logging.info("training %s, replicates %s", config["name"], replicates)
    try:
        trained = train(
            model,
            training,
            load(arguments.validation, len(replicates), device),
            recipe(config),
            [torch.Generator().manual_seed(stream_seed(*s, "order")) for s in streams],
            progress,
            config["checkpoints"],
        )
    except Diverged as error:
        diverged = [replicates[place] for place in error.replicates]
        raise GlassboxError(
            f"{config['name']}, replicates {diverged}: {error}\n"
            f"  what to do: lower models.{config['name']}.recipe.learning_rate"
        ) from error
    history = trained.history
    history["replicate"] = np.array(replicates)[history["replicate"]]
    history.insert(0, "network", config["name"])
    write_table(arguments.history, history, {"train_loss": "nats", "validation_loss": "nats"})
    checkpoints = {
        epoch: (stack, [replicates[place] for place in places])
        for epoch, (stack, places) in trained.checkpoints.items()
    }
    write_weights(arguments.weights, arguments.digest, trained.model, replicates, checkpoints)


def architecture(config: dict, train_set: Path) -> Architecture:
    """The network that the config describes, for the inputs and classes of its data."""
    metadata = read_metadata(train_set)
    inputs = int(np.prod(metadata["shape"]))
    layers = {key: value for key, value in config["build"].items() if key != "kind"}
    return Architecture(inputs, metadata["classes"], **layers)


def recipe(config: dict) -> Recipe:
    """Plain gradient descent."""
    return Recipe(**{key: value for key, value in config["recipe"].items() if key != "momentum"})


def load(paths: list[Path], replicates: int, device: torch.device) -> Data:
    """The data on the device; replicates that share one file share its memory."""
    sets = [read_examples(path) for path in paths]
    inputs = torch.stack([torch.from_numpy(each.values) for each in sets]).to(device)
    labels = torch.stack([torch.from_numpy(each.labels) for each in sets]).to(device)
    return Data(inputs.expand(replicates, -1, -1), labels.expand(replicates, -1))


if __name__ == "__main__":
    program = Program(__doc__).inputs(many=("train", "validation"))
    program.outputs("weights", "digest", "history")
    run(main, program.device(choose_device).shared())
