"""Invert a share of the images of one split of a set (after rauber2017, Fig. 6)."""

from argparse import Namespace

from glassbox.datasets.inverted import invert
from glassbox.seeds import generator
from glassbox.tables import read_examples, write_set
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    rng = generator(config["seed"], *config["stream"])
    inverted = invert(rng, read_examples(arguments.of), config["share"])
    write_set(arguments.output, arguments.digest, inverted)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs("of").outputs("output", "digest"))
