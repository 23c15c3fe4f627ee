"""Move the patches of the images of one split of a set (lee2019 §4.1)."""

from argparse import Namespace

from glassbox.datasets.moved_patches import move_patches
from glassbox.seeds import generator
from glassbox.tables import read_examples, write_set
from study.command import Program, run


def main(arguments: Namespace) -> None:
    rng = generator(arguments.config["seed"], *arguments.config["stream"])
    moved = move_patches(rng, read_examples(arguments.of), arguments.config["patch"])
    write_set(arguments.output, arguments.digest, moved)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs("of").outputs("output", "digest"))
