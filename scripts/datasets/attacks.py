"""Attack the first examples of a set, in every size, and make the controls beside the attacks."""

from argparse import Namespace
from collections.abc import Iterator
from itertools import islice

from glassbox.datasets.attacks import Attack, attack_with_controls
from glassbox.devices import choose_device
from glassbox.models.model import answers
from glassbox.models.weights import read_model
from glassbox.tables import Examples, read_examples, write_set
from jobs.replicates import by_replicate
from study.command import Program, run


def main(arguments: Namespace) -> None:
    files = zip(arguments.examples, arguments.digests, strict=True)
    splits = len(arguments.examples) // len(arguments.replicates)
    for replicate, path in by_replicate(arguments, "of"):
        made = dict(attacked(arguments, replicate, read_examples(path)))
        for examples, digest in islice(files, splits):
            write_set(examples, digest, made[examples.stem])


def attacked(
    arguments: Namespace, replicate: int, examples: Examples
) -> Iterator[tuple[str, Examples]]:
    """Each split of the set of one replicate by its name."""
    config, shown = arguments.config, examples.first(arguments.config["images"])
    given = arguments.model, arguments.weights, replicate, arguments.checkpoint
    model = read_model(*given, arguments.device())
    own = answers(model, shown.values)
    for size in config["sizes"]:
        attack = Attack(size, config["steps"], config["step"], config["bounds"])
        stream = config["seed"], *config["stream"], f"{size:g}", replicate
        made = attack_with_controls(shown, model, own, config["space"], attack, stream)
        yield from ((f"{kind}-{size:g}", examples) for kind, examples in made)


if __name__ == "__main__":
    program = Program(__doc__).inputs(many=("of",)).weights(choose_device).replicates()
    run(main, program.outputs(many=("examples", "digests")))
