"""Train a block of replicates of an image classifier, one after the other."""

from argparse import Namespace
from pathlib import Path

import pandas as pd
import torch

from glassbox.devices import choose_device
from glassbox.errors import GlassboxError
from glassbox.models.classifier import Classifier
from glassbox.models.classifiers import write_classifiers
from glassbox.models.images import empty, read_images
from glassbox.models.lenet import start
from glassbox.models.momentum import Images, MomentumRecipe, train_classifier
from glassbox.models.training import Diverged
from glassbox.seeds import generator, stream_seed
from glassbox.tables import write_table
from study.command import Program, progress, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    trained = {replicate: train(config, replicate, arguments) for replicate in config["replicates"]}
    history = pd.concat(
        frame.assign(network=config["name"], replicate=replicate)
        for replicate, (_, frame) in trained.items()
    )
    units = {"train_loss": "nats", "validation_loss": "nats"}
    write_table(arguments.history, history.reset_index(drop=True), units)
    models = {replicate: model for replicate, (model, _) in trained.items()}
    write_classifiers(arguments.weights, arguments.digest, models)


def train(config: dict, replicate: int, arguments: Namespace) -> tuple[Classifier, pd.DataFrame]:
    """One replicate and its history; the test set, which decides nothing, is held out."""
    stream = config["seed"], config["stream"], config["name"], replicate
    training, examples = load(arguments.train, arguments.device)
    held_out, _ = load(arguments.test, arguments.device)
    model = start(empty(config["build"], examples), generator(*stream, "start"))
    order = torch.Generator().manual_seed(stream_seed(*stream, "order"))
    settings = {key: config["recipe"][key] for key in ("batch_size", "learning_rate", "momentum")}
    recipe = MomentumRecipe(**settings, epochs=config["recipe"]["max_epochs"])
    try:
        history = train_classifier(
            model.to(arguments.device), training, held_out, recipe, order, progress
        )
    except Diverged as error:
        raise GlassboxError(
            f"{config['name']}, replicate {replicate}: {error}\n"
            f"  what to do: lower models.{config['name']}.recipe.learning_rate"
        ) from error
    return model, history


def load(path: Path, device: torch.device) -> tuple[Images, object]:
    """A set's images on the device, and its examples."""
    examples, pixels = read_images(path)
    return Images(pixels.to(device), torch.tensor(examples.labels, device=device)), examples


if __name__ == "__main__":
    program = Program(__doc__).inputs("train", "test").outputs("weights", "digest", "history")
    run(main, program.device(choose_device).shared())
