"""Parquet files that any reader understands, always with the same bytes."""

import json
import shutil
from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from glassbox.digests import content_sha256, file_sha256
from glassbox.errors import GlassboxError
from glassbox.tables import (
    Examples,
    read_examples,
    read_metadata,
    read_table,
    write_examples,
    write_set,
    write_table,
)

METADATA = {"values": "signal", "shape": [5], "classes": 7, "unit": "volts"}


def some_examples(count=20_000, width=5):
    rng = np.random.default_rng(1)
    values = rng.standard_normal((count, width), np.float32)
    return Examples(np.arange(count) + 2**40, rng.integers(7, size=count), values, METADATA)


def small(ids=2, labels=2, values=((0.0, 1.0), (2.0, 3.0))):
    return Examples(np.arange(ids), np.zeros(labels, np.int64), np.float32(values), METADATA)


@pytest.fixture(scope="module")
def examples():
    return some_examples()


@pytest.fixture(scope="module")
def path(examples, tmp_path_factory):
    path = tmp_path_factory.mktemp("tables") / "examples.parquet"
    write_examples(path, examples)
    return path


def assert_same(found, wanted):
    assert found.metadata == wanted.metadata
    for (name, one), (_, two) in zip(found.content(), wanted.content(), strict=True):
        assert (name, one.dtype, one.shape) == (name, two.dtype, two.shape)
        assert one.tobytes() == two.tobytes(), name


def test_examples_are_read_as_they_were_written(path, examples):
    assert_same(read_examples(path), examples)
    assert read_metadata(path) == METADATA
    assert read_examples(path).classes == 7


