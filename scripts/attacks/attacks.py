"""Attack the first images of a set in one space and size, and make the controls beside them."""

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import numpy as np

from glassbox.attacks import Attack, clipped, in_space, projected_gradient, random_corner
from glassbox.devices import choose_device
from glassbox.digests import describe, write_json
from glassbox.files import whole
from glassbox.models.model import Model, answers
from glassbox.models.weights import read_model
from glassbox.seeds import generator, stream_seed
from glassbox.tables import Examples, read_examples, write_examples
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config, digests = arguments.config, {}
    examples = read_examples(arguments.examples)
    first = slice(config["images"])
    few = replace(
        examples,
        ids=examples.ids[first],
        labels=examples.labels[first],
        values=examples.values[first],
    )
    with whole(arguments.output) as folder:
        for replicate in arguments.replicates:
            model = read_model(
                arguments.model, arguments.weights, replicate, device=arguments.device
            )
            digests[str(replicate)] = attack(config, replicate, model, few, folder / str(replicate))
    write_json(arguments.digest, digests)


def attack(
    config: dict, replicate: int, model: Model, examples: Examples, folder: Path
) -> dict[str, dict]:
    """Write pgd.parquet, noise.parquet and clip.parquet of one replicate; their digests by name."""
    digests = {}
    stream = config["seed"], *config["stream"], replicate
    inputs, logits, back = in_space(config["space"], model, examples.values)
    method = Attack(config["size"], config["steps"], config["step"])
    own = answers(model, examples.values)
    moved: dict[str, np.ndarray] = {
        "pgd": projected_gradient(
            logits, inputs, own, method, stream_seed(*stream, "pgd"), model.device
        ),
        "noise": random_corner(inputs, method.size, generator(*stream, "noise")),
        "clip": clipped(inputs),
    }
    for kind, values in moved.items():
        metadata = {**examples.metadata, "attack": kind, "space": config["space"]}
        metadata |= {"size": config["size"]}
        made = replace(examples, values=back(values), metadata=metadata)
        path = folder / f"{kind}.parquet"
        write_examples(path, made)
        digests[path.name] = describe(path, made.content())
    return digests


if __name__ == "__main__":
    program = Program(__doc__).inputs("examples", "model", "weights").outputs("output", "digest")
    run(main, program.replicates().device(choose_device))
