"""What was made again against what lies in an archive: by bytes, by content, within a tolerance."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from safetensors.numpy import save_file

from glassbox.tables import METADATA
from study.archiving.compare import TOLERANCES, compare

RULES = (Path(__file__).parents[1] / "rules").glob("*.smk")
STAGES = {stage for path in RULES for stage in re.findall(r'"results/(\w+)/', path.read_text())}


def pair(tmp_path: Path, name: str) -> tuple[Path, Path]:
    for folder in ("archived", "again"):
        (tmp_path / folder).mkdir()
    return tmp_path / "archived" / name, tmp_path / "again" / name


def test_every_stage_has_a_tolerance() -> None:
    assert TOLERANCES.keys() == STAGES


@pytest.mark.parametrize(
    ("change", "same"),
    [(0, "content"), (1e-6, "within"), (0.1, "different"), (np.nan, "different")],
)
def test_tables_by_value(tmp_path: Path, change: float, same: str) -> None:
    one, two = pair(tmp_path, "t.parquet")
    table = pd.DataFrame({"name": ["a", "b", None], "value": [1.0, np.nan, 3.0], "n": [1, 2, 3]})
    table.to_parquet(one)
    table["value"] += [change, 0, 0]
    table.to_parquet(two, compression=None)
    outcome = compare("results/analyses/t.parquet", one, two)
    assert outcome.same == same
    assert ("value: " in outcome.detail) == (same != "content")


@pytest.mark.parametrize(
    "other",
    [
        pd.DataFrame({"name": ["a", "c"], "value": [1.0, 2.0]}),
        pd.DataFrame({"name": ["a", "b"], "values": [1.0, 2.0]}),
        pd.DataFrame({"name": ["a"], "value": [1.0]}),
        pd.DataFrame({"name": ["a", "b"], "value": [1, 2]}),
    ],
    ids=["text", "column", "rows", "type"],
)
def test_other_tables_are_different(tmp_path: Path, other: pd.DataFrame) -> None:
    one, two = pair(tmp_path, "t.parquet")
    pd.DataFrame({"name": ["a", "b"], "value": [1.0, 2.0]}).to_parquet(one)
    other.to_parquet(two)
    assert compare("results/analyses/t.parquet", one, two).same == "different"


def test_activations_and_weights_by_value(tmp_path: Path) -> None:
    one, two = pair(tmp_path, "x")
    rows = {"activations": [np.array([1.0, 2.0], np.float32), np.array([3.0, 4.0], np.float32)]}
    pd.DataFrame(rows).to_parquet(one.with_suffix(".parquet"))
    rows["activations"][1][1] += 1e-5
    pd.DataFrame(rows).to_parquet(two.with_suffix(".parquet"))
    files = one.with_suffix(".parquet"), two.with_suffix(".parquet")
    assert compare("results/activations/x.parquet", *files).same == "within"
    assert compare("results/datasets/x.parquet", *files).same == "different"
    for told in (b'{"attack": "pgd"}', b'{"walk": "fgsm"}'):
        for path in files:
            pq.write_table(pq.read_table(path).replace_schema_metadata({METADATA: told}), path)
        assert compare("results/datasets/x.parquet", *files).same == "within"
    save_file({"w": np.ones(3), "b": np.zeros(1)}, one)
    save_file({"w": np.ones(3) + 1e-4, "b": np.zeros(1)}, two)
    files = one.rename(one.with_suffix(".safetensors")), two.rename(two.with_suffix(".safetensors"))
    outcome = compare("results/models/x.safetensors", *files)
    assert (outcome.same, outcome.detail) == ("within", "w: at most 0.0001 apart")
    save_file({"w": np.ones(3)}, files[1])
    assert compare("results/models/x.safetensors", *files).detail == "only in one of both: b"


@pytest.mark.parametrize(
    ("again", "same"),
    [
        ("<svg><path d='M 1.0 2'/></svg>", "bytes"),
        ("<svg><path d='M 1.001 2'/></svg>", "within"),
        ("<svg><path d='M 7.0 2'/></svg>", "different"),
        ("<svg><line d='M 1.0 2'/></svg>", "different"),
        ("<svg><path d='M 1.0 2 3'/></svg>", "different"),
    ],
)
def test_drawings_by_their_numbers(tmp_path: Path, again: str, same: str) -> None:
    one, two = pair(tmp_path, "f.svg")
    one.write_text("<svg><path d='M 1.0 2'/></svg>")
    two.write_text(again)
    assert compare("results/figures/f.svg", one, two).same == same


def test_records_but_for_times_and_machines(tmp_path: Path) -> None:
    one, two = pair(tmp_path, "r.json")
    record = {"program": "models", "started": "1", "inputs": {"x": "a" * 64}, "seed": 1}
    one.write_text(json.dumps(record))
    two.write_text(json.dumps({**record, "started": "2", "inputs": {"x": "b" * 64}}))
    assert compare("results/records/r.json", one, two).same == "content"
    two.write_text(json.dumps({**record, "seed": 2}))
    assert compare("results/records/r.json", one, two).same == "different"


def test_what_was_not_made_or_can_not_be_read_is_different(tmp_path: Path) -> None:
    one, two = pair(tmp_path, "t.parquet")
    one.write_bytes(b"one")
    assert compare("results/analyses/t.parquet", one, two).detail == "was not made"
    two.write_bytes(b"two")
    assert "can't be read" in compare("results/analyses/t.parquet", one, two).detail
