"""Dump the activations of every layer of a block's replicates on one set of examples."""

from argparse import Namespace

from glassbox.activations import layer_activations, write_dump
from glassbox.devices import choose_device
from glassbox.files import whole
from glassbox.models.weights import read_weights
from glassbox.tables import read_examples
from study.command import Program, by_replicate, run


def main(arguments: Namespace) -> None:
    device = choose_device(arguments.device, arguments.threads)
    with whole(arguments.output) as dumps:
        for replicate, path in by_replicate(arguments):
            examples = read_examples(path)
            model = read_weights(arguments.weights, replicate)
            layers = layer_activations(model, examples.values, device)
            write_dump(dumps / str(replicate), examples, layers)


if __name__ == "__main__":
    program = Program(__doc__).files("weights", "output", many=("examples",))
    run(main, program.replicates().device())
