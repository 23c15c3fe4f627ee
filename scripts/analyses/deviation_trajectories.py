"""Deviation measures of every layer at every checkpoint (chen2017 §7.3)."""

from argparse import Namespace

from glassbox.analyses.deviation_trajectories import trajectories
from glassbox.devices import choose_device
from glassbox.tables import read_examples, write_table
from jobs.activations import series_of
from jobs.replicates import by_replicate, stacked
from study.command import Program, run


def main(arguments: Namespace) -> None:
    frames = (
        trajectories(
            series_of(arguments, replicate, read_examples(path)),
            **arguments.config,
            device=arguments.device(),
        )
        for replicate, path in by_replicate(arguments)
    )
    write_table(arguments.table, stacked(arguments, frames))


if __name__ == "__main__":
    run(main, Program(__doc__).on_set(choose_device).outputs("table"))
