"""The study's tables, as the tests of claims see them."""

from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from glassbox.analyses.errors import AT_CHANCE


class Missing(Exception):
    """What the tables do not hold, in words."""


@dataclass(frozen=True)
class Layer:
    """Averaged activations of one layer (Eq. 3.6).

    means, variances: (replicates, labels, units); count: examples per label.
    """

    means: np.ndarray
    variances: np.ndarray
    count: int


@dataclass(frozen=True)
class Evidence:
    """The study's tables, served as arrays with one row per replicate.

    per_class: the examples per class of each set that averages are taken on. A replicate that a
    table lacks has NaN; a method or set that it lacks raises Missing.
    """

    replicates: int
    per_class: dict[str, int] = field(default_factory=dict)
    errors: pd.DataFrame | None = None
    deviations: pd.DataFrame | None = None
    averages: pd.DataFrame | None = None
    histories: pd.DataFrame | None = None
    filters: pd.DataFrame | None = None
    units: pd.DataFrame | None = None
    ascents: pd.DataFrame | None = None
    signals: pd.DataFrame | None = None
    further: Mapping[str, pd.DataFrame | None] = field(default_factory=dict)

    def rows(self, table: str, what: str, **wanted: str | float) -> pd.DataFrame:
        """The rows of another table, or of the histories, with these values in these columns."""
        found = self.histories if table == "histories" else self.further.get(table)
        return rows_of(found, what, **wanted)

    def error(self, method: str, wanted: str, measure: str) -> np.ndarray:
        """An error measure on a set, (replicates,)."""
        rows = rows_of(self.errors, "error measures", method=method, set=wanted, measure=measure)
        return self._per_replicate(rows.set_index("replicate")["value"])

    def errors_of(self, methods: Sequence[str], wanted: str, measure: str) -> np.ndarray:
        """An error measure of several methods on a set, (replicates, methods), paired.

        All replicates that every one of the methods has count, also beyond those of the study, but
        for those in which one of them stayed at chance: see `AT_CHANCE`.
        """
        tables = [
            rows_of(self.errors, "error measures", method=method, set=wanted).pivot(
                index="replicate", columns="measure", values="value"
            )
            for method in methods
        ]
        count = max(self.replicates, min(1 + table.index.max() for table in tables))
        tables = [table.reindex(range(count)) for table in tables]
        at_chance = np.zeros(count, dtype=bool)
        for table in tables:
            at_chance |= (table.get("accuracy", table[measure] * np.nan) < AT_CHANCE).to_numpy()
        if at_chance.all():
            raise Missing(f"replicate of {', '.join(methods)} that learned")
        return np.stack([table[measure].to_numpy() for table in tables], axis=1)[~at_chance]

    def learned(self, method: str, wanted: str) -> np.ndarray:
        """The replicates of a method, all that there are, that did not stay at chance."""
        rows = rows_of(self.errors, "error measures", method=method, set=wanted, measure="accuracy")
        return rows.loc[rows["value"] >= AT_CHANCE, "replicate"].to_numpy()

    def deviation(self, method: str, wanted: str, scope: str, measure: str) -> np.ndarray:
        """A deviation measure of the input and the hidden layers, (replicates, layers)."""
        rows = rows_of(
            self.deviations, "deviations", method=method, set=wanted, scope=scope, measure=measure
        )
        values = rows.pivot(index="replicate", columns="layer", values="value")
        return self._per_replicate(values)[:, : 1 + hidden_of(values.columns, method)]

    def hidden_layers(self, method: str, wanted: str) -> list[Layer]:
        """The averaged activations of each hidden layer."""
        rows = rows_of(self.averages, "averaged activations", method=method, set=wanted)
        if wanted not in self.per_class:
            raise Missing(f"number of examples per class of {wanted}")
        count = self.per_class[wanted]
        by_layer = [layer for _, layer in rows.groupby("layer")]
        return [
            Layer(self._grid(layer, "mean"), self._grid(layer, "variance"), count)
            for layer in by_layer[1 : 1 + hidden_of(by_layer, method)]
        ]

    def epochs_to(self, network: str, accuracy: float) -> tuple[np.ndarray, np.ndarray]:
        """The first epoch of at least this training accuracy, and whether there was one.

        Where there was none it is the last epoch trained. Two arrays (replicates,).
        """
        rows = rows_of(self.histories, "history", network=network)
        there = rows[rows["train_accuracy"] >= accuracy].groupby("replicate")["epoch"].min()
        last = rows.groupby("replicate")["epoch"].max()
        reached = self._per_replicate(there)
        return np.fmin(reached, self._per_replicate(last)), np.isfinite(reached)

    def kept(self, network: str, column: str) -> np.ndarray:
        """What a network's history says of the epoch that is kept, (replicates,)."""
        rows = rows_of(self.histories, "history", network=network)
        return self._per_replicate(rows[rows["kept"]].set_index("replicate")[column])

    def _per_replicate(self, values: pd.Series | pd.DataFrame) -> np.ndarray:
        return values.reindex(range(self.replicates)).to_numpy(np.float64)

    def _grid(self, rows: pd.DataFrame, column: str) -> np.ndarray:
        """A column as (replicates, labels, units)."""
        labels, units = (np.unique(rows[axis]) for axis in ("label", "unit"))
        index = pd.MultiIndex.from_product([range(self.replicates), labels, units])
        values = rows.set_index(["replicate", "label", "unit"])[column].reindex(index)
        return values.to_numpy(np.float64).reshape(self.replicates, len(labels), len(units))


def rows_of(table: pd.DataFrame | None, what: str, **wanted: str | float) -> pd.DataFrame:
    """The rows of a table with these values in these columns; Missing if there are none."""
    found = pd.DataFrame() if table is None else table
    for column, value in wanted.items():
        found = found[found[column] == value] if len(found) else found
    if found.empty:
        subject = wanted.get("method") or wanted.get("network")
        of = f" of {subject}" if subject else ""
        shown = f" on {wanted['set']}" if "set" in wanted else ""
        raise Missing(f"{what}{of}{shown}")
    return found


def hidden_of(layers: Sized, method: str) -> int:
    """How many of these layers, the input and the output among them, are hidden."""
    if len(layers) < 3:
        raise Missing(f"hidden layers of {method}")
    return len(layers) - 2
