"""Set a square of every image of one split of a set to one value (pardo2019 §2.3)."""

from argparse import Namespace

from glassbox.datasets.occluded import occlude
from glassbox.seeds import generator
from glassbox.tables import read_examples, write_set
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    rng = generator(config["seed"], *config["stream"])
    occluded = occlude(rng, read_examples(arguments.of), config["patch"], config["value"])
    write_set(arguments.output, arguments.digest, occluded)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs("of").outputs("output", "digest"))
