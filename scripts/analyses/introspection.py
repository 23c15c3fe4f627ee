"""Where a set lies on the plane of an introspection, and what is estimated there (pardo2019)."""

from argparse import Namespace
from collections.abc import Iterator

import numpy as np

from glassbox.analyses.introspection import Introspection, Known, error_plane, introspection
from glassbox.devices import choose_device
from glassbox.tables import write_table
from jobs.activations import activations_of
from jobs.introspections import introspected_of
from jobs.models import fitted_of
from jobs.replicates import stacked
from study.command import Program, run

AXES = ["z1", "z2"]
UNITS = {"estimate": "log10", "error": "log10", "density": "log"}


def main(arguments: Namespace) -> None:
    config = arguments.config
    tables, planes = [], []
    found = zip(
        map(Introspection, fitted_of(arguments)),
        activations_of(arguments, config["layers"]),
        known_of(arguments),
        strict=True,
    )
    for fitted, shown, known in found:
        settings = {key: config[key] for key in ("layers", "floor", "neighbours")}
        table = introspection(shown, fitted, known=known, **settings)
        tables.append(table)
        places = table[AXES].to_numpy()
        around = np.concatenate([places, known.places]) if known else places
        planes.append(error_plane(fitted, around, config["grid"]))
    write_table(arguments.table, stacked(arguments, tables), UNITS)
    write_table(arguments.plane, stacked(arguments, planes), {"estimate": "log10"})


def known_of(arguments: Namespace) -> Iterator[Known | None]:
    """The training examples of each replicate on the plane; None where the set is these."""
    for own in introspected_of(arguments, "known"):
        yield None if own is None else Known(own[AXES].to_numpy(), own["answer"].to_numpy())


if __name__ == "__main__":
    program = Program(__doc__).activations(choose_device)
    program.inputs("fitted_model", "fitted_weights", optional=("known",))
    run(main, program.outputs("table", "plane"))
