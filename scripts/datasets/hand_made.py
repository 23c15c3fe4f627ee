"""Make the hand-made signals that share the principal subpattern of a jump (chen2017 §7.2)."""

from argparse import Namespace

from glassbox.datasets.shapes import Sweep, hand_made
from glassbox.tables import write_set
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    sweeps = {name: Sweep(**sweep) for name, sweep in config.pop("sweeps").items()}
    signals = hand_made(config.pop("shapes"), sweeps, **config)
    write_set(arguments.output, arguments.digest, signals)


if __name__ == "__main__":
    run(main, Program(__doc__).outputs("output", "digest"))
