"""Add white Gaussian noise to copies of examples of another set (pardo2019 §3.4)."""

from argparse import Namespace

from glassbox.datasets.chosen import chosen
from glassbox.datasets.noise import add_noise
from glassbox.seeds import generator
from glassbox.tables import read_examples, write_set
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    rng = generator(config["seed"], *config["stream"])
    clean = chosen(read_examples(arguments.of), config["images"], config["examples"])
    noisy = add_noise(rng, clean, config["sigma"], config["copies"])
    write_set(arguments.output, arguments.digest, noisy)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs("of").outputs("output", "digest"))
