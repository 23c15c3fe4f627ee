"""The errors of a detector on many draws of a set (chen2017 §3.2.3, Table 3.1)."""

from argparse import Namespace
from collections.abc import Iterator
from functools import partial

from glassbox.analyses.detector_draws import errors_by_draw
from glassbox.analyses.detectors import located
from glassbox.datasets.jumps import jump_signals
from glassbox.seeds import generator
from glassbox.tables import Examples, write_table
from jobs.replicates import stacked
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    locate = partial(located, **config["detector"])
    frames = (errors_by_draw(draws(config, each), locate) for each in arguments.replicates)
    units = {"value": "samples; accuracy: share of examples"}
    write_table(arguments.table, stacked(arguments, frames), units)


def draws(config: dict, replicate: int) -> Iterator[Examples]:
    """The set drawn anew for one replicate; each draw has a stream of its own."""
    for draw in range(config["draws"]):
        rng = generator(config["seed"], *config["stream"], replicate, draw)
        yield jump_signals(rng, **config["signals"])


if __name__ == "__main__":
    run(main, Program(__doc__).outputs("table").identity())
