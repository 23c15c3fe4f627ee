"""Blur every image of one split of a set, and take the edges (rauber2017, slide H4)."""

from argparse import Namespace

from glassbox.datasets.edges import edges
from glassbox.tables import read_examples, write_set
from study.command import Program, run


def main(arguments: Namespace) -> None:
    found = edges(read_examples(arguments.of), arguments.config["sigma"])
    write_set(arguments.output, arguments.digest, found)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs("of").outputs("output", "digest"))
