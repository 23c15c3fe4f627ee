"""Dump the activations of every layer of a block's replicates on one set of examples."""

from argparse import Namespace

from glassbox.activations import layer_activations, write_dump
from glassbox.devices import choose_device
from glassbox.digests import write_json
from glassbox.files import whole
from glassbox.models.weights import read_weights
from glassbox.replicates import by_replicate
from glassbox.tables import read_examples
from study.command import Program, run


def main(arguments: Namespace) -> None:
    digests = {}
    with whole(arguments.output) as dumps:
        for replicate, path in by_replicate(arguments):
            examples = read_examples(path)
            model = read_weights(arguments.weights, replicate)
            layers = layer_activations(model, examples.values, arguments.device)
            digests[str(replicate)] = write_dump(dumps / str(replicate), examples, layers)
    write_json(arguments.digest, digests)


if __name__ == "__main__":
    program = Program(__doc__).inputs("weights", many=("examples",)).outputs("output", "digest")
    run(main, program.replicates().device(choose_device).shared())
