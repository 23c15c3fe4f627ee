"""Parquet in one layout for every stage: examples with a vector each, and tidy tables.

A set of examples has the columns `example_id`, `label` and one fixed-size list of non-null float32,
so that pandas, polars and DuckDB read it and numpy gets it without a copy per value. Where
several rows come of one example of another set, columns of whole numbers in between say of which.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from glassbox.digests import write_digest
from glassbox.errors import GlassboxError
from glassbox.files import whole

if TYPE_CHECKING:
    import pandas as pd

ROW_GROUP = 8192
METADATA = b"glassbox"


@dataclass(frozen=True)
class Examples:
    """A set of inputs or activations.

    ids: (n,) int64. labels: (n,) int64, 0-based classes. values: (n, d) float32.
    metadata: what the values are, their shape and unit, and the classes. origin: columns (n,) int64
    by name that say what each came of, such as `origin_id`, the id in the set that was changed.
    """

    ids: np.ndarray
    labels: np.ndarray
    values: np.ndarray
    metadata: dict
    origin: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def classes(self) -> int:
        """How many classes the labels are drawn from, whether or not each one occurs."""
        return self.metadata["classes"]

    def first(self, count: int) -> Examples:
        """The first ones."""
        return self.at(slice(count))

    def at(self, rows: slice | np.ndarray) -> Examples:
        """Those in some rows, in that order."""
        ids, labels, values = (each[rows] for each in (self.ids, self.labels, self.values))
        origin = {name: column[rows] for name, column in self.origin.items()}
        return replace(self, ids=ids, labels=labels, values=values, origin=origin)

    def with_ids(self, ids: Sequence[int]) -> Examples:
        """Those with some ids, in that order. Raises GlassboxError for ids that there are not."""
        rows = {each: row for row, each in enumerate(self.ids.tolist())}
        if absent := [each for each in ids if each not in rows]:
            least, most = min(rows, default=None), max(rows, default=None)
            raise GlassboxError(
                f"no examples {absent}: there are {len(rows)}, with ids from {least} to {most}"
            )
        return self.at(np.array([rows[each] for each in ids], np.int64))

    def told(self) -> dict[str, np.ndarray]:
        """The columns of whole numbers (n,) by name, which are all but the values."""
        return {"example_id": self.ids, "label": self.labels, **self.origin}

    def content(self) -> Iterator[tuple[str, np.ndarray]]:
        """The columns by name, as digests are taken of them."""
        yield from self.told().items()
        yield "values", self.values


def write_examples(path: Path, examples: Examples) -> None:
    """Write examples as Parquet, uncompressed and in row groups of 8,192 rows.

    Raises GlassboxError when lengths differ, or values are not float32 or not finite.
    """
    count, width = examples.values.shape
    told = examples.told()
    if any(len(column) != count for column in told.values()):
        raise GlassboxError(f"{path}: {', '.join(told)} and values have different lengths")
    if examples.values.dtype != np.float32:
        raise GlassboxError(f"{path}: values are {examples.values.dtype}, not float32")
    if not np.isfinite(examples.values).all():
        raise GlassboxError(f"{path}: {examples.metadata.get('values')} hold NaN or infinity")
    item = pa.field("item", pa.float32(), nullable=False)
    schema = pa.schema(
        [
            *(pa.field(name, pa.int64(), nullable=False) for name in told),
            pa.field("values", pa.list_(item, width), nullable=False),
        ],
        metadata={METADATA: json.dumps(examples.metadata, sort_keys=True).encode()},
    )
    flat = _column(examples.values, pa.float32())
    values = pa.FixedSizeListArray.from_arrays(flat, type=schema.field("values").type)
    table = pa.Table.from_arrays(
        [*(_column(column.astype(np.int64), pa.int64()) for column in told.values()), values],
        schema=schema,
    )
    with whole(path) as part:
        pq.write_table(
            table,
            part,
            compression="none",
            use_dictionary=False,
            write_statistics=list(told),
            row_group_size=ROW_GROUP,
        )


def _column(values: np.ndarray, kind: pa.DataType) -> pa.Array:
    """The values in their order, not copied; pyarrow.array would import pandas to look at them."""
    buffer = pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(kind, values.size, [None, buffer], null_count=0)


def write_set(path: Path, digest: Path, examples: Examples) -> None:
    """Write a data set's examples, and the digest of the file."""
    write_examples(path, examples)
    write_digest(digest, path, examples.content())


def read_examples(path: Path) -> Examples:
    """Read what `write_examples` wrote; the values are one (n, d) array."""
    # Not pyarrow's read_table and to_numpy, which import pandas.
    with pq.ParquetFile(path, memory_map=True) as file:
        table = file.read()
    width = table.schema.field("values").type.list_size
    values = np.empty((len(table), width), np.float32)
    start = 0
    for chunk in table["values"].chunks:
        values[start : start + len(chunk)] = np.from_dlpack(chunk.flatten()).reshape(-1, width)
        start += len(chunk)
    columns = {
        name: np.concatenate([np.empty(0, np.int64), *map(np.from_dlpack, table[name].chunks)])
        for name in table.column_names
        if name != "values"
    }
    ids, labels = columns.pop("example_id"), columns.pop("label")
    return Examples(ids, labels, values, read_metadata(path), columns)


def read_metadata(path: Path) -> dict:
    """The metadata of a set of examples, without reading the examples."""
    return json.loads(pq.read_schema(path).metadata[METADATA])


def write_table(path: Path, frame: pd.DataFrame, units: dict[str, str] | None = None) -> None:
    """Write a tidy table; `units` maps columns to their units, kept in the schema's metadata."""
    _write_told(path, frame, {"units": units or {}})


def _write_told(path: Path, frame: pd.DataFrame, told: dict) -> None:
    """Write a tidy table; told: what its schema's metadata says."""
    metadata = {METADATA: json.dumps(told, sort_keys=True).encode()}
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(metadata)
    with whole(path) as part:
        pq.write_table(table, part, compression="zstd")


@dataclass(frozen=True)
class Column:
    """A column of a table: its type in pandas, what it holds, and its unit where it has one."""

    type: Any
    meaning: str
    unit: str = ""


def write_described(path: Path, frame: pd.DataFrame, columns: Mapping[str, Column]) -> None:
    """Write a tidy table; its schema's metadata says what each column holds, and in which unit."""
    meanings = {name: column.meaning for name, column in columns.items()}
    units = {name: column.unit for name, column in columns.items() if column.unit}
    _write_told(path, frame, {"columns": meanings, "units": units})


def read_table(path: Path) -> pd.DataFrame:
    """Read a tidy table."""
    return pq.read_table(path).to_pandas()
