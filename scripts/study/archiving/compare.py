"""Comparison of what was made again with what lies in an archive."""

import filecmp
import json
import math
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from safetensors import safe_open

from glassbox.tables import METADATA

NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
DIGEST = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{16})\b")
# What a record says of when and on what, which another run need not repeat.
OF_THE_RUN = {"started", "finished", "from_cache", "device", "environment"}


class Tolerance(NamedTuple):
    """How far a number may be from another: |a - b| <= absolute + relative * |b|."""

    relative: float
    absolute: float


EXACT = Tolerance(0, 0)
# By stage, for another type of machine; on the same type all bytes are the same. Sums are taken in
# another order there, and training makes more of it with every step.
TOLERANCES = {
    "datasets": EXACT,
    "models": Tolerance(1e-2, 1e-3),
    "activations": Tolerance(1e-4, 1e-5),
    "analyses": Tolerance(1e-3, 1e-5),
    "claims": Tolerance(1e-3, 1e-5),
    "figures": Tolerance(1e-3, 1e-2),
    "report": Tolerance(1e-3, 1e-2),
    "records": EXACT,
}


# Of attacks, which are data sets that follow a model's gradients.
ATTACKED = Tolerance(1e-2, 1e-3)


class Outcome(NamedTuple):
    """How far one file was made again: the same "bytes", "content", "within", or "different"."""

    path: str
    same: str
    detail: str = ""


def compare(path: str, archived: Path, again: Path) -> Outcome:
    """Compare one file with its like, by bytes, by content, and within its stage's tolerance."""
    if not again.is_file():
        return Outcome(path, "different", "was not made")
    if filecmp.cmp(archived, again, shallow=False):
        return Outcome(path, "bytes")
    reader = READERS.get(Path(path).suffix, _text)
    try:
        one, two = reader(archived), reader(again)
    except (OSError, ValueError, pa.ArrowException) as error:
        return Outcome(path, "different", f"can't be read: {error}")
    if one.keys() != two.keys():
        names = ", ".join(sorted(map(str, one.keys() ^ two.keys()))[:5])
        return Outcome(path, "different", f"only in one of both: {names}")
    return _by_values(path, one, two, _tolerance(path, archived))


def _tolerance(path: str, archived: Path) -> Tolerance:
    """That of the file's stage, or that of attacks and of their paths."""
    stage = path.split("/")[1]
    if stage == "datasets" and archived.suffix == ".parquet":
        told = (pq.read_schema(archived).metadata or {}).get(METADATA, b"{}")
        if json.loads(told).keys() & {"attack", "walk"}:
            return ATTACKED
    return TOLERANCES.get(stage, EXACT)


def _by_values(path: str, one: dict, two: dict, tolerance: Tolerance) -> Outcome:
    worst, apart = 0.0, ""
    for name, archived in one.items():
        made = two[name]
        if archived.shape != made.shape or archived.dtype != made.dtype:
            shapes = f"{archived.dtype} {archived.shape}, now {made.dtype} {made.shape}"
            return Outcome(path, "different", f"{name}: was {shapes}")
        if not _is_number(archived):
            if not np.array_equal(archived, made):
                return Outcome(path, "different", f"{name}: {_first_unlike(archived, made)}")
            continue
        if not np.allclose(made, archived, tolerance.relative, tolerance.absolute, equal_nan=True):
            place = f"{name}: {_first_unlike(archived, made)}"
            return Outcome(path, "different", f"{place}, allowed {tolerance}")
        gap = float(np.nan_to_num(np.abs(made - archived)).max(initial=0))
        worst, apart = max((worst, apart), (gap, name))
    if worst == 0:
        return Outcome(path, "content")
    return Outcome(path, "within", f"{apart}: at most {worst:.3g} apart")


def _is_number(array: np.ndarray) -> bool:
    return array.dtype.kind == "f"


def _first_unlike(archived: np.ndarray, made: np.ndarray) -> str:
    """The first place at which two arrays of a shape differ, with both values."""
    one, two = archived.reshape(-1), made.reshape(-1)
    for place, (old, new) in enumerate(zip(one.tolist(), two.tolist(), strict=True)):
        if old != new and not (_is_nan(old) and _is_nan(new)):
            return f"value {place} was {str(old)[:60]}, now {str(new)[:60]}"
    return "values differ"


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _parquet(path: Path) -> dict[str, np.ndarray]:
    """The columns of a table."""
    table = pq.read_table(path)
    return {name: _column(table[name]) for name in table.column_names}


def _column(column: pa.ChunkedArray) -> np.ndarray:
    if pa.types.is_nested(column.type):
        return pc.list_flatten(column).to_numpy()
    return column.to_numpy()


def _safetensors(path: Path) -> dict[str, np.ndarray]:
    with safe_open(path, framework="np") as file:
        return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118


def _json(path: Path) -> dict[str, np.ndarray]:
    """The leaves of a JSON document; sums of files aside, which are compared themselves."""
    content = json.loads(path.read_text(encoding="utf-8"))
    if isinstance(content, dict):
        content = {key: each for key, each in content.items() if key not in OF_THE_RUN}
    return {"text": _lines(DIGEST.sub("<digest>", json.dumps(content, indent=1, sort_keys=True)))}


def _text(path: Path) -> dict[str, np.ndarray]:
    """The numbers of a text, and what stands between them."""
    text = DIGEST.sub("<digest>", path.read_text(encoding="utf-8"))
    numbers = np.array([float(each) for each in NUMBER.findall(text)])
    return {"text": _lines(NUMBER.sub("<number>", text)), "numbers": numbers}


def _lines(text: str) -> np.ndarray:
    return np.array(text.splitlines(), dtype=object)


READERS = {".parquet": _parquet, ".safetensors": _safetensors, ".json": _json}
