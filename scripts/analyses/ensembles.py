"""How often ensembles of a model's replicates are right, by how their members weigh."""

from argparse import Namespace
from collections.abc import Iterable

import numpy as np
import pandas as pd

from glassbox.activations import Activations
from glassbox.analyses.ensembles import ensembles
from glassbox.devices import choose_device
from glassbox.errors import GlassboxError
from glassbox.tables import write_table
from jobs.activations import activations_of
from jobs.introspections import introspected_of, refuse_others
from study.command import Program, run


def main(arguments: Namespace) -> None:
    given = zip(arguments.replicates, activations_of(arguments, []), strict=True)
    members = dict(given)
    outputs = {replicate: each.probabilities for replicate, each in members.items()}
    table = ensembles(
        outputs,
        labels_of_all(members.values()),
        arguments.config["sizes"],
        estimates_of(arguments, members),
    )
    table.insert(0, "method", arguments.method)
    table.insert(2, "set", arguments.set)
    write_table(arguments.table, table)


def labels_of_all(members: Iterable[Activations]) -> np.ndarray:
    """The labels (n,) of the examples, which have to be the same for all members."""
    first, *others = (each.examples for each in members)
    for other in others:
        if not (
            np.array_equal(first.ids, other.ids) and np.array_equal(first.labels, other.labels)
        ):
            raise GlassboxError("an ensemble's members are shown examples that are not the same")
    return first.labels


def estimates_of(
    arguments: Namespace, members: dict[int, Activations]
) -> dict[int, np.ndarray] | None:
    """The estimated log10 of the error of each replicate; None where no introspection is given."""
    tables: dict[int, pd.DataFrame] = {}
    for replicate, table in zip(arguments.replicates, introspected_of(arguments), strict=True):
        if table is None:
            return None
        refuse_others(table, members[replicate].examples.ids)
        tables[replicate] = table
    return {replicate: table["estimate"].to_numpy() for replicate, table in tables.items()}


if __name__ == "__main__":
    program = Program(__doc__).activations(choose_device).inputs(optional=("introspection",))
    run(main, program.outputs("table"))
