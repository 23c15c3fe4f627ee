"""How often the filter finds a jump, by its width and the noise (chen2017 §3.2.2, Fig. 3.5)."""

from argparse import Namespace

from glassbox.analyses.step_filters import detection_by_width
from glassbox.seeds import generator
from glassbox.tables import write_table
from jobs.replicates import numbered
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    seed, stream = config.pop("seed"), config.pop("stream")
    frames = (
        detection_by_width(generator(seed, *stream, replicate), **config)
        for replicate in arguments.replicates
    )
    write_table(arguments.table, numbered(arguments, frames), {"tau": "samples"})


if __name__ == "__main__":
    run(main, Program(__doc__).outputs("table").replicates())
