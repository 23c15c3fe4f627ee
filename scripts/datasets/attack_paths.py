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
from glassbox.tables import read_examples, write_set
from study.command import Program, progress, run

RANDOM = {"random-signs": random_signs, "random-direction": random_direction}


def main(arguments: Namespace) -> None:
    config, device = arguments.config, arguments.device()
    given = arguments.model, arguments.weights, config["replicate"], arguments.checkpoint
    model = read_model(*given, device)
    steps = Steps(config["steps"], config["step"], config["every"], config["bounds"])
    drawn = RANDOM.get(config["walk"])
    rng = generator(config["seed"], *config["stream"])

    def walk(start: torch.Tensor, targets: torch.Tensor) -> Iterator[torch.Tensor]:
        if drawn:
            return path(start, drawn(rng, start), steps)
        return targeted_path(model.outputs, start, targets, steps)

    examples = chosen(read_examples(arguments.of), config["images"], config["examples"])
    made = paths_to_all(examples, walk, steps, device, model.rows, progress)
    told = {"walk": config["walk"], "steps": steps.count, "step": steps.size}
    metadata = {**made.metadata, **told, "bounds": steps.bounds}
    write_set(arguments.output, arguments.digest, replace(made, metadata=metadata))


if __name__ == "__main__":
    program = Program(__doc__).inputs("of").weights(choose_device)
    run(main, program.outputs("output", "digest"))
