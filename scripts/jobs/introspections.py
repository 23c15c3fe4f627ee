"""What the introspection of each replicate tells of examples."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from glassbox.errors import GlassboxError
from glassbox.tables import read_table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


def introspected_of(
    arguments: Namespace, role: str = "introspection"
) -> Iterator[pd.DataFrame | None]:
    """What each replicate's introspection tells of examples; None where no table is given."""
    (table,) = map(read_table, getattr(arguments, role)) if getattr(arguments, role) else (None,)
    for replicate in arguments.replicates:
        yield None if table is None else table[table["replicate"] == replicate]


def refuse_others(introspected: pd.DataFrame, ids: np.ndarray) -> None:
    """Raise GlassboxError for a table that is not of the examples of these ids, in their order."""
    if introspected["example_id"].tolist() != ids.tolist():
        raise GlassboxError(
            f"the introspection is of {len(introspected)} examples that are not the {len(ids)} "
            f"shown ones, or in another order\n"
            f"  what to do: make it anew, of the same set"
        )
