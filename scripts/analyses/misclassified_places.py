"""With which class misclassified examples lie, in layers and in maps (Rauber et al. 2017)."""

from argparse import Namespace
from collections.abc import Iterator

import pandas as pd

from glassbox.activations import Activations
from glassbox.analyses.misclassified_places import misclassified_places
from glassbox.analyses.points import choose_points
from glassbox.devices import choose_device
from glassbox.seeds import generator
from glassbox.tables import read_table, write_table
from jobs.activations import activations_of
from jobs.replicates import stacked
from study.command import Program, run

TABLES = ("table", "nearby")


def main(arguments: Namespace) -> None:
    shown = activations_of(arguments, arguments.config["layers"])
    given = zip(arguments.replicates, shown, maps_of(arguments), strict=True)
    found = [measured(arguments, *each) for each in given]
    for place, name in enumerate(TABLES):
        frames = [tables[place] for tables in found]
        write_table(getattr(arguments, name), stacked(arguments, frames))


def measured(
    arguments: Namespace, replicate: int, activations: Activations, maps: pd.DataFrame | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables of one replicate."""
    config = arguments.config
    rng = generator(config["seed"], *config["stream"], replicate)
    rows = choose_points(rng, config["points"], {"label": activations.examples.labels}).rows
    settings = config["neighbours"], maps, config["layers"]
    return misclassified_places(activations, rows, *settings)


def maps_of(arguments: Namespace) -> Iterator[pd.DataFrame | None]:
    """The maps of each replicate's layers; None for one that has none."""
    tables = [read_table(path) for path in arguments.maps]
    own = {int(table["replicate"].iloc[0]): table for table in tables}
    return (own.get(replicate) for replicate in arguments.replicates)


if __name__ == "__main__":
    program = Program(__doc__).activations(choose_device).inputs(optional=("maps",))
    run(main, program.outputs(*TABLES))
