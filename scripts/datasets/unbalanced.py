"""Leave a share of the training examples of each class; other splits stay (pardo2019 §3.2)."""

from argparse import Namespace

from glassbox.datasets.unbalanced import unbalance
from glassbox.seeds import generator
from glassbox.tables import read_examples, write_set
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config, examples = arguments.config, read_examples(arguments.of)
    if config["split"] == "train":
        rng = generator(config["seed"], *config["stream"])
        examples = unbalance(rng, examples, config["shares"])
    write_set(arguments.output, arguments.digest, examples)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs("of").outputs("output", "digest"))
