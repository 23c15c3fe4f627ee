"""Attack the first examples of a set, in every size, and make the controls beside the attacks."""

from argparse import Namespace
from collections.abc import Iterator

from glassbox.datasets.attacks import Attack, attack_with_controls
from glassbox.devices import choose_device
from glassbox.models.model import answers
from glassbox.models.weights import read_model
from glassbox.tables import Examples, read_examples, write_set
from study.command import Program, run


def main(arguments: Namespace) -> None:
    made = dict(attacked(arguments))
    for path, digest in zip(arguments.examples, arguments.digests, strict=True):
        write_set(path, digest, made[path.stem])


def attacked(arguments: Namespace) -> Iterator[tuple[str, Examples]]:
    """Each split of the set by its name."""
    config, device = arguments.config, arguments.device()
    shown = read_examples(arguments.of).first(config["images"])
    given = arguments.model, arguments.weights, config["replicate"], arguments.checkpoint
    model = read_model(*given, device)
    own = answers(model, shown.values)
    for size in config["sizes"]:
        attack = Attack(size, config["steps"], config["step"], config["bounds"])
        stream = config["seed"], *config["stream"], f"{size:g}", config["replicate"]
        made = attack_with_controls(shown, model, own, config["space"], attack, stream)
        yield from ((f"{kind}-{size:g}", examples) for kind, examples in made)


if __name__ == "__main__":
    program = Program(__doc__).inputs("of").weights(choose_device)
    run(main, program.outputs(many=("examples", "digests")))
