"""The records of a study's jobs, below results/records/."""

import json
from collections.abc import Iterable, Mapping
from os.path import isfile
from pathlib import Path

from glassbox.errors import GlassboxError

RECORDS = "results/records/"
TIMESTAMP = ".snakemake_timestamp"  # which Snakemake puts into folders, and is no result
KEYS = {"program", "arguments", "config", "code", "fingerprint", "inputs", "outputs", "environment"}
KEYS |= {"started", "finished"}


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files of inputs or outputs as a record lists them: a folder counts file by file."""
    files = {file for path in paths for file in ([path] if isfile(path) else path.rglob("*"))}
    return sorted(file for file in files if isfile(file) and file.name != TIMESTAMP)


def read_records(study: Path) -> dict[str, dict]:
    """Every record of a study by its path.

    Raises GlassboxError for a file that is no record.
    """
    records = {}
    for path in sorted((study / RECORDS).rglob("*.json")):
        try:
            record = json.loads(path.read_text())
        except (ValueError, UnicodeDecodeError) as error:
            raise GlassboxError(f"{path}: not a record: {error}") from None
        if not isinstance(record, dict) or (missing := KEYS - record.keys()):
            absent = ", ".join(sorted(missing)) if isinstance(record, dict) else "all keys"
            raise GlassboxError(f"{path}: not a record: it lacks {absent}")
        records[path.relative_to(study).as_posix()] = record
    return records


def producers(records: Mapping[str, dict]) -> dict[str, str]:
    """The record that made each file, by the file's path."""
    return {output: name for name, record in records.items() for output in record["outputs"]}


def finished(records: Mapping[str, dict]) -> str:
    """When the last job ended, as its record says it."""
    return max(record["finished"] for record in records.values())
