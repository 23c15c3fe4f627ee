"""Attack the first images of a set in one space and size, and make the controls beside them."""

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import numpy as np

from glassbox.attacks import Attack, clipped, in_space, projected_gradient, random_corner
from glassbox.devices import choose_device
from glassbox.digests import describe, write_json
from glassbox.files import whole
from glassbox.models.classifier import Classifier, answers, as_values
from glassbox.models.images import read_images, trained
from glassbox.seeds import generator, stream_seed
from glassbox.tables import Examples, write_examples
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    examples, pixels = read_images(arguments.examples)
    first = slice(config["images"])
    few = replace(
        examples,
        ids=examples.ids[first],
        labels=examples.labels[first],
        values=examples.values[first],
    )
    digests = {}
    with whole(arguments.output) as folder:
        for replicate in arguments.replicates:
            model = trained(
                config["classifier"], arguments.weights, replicate, examples, arguments.device
            )
            digests[str(replicate)] = attack(
                config, replicate, model, few, pixels[first], folder / str(replicate), arguments
            )
    write_json(arguments.digest, digests)


def attack(
    config: dict,
    replicate: int,
    model: Classifier,
    examples: Examples,
    pixels: object,
    folder: Path,
    arguments: Namespace,
) -> dict[str, dict]:
    """Write pgd.parquet, noise.parquet and clip.parquet of one replicate; their digests by name."""
    digests = {}
    stream = config["seed"], *config["stream"], replicate
    inputs, logits, back = in_space(config["space"], model, pixels)
    method = Attack(config["size"], config["steps"], config["step"])
    own = answers(model, pixels, arguments.device)
    moved: dict[str, np.ndarray] = {
        "pgd": projected_gradient(
            logits, inputs, own, method, stream_seed(*stream, "pgd"), arguments.device
        ),
        "noise": random_corner(inputs, method.size, generator(*stream, "noise")),
        "clip": clipped(inputs),
    }
    for kind, values in moved.items():
        metadata = {**examples.metadata, "attack": kind, "space": config["space"]}
        metadata |= {"size": config["size"]}
        made = replace(examples, values=as_values(back(values)), metadata=metadata)
        path = folder / f"{kind}.parquet"
        write_examples(path, made)
        digests[path.name] = describe(path, made.content())
    return digests


if __name__ == "__main__":
    program = Program(__doc__).inputs("examples", "weights").outputs("output", "digest")
    run(main, program.replicates().device(choose_device))
