"""Permute the labels of one split of a set (chen2017 §6.2.1)."""

from argparse import Namespace

from glassbox.datasets.shuffled_labels import shuffle_labels
from glassbox.seeds import generator
from glassbox.tables import read_examples, write_set
from study.command import Program, run


def main(arguments: Namespace) -> None:
    rng = generator(arguments.config["seed"], *arguments.config["stream"])
    shuffled = shuffle_labels(rng, read_examples(arguments.of))
    write_set(arguments.output, arguments.digest, shuffled)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs("of").outputs("output", "digest"))
