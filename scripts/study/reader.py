"""The tables of a finished study by name, for whoever goes on with them: see `glassbox.table`."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glassbox.errors import GlassboxError

if TYPE_CHECKING:
    import pandas as pd

# The tables that no analysis makes.
OTHERS = {
    "verdicts": "results/claims/verdicts.parquet",
    "parts": "results/claims/parts.parquet",
    "error_tables": "results/figures/{of}.parquet",
}
FIELDS = {"of": r"[^/]+", "block": r"\d+-\d+", "replicate": r"\d+", "layer": r"[^/]+"}
FIELD = r"\\?\{(\w+)\\?\}"  # as it is, and escaped
FIELDS["set"] = r"[^/]+/[^/]+"


def paths() -> dict[str, str]:
    """Where the tables of each name lie; see `study.paths.Place` for what is in braces."""
    import study.schema  # noqa: F401, before what it needs itself
    from study.paths import places

    return {**OTHERS, **{name: place.path for name, place in places().items()}}


def table_names(results: str | Path = "results") -> list[str]:
    """The names of the tables that a study has made; results: its folder of results."""
    return [name for name, path in paths().items() if files(path, _folder(results))]


def table(
    name: str, *, model: str | None = None, results: str | Path = "results", **values: Any
) -> pd.DataFrame:
    """A table of a finished study, as it is said in docs/results.md; see `glassbox.table`."""
    folder, known = _folder(results), paths()
    if name not in known:
        raise GlassboxError(f"there is no table '{name}'{_instead(name, known)}")
    made = files(known[name], folder)
    if not made:
        others = table_names(results)
        raise GlassboxError(f"{folder} has no table '{name}'{_instead(name, others)}")
    wanted = {"of": model, "set": values.get("set")}
    for field, value in wanted.items():
        if value is not None and f"{{{field}}}" in known[name]:
            there = {of[field] for of in made.values()}
            made = {path: of for path, of in made.items() if of[field] == value}
            if not made:
                raise GlassboxError(f"no '{name}' of '{value}'{_instead(value, there)}")
    return _rows(name, _read(list(made), folder), model, values)


def _folder(results: str | Path) -> Path:
    if not (folder := Path(results)).is_dir():
        raise GlassboxError(
            f"no folder {folder.absolute()}: run the study first (make study), "
            "or name its folder with results="
        )
    return folder


def files(path: str, folder: Path) -> dict[Path, dict[str, str]]:
    """The files at a path with braces, each with what stands for these."""
    path = path.removeprefix("results/")
    glob = re.sub(FIELD, lambda each: "*/*" if each[1] == "set" else "*", path)
    pattern, found = pattern_of(path), {}
    for file in sorted(folder.glob(glob)):
        if match := re.fullmatch(pattern, file.relative_to(folder).as_posix()):
            found[file] = match.groupdict()
    return found


def pattern_of(path: str) -> str:
    """A path with braces as a regular expression, which has groups of their names."""
    return re.sub(FIELD, lambda each: f"(?P<{each[1]}>{FIELDS[each[1]]})", re.escape(path))


def _read(files: list[Path], folder: Path) -> pd.DataFrame:
    """Some files in one table, of the replicates that the study counts, as far as it says so."""
    import pandas as pd

    from glassbox.tables import read_table
    from jobs.replicates import counted

    record = folder / "records/claims.json"
    first = read_table(files[0])
    if "replicate" not in first or not record.exists():
        return pd.concat(map(read_table, files), ignore_index=True)
    config = json.loads(record.read_text(encoding="utf-8"))["config"]
    return counted(files, config["replicates"], config["own"]).reset_index(drop=True)


def _rows(
    name: str, table: pd.DataFrame, model: str | None, values: Mapping[str, Any]
) -> pd.DataFrame:
    """The rows of a model that have these values in these columns."""
    asked = dict(values)
    if model is not None and "method" in table:
        asked["method"] = model
    for column, value in asked.items():
        if column not in table:
            raise GlassboxError(
                f"'{name}' has no column '{column}'{_instead(column, table.columns)}"
            )
        kept = table[table[column] == value]
        if kept.empty:
            there = table[column].unique()
            raise GlassboxError(
                f"no row of '{name}' has {column} '{value}'{_instead(value, there)}"
            )
        table = kept
    return table.reset_index(drop=True)


def _instead(name: object, known: Iterable[object]) -> str:
    """The nearest name in words, and those that there are."""
    names = sorted(map(str, known))
    near = difflib.get_close_matches(str(name), names, 1)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    more = f" and {len(names) - 40} more" if len(names) > 40 else ""
    return f"{hint}\n  there are: {', '.join(names[:40]) or 'none'}{more}"
