"""Dump the activations of every layer of a block's replicates on one set of examples."""

from argparse import Namespace

from glassbox.activations import write_dump
from glassbox.devices import choose_device
from glassbox.digests import write_json
from glassbox.files import whole
from glassbox.models.model import read_layers
from glassbox.models.weights import read_model
from glassbox.replicates import by_replicate
from glassbox.tables import read_examples
from study.command import Program, run


def main(arguments: Namespace) -> None:
    digests = {}
    with whole(arguments.output) as dumps:
        for replicate, path in by_replicate(arguments):
            examples = read_examples(path)
            model = read_model(
                arguments.model, arguments.weights, replicate, device=arguments.device
            )
            layers = read_layers(model, examples.values).values()
            digests[str(replicate)] = write_dump(dumps / str(replicate), examples, layers)
    write_json(arguments.digest, digests)


if __name__ == "__main__":
    program = Program(__doc__).inputs("model", "weights", many=("examples",))
    run(main, program.outputs("output", "digest").replicates().device(choose_device).shared())
