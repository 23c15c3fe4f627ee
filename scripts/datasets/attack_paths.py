"""Attack some examples towards every class, or let them walk at random (pardo2019 §3.5)."""

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace

import torch

from glassbox.datasets.attack_paths import (
    Steps,
    path,
    paths_to_all,
    random_direction,
    random_signs,
    targeted_path,
)
from glassbox.datasets.chosen import chosen
from glassbox.devices import choose_device
from glassbox.models.weights import read_model
from glassbox.seeds import generator
from glassbox.tables import Examples, read_examples, write_set
from jobs.replicates import by_replicate
from study.command import Program, progress, run

RANDOM = {"random-signs": random_signs, "random-direction": random_direction}


def main(arguments: Namespace) -> None:
    made = zip(by_replicate(arguments, "of"), arguments.examples, arguments.digests, strict=True)
    for (replicate, file), examples, digest in made:
        write_set(examples, digest, paths(arguments, replicate, read_examples(file)))


def paths(arguments: Namespace, replicate: int, shown: Examples) -> Examples:
    """The paths from examples by one replicate's model."""
    config, device = arguments.config, arguments.device()
    given = arguments.model, arguments.weights, replicate, arguments.checkpoint
    model = read_model(*given, device)
    steps = Steps(config["steps"], config["step"], config["every"], config["bounds"])
    drawn = RANDOM.get(config["walk"])
    rng = generator(config["seed"], *config["stream"], replicate, config["walk"])

    def walk(start: torch.Tensor, targets: torch.Tensor) -> Iterator[torch.Tensor]:
        if drawn:
            return path(start, drawn(rng, start), steps)
        return targeted_path(model.outputs, start, targets, steps)

    examples = chosen(shown, config["images"], config["examples"])
    made = paths_to_all(examples, walk, steps, device, model.rows, progress)
    told = {"walk": config["walk"], "steps": steps.count, "step": steps.size}
    metadata = {**made.metadata, **told, "bounds": steps.bounds}
    return replace(made, metadata=metadata)


if __name__ == "__main__":
    program = Program(__doc__).inputs(many=("of",)).weights(choose_device).replicates()
    run(main, program.outputs(many=("examples", "digests")))
