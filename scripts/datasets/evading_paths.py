"""Attack some examples towards every class by one who knows the introspection (pardo2019 §4)."""

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import torch

from glassbox.analyses.evasion import evasion, signs_of
from glassbox.datasets.attack_paths import Steps, paths_to_all, targeted_path
from glassbox.datasets.chosen import chosen
from glassbox.devices import choose_device
from glassbox.models.model import Model
from glassbox.models.weights import read_model
from glassbox.tables import Examples, read_examples, read_table, write_set
from jobs.models import fitted_of
from jobs.replicates import by_replicate
from study.command import Program, progress, run


def main(arguments: Namespace) -> None:
    shown = zip(by_replicate(arguments, "of"), fitted_of(arguments), strict=True)
    files = zip(arguments.examples, arguments.digests, strict=True)
    for ((replicate, file), parts), (examples, digest) in zip(shown, files, strict=True):
        write_set(examples, digest, paths(arguments, replicate, parts, read_examples(file)))


def paths(
    arguments: Namespace, replicate: int, parts: Mapping[str, Model], shown: Examples
) -> Examples:
    """The paths from examples by one replicate's model, past the parts of its introspection."""
    config, device = arguments.config, arguments.device()
    model = read_model(arguments.model, arguments.weights, replicate, arguments.checkpoint, device)
    steps = Steps(config["steps"], config["step"], config["every"], config["bounds"])
    noticed = noticed_of(arguments, model, replicate, parts)

    def walk(start: torch.Tensor, targets: torch.Tensor) -> Iterator[torch.Tensor]:
        return targeted_path(model.outputs, start, targets, steps, extra=noticed)

    examples = chosen(shown, config["images"], config["examples"])
    made = paths_to_all(examples, walk, steps, device, model.rows, progress)
    told = {"steps": steps.count, "step": steps.size, "bounds": steps.bounds}
    told |= {"walk": "fgsm", "evades": config["evades"]}
    return replace(made, metadata={**made.metadata, **told})


def noticed_of(
    arguments: Namespace, model: Model, replicate: int, parts: Mapping[str, Model]
) -> Callable[[torch.Tensor], torch.Tensor]:
    """What the attack evades: the signs of the model's introspection, above what is usual."""
    config = arguments.config
    (table,) = map(read_table, arguments.known)
    own = table[table["replicate"] == replicate]
    signs = signs_of(model, parts, config["layers"], own[["z1", "z2"]].to_numpy())
    usual = {name: own[name].to_numpy(float) for name in config["evades"]}
    if "density" in usual:
        usual["density"] = -usual["density"]
    return evasion(signs, usual, config["evades"])


if __name__ == "__main__":
    program = Program(__doc__).inputs("fitted_model", "fitted_weights", many=("of", "known"))
    program.weights(choose_device).replicates()
    run(main, program.outputs(many=("examples", "digests")))