@settings(deadline=None, max_examples=40)
@given(
    hnp.arrays(
        np.float32,
        hnp.array_shapes(min_dims=2, max_dims=2, max_side=9),
        elements=st.floats(width=32, allow_nan=False, allow_infinity=False),
    )
)
def test_any_finite_values_survive_to_the_bit(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("any") / "examples.parquet"
    written = Examples(np.arange(len(values)), np.arange(len(values))[::-1], values, METADATA)
    write_examples(path, written)
    assert content_sha256(read_examples(path).content()) == content_sha256(written.content())
    shutil.rmtree(path.parent)


def test_an_array_that_is_not_contiguous_is_written_by_its_rows(tmp_path):
    values = np.asfortranarray(some_examples(10).values)
    write_examples(tmp_path / "a", Examples(np.arange(10), np.arange(10), values, METADATA))
    np.testing.assert_array_equal(read_examples(tmp_path / "a").values, values)


def test_pandas_reads_the_values(path, examples):
    frame = pd.read_parquet(path)
    assert list(frame) == ["example_id", "label", "values"]
    np.testing.assert_array_equal(frame["label"], examples.labels)
    np.testing.assert_array_equal(np.stack(frame["values"]), examples.values)


def test_polars_reads_the_values_as_an_array(path, examples):
    frame = pl.read_parquet(path)
    assert frame.schema["values"] == pl.Array(pl.Float32, 5)
    np.testing.assert_array_equal(frame["example_id"].to_numpy(), examples.ids)
    np.testing.assert_array_equal(frame["values"].to_numpy(), examples.values)


def test_duckdb_reads_the_values(path, examples):
    query = f'select label, "values"[2] as second from "{path}" order by example_id'
    columns = duckdb.sql(query).fetchnumpy()
    np.testing.assert_array_equal(columns["label"], examples.labels)
    np.testing.assert_array_equal(columns["second"], examples.values[:, 1])


def test_the_layout_is_a_fixed_size_list_of_floats_without_nulls(path):
    floats = pa.list_(pa.field("item", pa.float32(), nullable=False), 5)
    columns = [("example_id", pa.int64()), ("label", pa.int64()), ("values", floats)]
    wanted = pa.schema([pa.field(name, kind, nullable=False) for name, kind in columns])
    assert pq.read_schema(path).equals(wanted, check_metadata=False)


def test_the_file_is_plain_and_in_row_groups_of_8192(path):
    file = pq.ParquetFile(path).metadata
    groups = [file.row_group(group) for group in range(file.num_row_groups)]
    assert [group.num_rows for group in groups] == [8192, 8192, 3616]
    for column in (group.column(i) for group in groups for i in range(3)):
        assert column.compression == "UNCOMPRESSED"
        assert not any("DICTIONARY" in encoding for encoding in column.encodings)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_are_refused(tmp_path, value):
    with pytest.raises(GlassboxError, match=r"a\.parquet: signal hold NaN or infinity"):
        write_examples(tmp_path / "a.parquet", small(values=((0.0, 1.0), (value, 3.0))))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("counts", [{"ids": 3}, {"labels": 1}])
def test_columns_of_different_lengths_are_refused(tmp_path, counts):
    with pytest.raises(GlassboxError, match="different lengths"):
        write_examples(tmp_path / "a.parquet", small(**counts))
    assert not list(tmp_path.iterdir())


def test_the_same_content_gives_the_same_bytes_wherever_and_whenever_it_is_written(tmp_path):
    written = some_examples(9000)
    backwards = dict(reversed(METADATA.items()))
    again = Examples(written.ids, written.labels, written.values.copy(), backwards)
    places = [tmp_path / "one/set.parquet", tmp_path / "one/two/set.parquet"]
    for place, content in zip(places, (written, again), strict=True):
        write_set(place, place.with_suffix(".json"), content)
    for suffix in (".parquet", ".json"):
        one, two = (place.with_suffix(suffix).read_bytes() for place in places)
        assert one == two


def test_the_digest_of_a_set_is_that_of_its_file_and_of_what_is_read_from_it(tmp_path):
    path = tmp_path / "set.parquet"
    write_set(path, tmp_path / "set.json", small())
    assert json.loads((tmp_path / "set.json").read_text()) == {
        "set.parquet": {
            "bytes": path.stat().st_size,
            "sha256": file_sha256(path),
            "content_sha256": content_sha256(read_examples(path).content()),
        }
    }


FRAME = pd.DataFrame(
    {"method": ["a", "b"], "epoch": [1, 2], "loss": [0.1, np.nan], "kept": [True, False]}
)


def test_a_tidy_table_is_read_as_it_was_written(tmp_path):
    write_table(tmp_path / "a", FRAME, {"loss": "nats"})
    pd.testing.assert_frame_equal(read_table(tmp_path / "a"), FRAME)
    assert read_metadata(tmp_path / "a") == {"units": {"loss": "nats"}}
    assert pl.read_parquet(tmp_path / "a")["epoch"].to_list() == [1, 2]


def test_a_tidy_table_has_the_same_bytes_whatever_its_index(tmp_path):
    write_table(tmp_path / "a", FRAME)
    write_table(tmp_path / "b" / "c", FRAME.set_index(pd.Index([7, 9])))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b" / "c").read_bytes()


def of_others(count=20):
    origin = {"origin_id": np.arange(count) // 4 + 2**40, "copy": np.arange(count) % 4}
    return replace(some_examples(count), origin=origin)


def test_what_rows_came_of_is_read_as_it_was_written_and_by_others_too(tmp_path):
    written = of_others()
    path = tmp_path / "set.parquet"
    write_set(path, tmp_path / "set.json", written)
    found = read_examples(path)
    assert_same(found, written)
    assert list(pd.read_parquet(path)) == ["example_id", "label", "origin_id", "copy", "values"]
    digest = json.loads((tmp_path / "set.json").read_text())["set.parquet"]["content_sha256"]
    assert digest == content_sha256(found.content()) != content_sha256(some_examples(20).content())


def test_rows_are_taken_with_what_they_came_of():
    written = of_others()
    for found, rows in (
        (written.first(3), [0, 1, 2]),
        (written.at(np.array([9, 4])), [9, 4]),
        (written.with_ids([2**40 + 9, 2**40 + 4]), [9, 4]),
    ):
        for (name, one), (_, two) in zip(found.content(), written.content(), strict=True):
            np.testing.assert_array_equal(one, two[rows], name)
        assert found.metadata == METADATA


def test_origins_of_another_length_are_refused(tmp_path):
    origin = {"origin_id": np.arange(3)}
    with pytest.raises(GlassboxError, match="label, origin_id and values have different lengths"):
        write_examples(tmp_path / "a.parquet", replace(small(), origin=origin))
    assert not list(tmp_path.iterdir())
