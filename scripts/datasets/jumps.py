"""Draw one split of a set of jump signals (chen2017 §3.1)."""

from argparse import Namespace

from glassbox.datasets.jumps import jump_signals
from glassbox.seeds import generator
from glassbox.tables import write_set
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    rng = generator(config.pop("seed"), *config.pop("stream"))
    signals = jump_signals(rng, **config)
    write_set(arguments.output, arguments.digest, signals)


if __name__ == "__main__":
    run(main, Program(__doc__).outputs("output", "digest"))
