"""The study's tables, as the tests of claims see them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from glassbox.errors import GlassboxError


class Missing(Exception):
    """What the tables do not hold, in words."""


class Unanswerable(Missing):
    """What the tables do hold and leaves nothing to compare, in words."""


@dataclass(frozen=True)
class Evidence:
    """The study's tables by name, served as arrays with one row per replicate.

    tables: those that the work's claims.yaml lists; None for one that the study does not make.
    replicates: how many count; own: of which models another number does. per_class: the examples
    per class of each set that averages are taken on. read: the names of those that were asked for
    and are there, which are noted here.
    """

    replicates: int
    tables: Mapping[str, pd.DataFrame | None]
    own: Mapping[str, int] = field(default_factory=dict)
    per_class: Mapping[str, int] = field(default_factory=dict)
    read: set[str] = field(default_factory=set, compare=False)

    def count(self, *models: str) -> int:
        """How many replicates count, that all of some models have."""
        return min(
            (self.own.get(each, self.replicates) for each in models), default=self.replicates
        )

    def table(self, name: str) -> pd.DataFrame:
        """A whole table; an empty one if the study does not make it.

        Raises GlassboxError for one that claims.yaml does not list.
        """
        if name not in self.tables:
            listed = ", ".join(self.tables)
            raise GlassboxError(
                f"a test reads the table {name}, which claims.yaml does not list under `tables`: "
                f"add it there (it lists {listed})"
            )
        found = self.tables[name]
        if found is None:
            return pd.DataFrame()
        self.read.add(name)
        return found

    def rows(self, table: str, what: str, **wanted: str | float) -> pd.DataFrame:
        """The rows of a table with these values in these columns; Missing if there are none.

        what: what they are, in words, to which the model and the set are added.
        """
        found = where(self.table(table), **wanted)
        if found.empty:
            of = f" of {wanted['method']}" if "method" in wanted else ""
            shown = f" on {wanted['set']}" if "set" in wanted else ""
            raise Missing(f"{what}{of}{shown}")
        return found

    def per_replicate(self, values: pd.Series | pd.DataFrame, *models: str) -> np.ndarray:
        """Values by replicate as an array, with NaN for a replicate that they lack.

        models: whose values they are, which may have numbers of replicates of their own.
        """
        return values.reindex(range(self.count(*models))).to_numpy(np.float64)


def where(table: pd.DataFrame, **wanted: str | float) -> pd.DataFrame:
    """The rows of a table with these values in these columns."""
    for column, value in wanted.items():
        table = table[table[column] == value] if len(table) else table
    return table


def paired(*values: np.ndarray) -> list[np.ndarray]:
    """Arrays of one row per replicate, as far as all of them have the replicates."""
    count = min(map(len, values))
    return [each[:count] for each in values]
