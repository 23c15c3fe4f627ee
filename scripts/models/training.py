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
from glassbox.models.losses import LOSSES, Loss
from glassbox.models.moore_penrose import start_output
from glassbox.models.recipe import Recipe
from glassbox.models.training import Data, Diverged, Draws, Trained, train
from glassbox.models.unfinished import Kept, Unfinished
from glassbox.models.weights import CPU, states, write_weights
from glassbox.seeds import generator, stream_seed
from glassbox.tables import read_examples, read_metadata, write_table
from study import unfinished
from study.command import Program, progress, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    metadata = read_metadata(arguments.train[0])
    description = describe(
        config["build"], metadata["shape"], metadata["classes"], config.get("code")
    )
    histories, tensors, written = [], {}, None
    with unfinished.states(arguments) as kept:
        for replicates, trained in blocks(arguments, architecture(description), kept):
            histories.append(history(trained, replicates))
            tensors |= states(trained.model, replicates)
            for epoch, (model, places) in trained.checkpoints.items():
                tensors |= states(model, [replicates[place] for place in places], epoch)
            written = trained.model.metadata
        whole = pd.concat(histories, ignore_index=True)
        whole.insert(0, "method", config["name"])
        write_table(arguments.history, whole, units(config))
        write_description(arguments.model, description)
        write_weights(arguments.weights, arguments.digest, tensors, written)


def blocks(
    arguments: Namespace, network: Architecture, kept: Kept
) -> Iterator[tuple[list[int], Trained]]:
    """The replicates that trained together, by their numbers, and what came of them.

    kept: the state of each training, by the number of its first replicate.
    """
    config, numbers = arguments.config, arguments.config["replicates"]
    training, validation = (
        load(files, network, len(numbers), arguments.device())
        for files in (arguments.train, arguments.validation)
    )
    started = network.start([generator(*stream(config, each), "start") for each in numbers])
    place = 0
    for model in started:
        here = slice(place, place := place + model.replicates)
        shown = Data(training.inputs[here], training.targets[here])
        held_out = Data(validation.inputs[here], validation.targets[here])
        model, state = model.to(arguments.device()), kept(str(numbers[here.start]))
        yield numbers[here], one_block(config, numbers[here], model, shown, held_out, state)


def one_block(
    config: dict,
    numbers: list[int],
    model: Replicates,
    training: Data,
    validation: Data,
    unfinished: Unfinished | None,
) -> Trained:
    """Train replicates side by side. Raises GlassboxError, with what to do, when some diverge."""
    logging.info("training %s, replicates %s", config["name"], numbers)
    if config["start"] == "moore-penrose":
        start_output(model, training.inputs, training.targets)
    device = training.inputs.device
    draws = Draws(
        seeded(config, numbers, "order"),
        noise=seeded(config, numbers, "noise", device),
        network=seeded(config, numbers, "draws", device),
    )
    told = {key: value for key, value in config["recipe"].items() if key != "loss"}
    recipe = Recipe(**told, checkpoints=config["checkpoints"])
    try:
        loss = loss_of(config)
        return train(model, training, validation, recipe, draws, loss, progress, unfinished)
    except Diverged as error:
        diverged = [numbers[place] for place in error.replicates]
        raise GlassboxError(
            f"{config['name']}, replicates {diverged}: {error}\n"
            f"  what to do: lower models.{config['name']}.recipe.learning_rate"
        ) from error


def loss_of(config: dict) -> Loss:
    """What its recipe makes small: the cross-entropy where it doesn't say."""
    return LOSSES[config["recipe"].get("loss", "cross-entropy")]


def seeded(
    config: dict, numbers: list[int], what: str, device: torch.device = CPU
) -> list[torch.Generator]:
    """A generator on a device for each replicate, of what is drawn."""
    seeds = (stream_seed(*stream(config, each), what) for each in numbers)
    return [torch.Generator(device).manual_seed(seed) for seed in seeds]


def stream(config: dict, replicate: int) -> tuple[int, str, str, int]:
    """What names a replicate's random draws."""
    return config["seed"], config["stream"], config["name"], replicate


def units(config: dict) -> dict[str, str]:
    """Those of the columns of a history; its periods are epochs where nothing is said."""
    unit = loss_of(config).unit
    cycles = {"epoch": "cycles"} if config["recipe"]["stop"] == "cycles" else {}
    return {"train_loss": unit, "validation_loss": unit, **cycles}


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
    run(main, program.device(choose_device).resumed().shared())
