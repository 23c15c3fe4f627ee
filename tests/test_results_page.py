"""docs/results.md says which tables there are, where, and with which columns, as it is."""

import json
import os
import re
import shlex
import subprocess
import sys

import pandas as pd
import pyarrow.parquet as pq
import pytest
import workflow
import yaml

from glassbox.claims.table import framed
from glassbox.tables import write_described
from study import reader
from study.writing.results_page import (
    COLUMNS,
    DECLARED,
    PAGE,
    TABLES,
    declared,
    described,
    meanings,
    section,
    sections,
)

TEXT = PAGE.read_text(encoding="utf-8")
PATHS = reader.paths()


def test_every_table_that_the_study_can_make_is_listed_with_its_path():
    listed = sections(TEXT)
    assert list(listed) == [*DECLARED, *(name for name in PATHS if name not in DECLARED)]
    for name, text in listed.items():
        assert f"`{PATHS[name]}`" in text, name


def rows(text):
    """Column, meaning and unit of each row of a section's table."""
    return re.findall(r"^\| `([^`]+)` \| (.*) \| (.*) \|$", text, re.MULTILINE)


@pytest.mark.parametrize("name", DECLARED)
def test_the_ledgers_columns_are_those_of_the_files_schema(name, tmp_path):
    what, columns = DECLARED[name]
    write_described(tmp_path / name, framed([], columns), columns)
    schema = pq.read_schema(tmp_path / name)
    said = json.loads(schema.metadata[b"glassbox"])
    rows = [
        f"| `{column}` | {said['columns'][column]} | {said['units'].get(column, '')} |"
        for column in schema.names
    ]
    listed = sections(TEXT)[name]
    assert [line for line in listed.splitlines() if line.startswith("| `")] == rows
    assert listed.strip() == declared(name, PATHS[name], what, columns).strip()


def test_columns_units_and_words_of_a_made_up_study(tmp_path):
    from glassbox.tables import write_table

    for block, units in (("0-1", {"tau": "samples"}), ("2-3", {"tau": "seconds"})):
        frame = pd.DataFrame({"method": ["net"], "in 0.5": [1], "in 0.75": [2], "tau": [3]})
        write_table(tmp_path / f"analyses/deviations/net/{block}/a/test.parquet", frame, units)
    found = described(tmp_path)
    assert list(found) == ["deviations"]
    text = section("deviations", "results/x", found["deviations"])
    assert text.startswith("### deviations\n\nInner- and inter-class deviations")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert rows[0].startswith("| `method` | name of the model or the detector in the config")
    assert rows[1:] == ["| `in <number>` |  |  |", "| `tau` |  | samples or seconds |"]
    assert sections(f"{TABLES}\n{text}\n### b\n\nB\n")["deviations"].strip() == text.strip()


def test_the_page_has_the_columns_and_units_of_a_finished_study(finished_study):
    listed = sections(TEXT)
    found = described(finished_study / "results")
    assert len(found) > 30
    for name, each in found.items():
        if name not in DECLARED:
            said = {column: unit for column, _, unit in rows(listed[name])}
            assert set(said) >= set(each.columns), name
            for column, units in each.units.items():
                assert set(units) <= set(said[column].split(" or ")), (name, column)


def test_the_page_says_what_each_column_holds_and_nothing_of_others():
    known = yaml.safe_load(COLUMNS.read_text(encoding="utf-8"))
    listed = {name: rows(text) for name, text in sections(TEXT).items() if name not in DECLARED}
    for name, columns in listed.items():
        for column, meaning, _ in columns:
            assert meaning and meaning == meanings(name)[column], (name, column)
    for name, own in known["tables"].items():
        assert set(own) <= {column for column, *_ in listed[name]}, name
    everywhere = {column for columns in listed.values() for column, *_ in columns}
    assert set(known["shared"]) <= everywhere


def test_what_the_page_says_of_reading_works(finished_study):
    environment = os.environ | {"PYTHONPATH": str(workflow.ROOT / "scripts")}
    blocks = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    assert len(blocks) == 2
    for code in blocks:
        assert len(code.strip().splitlines()) <= 10
        command = [sys.executable, "-c", code]
        done = subprocess.run(
            command, cwd=finished_study, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr


def test_the_commands_of_the_ledger_work(finished_study, tmp_path):
    commands = re.findall(r'^make ledger OPTIONS="(.*)"$', TEXT, re.MULTILINE)
    assert len(commands) == 2
    for words in map(shlex.split, commands):
        program = workflow.ROOT / "scripts/study/ledger.py"
        command = [sys.executable, program, *words, "--results", finished_study / "results"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert {"ledger.csv", "ledger.json"} <= {path.name for path in tmp_path.iterdir()}
