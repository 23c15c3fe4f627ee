"""Dump what the layers of a block's replicates make of one set of examples."""

from argparse import Namespace

from glassbox.activations import Activations, write_dump
from glassbox.devices import choose_device
from glassbox.digests import write_json
from glassbox.files import whole
from jobs.models import shown_of
from study.command import Program, run


def main(arguments: Namespace) -> None:
    digests = {}
    with whole(arguments.output) as dumps:
        shown = zip(arguments.replicates, shown_of(arguments), strict=True)
        for replicate, (model, examples) in shown:
            activations = Activations(lambda model=model: model, examples)
            dump = dumps / str(replicate)
            digests[str(replicate)] = write_dump(dump, activations, **arguments.config)
    write_json(arguments.digest, digests)


if __name__ == "__main__":
    run(main, Program(__doc__).on_set(choose_device).outputs("output", "digest").shared())
