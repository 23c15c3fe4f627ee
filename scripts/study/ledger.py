"""Show, filter and write the ledger: every statement of every work with its verdict.

    make ledger
    make ledger OPTIONS="--work lee2019 --verdict 'not reproduced'"
    make ledger OPTIONS="--id C-C44"
    make ledger OPTIONS="--csv ledger.csv --json ledger.json"

Reads results/claims/verdicts.parquet of the finished study, whose columns docs/results.md lists. A
statement is shown on a line, with the headline's value, its 95 % interval and the printed number;
one alone is shown with all that is known of it. Each option leaves statements out.
"""

import argparse
import csv
import json
import shutil
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pyarrow.parquet as pq

from glassbox.errors import GlassboxError
from glassbox.files import whole

VERDICTS = "claims/verdicts.parquet"
EXACT = ("work", "verdict", "kind", "asked_by")  # columns that an option has the name of
AS_JSON = ("published", "misprinted", "other_readings", "settings")
SEPARATOR = "; "  # of lists in CSV

Row = dict[str, Any]


def main(arguments: argparse.Namespace) -> None:
    rows = chosen(read(arguments.results), arguments)
    if arguments.csv:
        write_csv(arguments.csv, rows)
    if arguments.json:
        text = json.dumps(rows, indent=1, ensure_ascii=False)
        with whole(arguments.json) as part:
            part.write_text(f"{text}\n", encoding="utf-8")
    if not (arguments.csv or arguments.json):
        width = shutil.get_terminal_size((100, 24)).columns
        print("\n".join(in_full(rows[0], width) if len(rows) == 1 else listed(rows, width)))


def read(results: Path) -> list[Row]:
    """The rows of a study's ledger; what a column holds as JSON is read."""
    path = results / VERDICTS
    if not path.exists():
        raise GlassboxError(f"no {path}: run the study first (make study), or say --results")
    rows = pq.read_table(path).to_pylist()
    return [{**row, **{name: _loaded(row[name]) for name in AS_JSON}} for row in rows]


def _loaded(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def chosen(rows: list[Row], arguments: argparse.Namespace) -> list[Row]:
    """The rows that the options leave. Raises GlassboxError for a value that no row has."""
    for column in EXACT:
        if (wanted := getattr(arguments, column)) is not None:
            known = dict.fromkeys(row[column] for row in rows)
            if wanted not in known:
                there = ", ".join(known) or "none"
                raise GlassboxError(
                    f"no statement left has {column} '{wanted}'; there are: {there}"
                )
            rows = [row for row in rows if row[column] == wanted]
    if arguments.id is not None:
        own = [row for row in rows if row["id"].lower() == arguments.id.lower()]
        rows = own or [row for row in rows if row["id"].lower().startswith(arguments.id.lower())]
    if arguments.text is not None:
        rows = [row for row in rows if _says(row, arguments.text.lower())]
    if not rows:
        raise GlassboxError("no statement is left: leave an option out")
    return rows


def _says(row: Row, text: str) -> bool:
    said = (row[name] for name in ("statement", "test", "reason", "location", "headline"))
    return any(text in each.lower() for each in said if each)


def write_csv(path: Path, rows: list[Row]) -> None:
    """Write rows as CSV, lists with a semicolon between; what is nested as JSON."""
    with whole(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return SEPARATOR.join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def listed(rows: list[Row], width: int) -> Iterator[str]:
    """A line per statement, and how many have which verdict."""
    cells = [(row["id"], row["verdict"], valued(row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row, each in zip(rows, cells, strict=True):
        line = "  ".join(cell.ljust(size) for cell, size in zip(each, widths, strict=True))
        yield f"{line}  {' '.join(row['statement'].split())}"[: max(width, len(line))].rstrip()
    counts = Counter(row["verdict"] for row in rows).items()
    yield f"{len(rows)} statements: {', '.join(f'{count} {verdict}' for verdict, count in counts)}"


def valued(row: Row) -> str:
    """The headline's value with its interval, and the printed number where there is one."""
    if row["value"] is None:
        return ""
    ends = " to ".join("…" if each is None else f"{each:.4g}" for each in (row["low"], row["high"]))
    printed = row["published_value"]
    beside = "" if printed is None else f", printed {printed:.4g}"
    return f"{row['value']:.4g} ({ends}){beside}"


def in_full(row: Row, width: int) -> Iterator[str]:
    """All columns of one statement that hold something."""
    for name, value in row.items():
        if value not in (None, [], ""):
            shown = _cell(value)
            text = f"{shown:.6g}" if isinstance(shown, float) else f"{shown}"
            said = textwrap.wrap(text, max(width - 18, 40)) or [""]
            yield f"{name:<16}  {said[0]}"
            yield from (f"{'':<16}  {line}" for line in said[1:])


def options() -> argparse.ArgumentParser:
    """The options of the program."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", help="only of this work, such as lee2019")
    parser.add_argument("--verdict", help="only with this verdict, such as 'not reproduced'")
    parser.add_argument("--kind", help="only of this kind: number, claim or setting")
    parser.add_argument("--asked-by", help="only what the work says, or what the project asks")
    parser.add_argument("--id", help="only the statement of this id, or those whose ids begin so")
    parser.add_argument("--text", help="only where statement, test, reason or location say this")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the statements as CSV")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write them as JSON")
    said = "the study's folder of results (results)"
    parser.add_argument("--results", type=Path, default=Path("results"), help=said)
    return parser


if __name__ == "__main__":
    try:
        main(options().parse_args())
    except GlassboxError as error:
        sys.exit(f"error: {error}")
