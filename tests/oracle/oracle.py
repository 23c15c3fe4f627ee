"""The results of an earlier commit as an oracle: a rebuild changes no number unless it says so.

    python tests/oracle/oracle.py make <study> <manifest.json>
    python tests/oracle/oracle.py compare <study> <manifest.json> [--results <the old study>]

A manifest holds, of each file below results/ but records and the report, its SHA-256 and that of
what it holds: each column of a table, all tensors of weights. `compare` looks for every file by
bytes, then by content, under the map of old to new names in differences.yaml. What still differs
has to be declared there; with the old results at hand the largest difference is told.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml
from safetensors import safe_open

DIFFERENCES = Path(__file__).with_name("differences.yaml")
STAGES = ("datasets", "models", "attacks", "activations", "analyses", "claims", "figures")
PACKAGES = ("numpy", "pandas", "pyarrow", "torch", "scipy", "scikit-learn", "matplotlib")
SHORT = 16  # hexadecimal digits that are kept of a digest of content


@dataclass(frozen=True)
class Change:
    """What differs on purpose in the files whose old path matches `files`, and since which change.

    becomes: the new path, with groups of the pattern; None for files that are no longer made.
    columns: new names of columns, None for one that is gone. rows: the values of columns that tell
    the rows of a file which now lie with others. differs: columns whose values may differ, within
    `by`.
    """

    files: str
    why: str
    becomes: str | None = ""
    columns: dict[str, str | None] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    differs: list[str] = field(default_factory=list)
    by: float = 0.0


def files(study: Path) -> Iterator[Path]:
    """All results that count, in order of their paths."""
    for stage in STAGES:
        for path in sorted((study / "results" / stage).rglob("*")):
            if path.is_file() and path.name != ".snakemake_timestamp":
                yield path


def make(study: Path) -> dict:
    """The manifest of a finished study."""
    found = {path.relative_to(study).as_posix(): _described(path) for path in files(study)}
    return {"made_on": machine(), "files": found}


def machine() -> dict:
    """What the bytes may depend on beside code and config."""
    info = (
        Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").exists() else ""
    )
    flags = re.search(r"^flags\s*: (.*)$", info, re.MULTILINE)
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "flags": sorted(flags[1].split()) if flags else [],
        "packages": {name: version(name) for name in PACKAGES},
    }


def _described(path: Path) -> dict:
    entry = {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    if path.suffix == ".parquet":
        entry["columns"] = {name: _digest(each) for name, each in columns(path).items()}
    if path.suffix == ".safetensors":
        entry["tensors"] = _tensors(path)
    return entry


def columns(path: Path, rows: dict[str, str] | None = None) -> dict[str, np.ndarray]:
    """The columns of a table, or of its rows that have these values."""
    table = pq.read_table(path)
    for name, value in (rows or {}).items():
        table = table.filter(pc.equal(table[name], value))
    return {name: _values(table[name]) for name in table.column_names}


def _values(column: pa.ChunkedArray) -> np.ndarray:
    if pa.types.is_nested(column.type):
        return pc.list_flatten(column).to_numpy()
    return column.to_numpy()


def _digest(values: np.ndarray) -> str:
    raw = json.dumps(values.tolist()).encode() if values.dtype == object else values.tobytes()
    return hashlib.sha256(raw).hexdigest()[:SHORT]


def _tensors(path: Path) -> str:
    digest = hashlib.sha256()
    with safe_open(path, framework="np") as file:
        for name in sorted(file.keys()):
            digest.update(name.encode() + file.get_tensor(name).tobytes())
    return digest.hexdigest()[:SHORT]


def changes() -> list[Change]:
    """The declared differences."""
    return [Change(**entry) for entry in yaml.safe_load(DIFFERENCES.read_text()) or []]


def compare(study: Path, manifest: dict, old: Path | None = None) -> Iterator[tuple[str, str, str]]:
    """(old path, how far it was made again, detail): bytes, content, declared or DIFFERENT."""
    known = changes()
    for name, entry in manifest["files"].items():
        mine = [change for change in known if re.fullmatch(change.files, name)]
        yield name, *_outcome(study, name, entry, mine, old)


def _outcome(
    study: Path, name: str, entry: dict, mine: list[Change], old: Path | None
) -> tuple[str, str]:
    path = name
    for change in mine:
        if change.becomes is None:
            return "declared", change.why
        path = re.fullmatch(change.files, name).expand(change.becomes) if change.becomes else path
    again = study / path
    if not again.is_file():
        return "DIFFERENT", f"{path} was not made"
    if hashlib.sha256(again.read_bytes()).hexdigest() == entry["sha256"]:
        return "bytes", ""
    if entry.get("tensors"):
        same = _tensors(again) == entry["tensors"]
        return ("content", "") if same else ("DIFFERENT", f"tensors of {path}")
    if entry.get("columns"):
        return _of_columns(again, entry["columns"], mine, old and old / name)
    return ("declared", mine[0].why) if mine else ("DIFFERENT", f"bytes of {path}")


def _of_columns(
    again: Path, was: dict[str, str], mine: list[Change], old: Path | None
) -> tuple[str, str]:
    """A table whose bytes differ: column by column, under their new names."""
    renamed = {key: new for change in mine for key, new in change.columns.items()}
    rows = {key: value for change in mine for key, value in change.rows.items()}
    allowed = {column: change.by for change in mine for column in change.differs}
    now, told = columns(again, rows), []
    for column, digest in was.items():
        name = renamed.get(column, column)
        if name is None:
            continue
        if name not in now:
            return "DIFFERENT", f"{again}: no column {name}"
        if _digest(now[name]) == digest:
            continue
        gap = _gap(columns(old)[column], now[name]) if old else float("nan")
        if column not in allowed or gap > allowed[column]:
            return "DIFFERENT", f"{again}: {column}, at most {gap:.3g} apart"
        told.append(f"{column}: at most {gap:.3g} apart")
    return ("declared", "; ".join(told)) if told else ("content", "")


def _gap(was: np.ndarray, now: np.ndarray) -> float:
    """The largest difference of two columns; infinite where they are no numbers of one shape."""
    if was.shape != now.shape or was.dtype.kind not in "fiub" or now.dtype.kind not in "fiub":
        return float("inf")
    return float(np.nan_to_num(np.abs(was.astype(float) - now.astype(float))).max(initial=0))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("action", choices=["make", "compare"])
    parser.add_argument("study", type=Path)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--results", type=Path, help="the old study, to tell differences with")
    told = parser.parse_args()
    if told.action == "make":
        told.manifest.write_text(json.dumps(make(told.study), indent=0, sort_keys=True) + "\n")
        return 0
    outcomes = list(compare(told.study, json.loads(told.manifest.read_text()), told.results))
    for name, same, detail in outcomes:
        if same == "DIFFERENT":
            print(f"{same} {name}: {detail}")
    print(dict(Counter(same for _, same, _ in outcomes)))
    return int(any(same == "DIFFERENT" for _, same, _ in outcomes))


if __name__ == "__main__":
    sys.exit(main())
