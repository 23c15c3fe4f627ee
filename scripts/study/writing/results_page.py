"""The documentation of results, from what programs declare and have written: docs/results.md.

    python scripts/study/writing/results_page.py [results]

writes its list of tables. The ledger's columns are those that the code declares. Those of the other
tables are read from the finished study in `results`; one that it has not keeps what the page says.
What they hold is said in columns.yaml.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts"))

import pyarrow.parquet as pq  # noqa: E402
import yaml  # noqa: E402

from glassbox.claims.table import LEDGER, PARTS  # noqa: E402
from glassbox.tables import METADATA, Column  # noqa: E402
from study import reader  # noqa: E402

PAGE = ROOT / "docs/results.md"
COLUMNS = Path(__file__).with_name("columns.yaml")
HEAD = "| column | what it holds | unit |\n|---|---|---|\n"
NUMBERED = re.compile(r"^(in|link) -?[\d.]+(?:e-?\d+)?$")  # a column for each threshold, or class
MADE_BY = {"error_tables": "error_tables", "training.history": "training"}
NO_UNIT = "none"
TABLES = "## The ledger\n"  # what comes before is written by hand


class Described(NamedTuple):
    """The columns of a table, and the units of those that have one: several where files differ."""

    columns: list[str]
    units: dict[str, list[str]]


def page(results: Path) -> str:
    """Markdown with the ledger's columns, and a section for every table."""
    text = PAGE.read_text(encoding="utf-8")
    kept, made, paths = sections(text), described(results), reader.paths()
    ledger = [declared(name, paths[name], *each) for name, each in DECLARED.items()]
    found = {name: each for name, each in made.items() if name not in DECLARED}
    tables = {name: section(name, paths[name], each) for name, each in found.items()}
    others = [name for name in paths if name not in DECLARED]
    listed = [tables.get(name) or kept.get(name, "") for name in others]
    head = text.partition(TABLES)[0].rstrip("\n")
    return "\n".join([f"{head}\n", TABLES, *ledger, "## Tables by name\n", *filter(None, listed)])


DECLARED = {
    "verdicts": ("The ledger: a row per statement of every work.", LEDGER),
    "parts": ("The comparisons behind each: a row for each.", PARTS),
}


def declared(name: str, path: str, what: str, columns: Mapping[str, Column]) -> str:
    """The section of a table whose columns the code declares."""
    rows = (f"| `{key}` | {each.meaning} | {each.unit} |\n" for key, each in columns.items())
    return f"### {name}\n\n{what} `{path}`\n\n{HEAD}{''.join(rows)}"


def section(name: str, path: str, found: Described) -> str:
    """The section of a table: what it is, where it lies, and its columns."""
    said = meanings(name)
    rows = (
        f"| `{each}` | {said.get(each, '')} | {' or '.join(found.units.get(each, []))} |\n"
        for each in found.columns
    )
    return f"### {name}\n\n{what(name)} `{path}`\n\n{HEAD}{''.join(rows)}"


def meanings(table: str) -> dict[str, str]:
    """What the columns of a table hold, and those that tables share."""
    known = yaml.safe_load(COLUMNS.read_text(encoding="utf-8"))
    return known["shared"] | known["tables"].get(table, {})


def what(name: str) -> str:
    """What the program says of itself that makes a table."""
    program = MADE_BY.get(name, name.partition(".")[0])
    stages = ("analyses", "figures", "models")
    path = next(path for stage in stages for path in ROOT.glob(f"scripts/{stage}/{program}.py"))
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    return docstring.split("\n\n")[0]


def described(results: Path) -> dict[str, Described]:
    """The columns and units of the tables that a study has made, by name, from all their files."""
    found = {}
    for name, path in reader.paths().items():
        columns: dict[str, None] = {}
        units: dict[str, set[str]] = {}
        for file in reader.files(path, results):
            schema = pq.read_schema(file)
            named = [re.sub(NUMBERED, r"\1 <number>", each) for each in schema.names]
            columns |= dict.fromkeys(named)
            told = json.loads(schema.metadata.get(METADATA, b"{}")).get("units", {})
            for column in named:
                units.setdefault(column, set()).add(told.get(column, NO_UNIT))
        if columns:
            found[name] = Described(
                list(columns),
                {key: sorted(each) for key, each in units.items() if each != {NO_UNIT}},
            )
    return found


def sections(text: str) -> dict[str, str]:
    """The sections of the page by the name of their table."""
    return {name: f"### {name}\n{rest}" for name, rest in _parts(text)}


def _parts(text: str) -> Iterator[tuple[str, str]]:
    yield from re.findall(r"^### (\S+)\n(.*?\n)(?:\n?(?=^##)|\Z)", text, re.MULTILINE | re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(page(Path(*sys.argv[1:2] or ["results"])), encoding="utf-8")
