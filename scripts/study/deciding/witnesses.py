"""What the records of a study tell of its results, also of those whose own record is lost."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from study.archiving.records import KEYS, files_of
from study.deciding.jobs import Job
from study.deciding.known_files import KnownFiles

RECORDS = Path("results/records")
ABOUT = Path("study.json")  # of an archive: what is not inside
MANIFEST = Path("../manifest-sha256.txt")  # of an archive that was unpacked
OF_ORIGINALS = {"datasets/images", "models/pretrained"}  # whose records tell of files outside
MADE_WITH = {"python", "packages"}
LONGEST = 100_000  # characters that an argument may have
RESULTS = "results/"
NEVER = "9999"  # after every time that a record may state


class Telling(NamedTuple):
    """What files were when something read them: their SHA-256, and from when on they are known."""

    witness: str
    since: str
    files: Mapping[str, str]


class Witnesses:
    """The records that lie here, and what the archive says where this is one that was unpacked."""

    def __init__(self, files: KnownFiles) -> None:
        self.files = files
        self.read: dict[str, dict | None] = {}

    def record(self, path: str | None) -> dict | None:
        """A job's record, if it is there and whole."""
        if path not in self.read:
            found = _read(Path(path)) if path else None
            self.read[path] = found if found and _is_record(found) else None
        return self.read[path]

    @cached_property
    def records(self) -> dict[str, dict]:
        """All records by path."""
        paths = map(str, sorted(RECORDS.rglob("*.json")))
        return {path: record for path in paths if (record := self.record(path))}

    @cached_property
    def held_back(self) -> Mapping[str, str]:
        """SHA-256 of what this archive may not hold, by path."""
        return (_read(ABOUT) or {}).get("held_back", {})

    def known(self, path: str) -> set[str]:
        """SHA-256 of a result, as it lies here and as the job that made it says."""
        return set(filter(None, (self.files.digest(path), self._made.get(path))))

    def seconds(self, job: Job) -> float | None:
        """How long a job took, or else others of its program, by their records."""
        own = self.record(job.record)
        program = job.told.program if job.told else None
        return _seconds(own) if own else self._usual.get(program)

    @cached_property
    def _usual(self) -> dict[str, float]:
        """How long the jobs of each program took on average."""
        taken: dict[str, list[float]] = {}
        for record in self.records.values():
            if not record.get("from_cache") and not record.get("adopted"):
                taken.setdefault(record["program"], []).append(_seconds(record))
        return {program: mean(each) for program, each in taken.items()}

    def of(self, job: Job) -> str | None:
        """What tells that a job's outputs are what was made, though its record is lost.

        Each must be as a job that read it, or the archive, says, and what the job reads must have
        been as it is before that; a digest beside one of them must be of it. None where that isn't
        so, and for what can't be recorded without being done.
        """
        if job.told.program in OF_ORIGINALS or max(map(len, job.told.arguments)) > LONGEST:
            return None
        made = self._as_they_are(job.products)
        if made.keys() & self._made.keys():  # it is another job's record that tells of them
            return None
        read = self._as_they_are(path for path in job.inputs if path.startswith(RESULTS))
        found = (self._teller(path, digest, read) for path, digest in made.items())
        told = {path: witness for path, witness in zip(made, found, strict=True) if witness}
        sums = "".join(made[path] or "" for path in told)
        for path in made.keys() - told.keys():
            if not path.endswith(".json") or not _is_of(path, sums):
                return None
        return told[min(told)] if told else None

    def _as_they_are(self, paths: Iterable[str]) -> dict[str, str | None]:
        """SHA-256 of files and of those in folders; None for one that is not there."""
        files = (path.as_posix() for path in files_of(map(Path, paths)))
        return {path: self.files.digest(path) for path in files}

    def _teller(self, path: str, digest: str | None, read: Mapping[str, str | None]) -> str | None:
        """What tells that a file is as it was made of files that were as they are."""
        tellings = self._tellings.get((path, digest), [])
        fitting = (each for each in tellings if self._knows(each, read))
        return next((each.witness for each in fitting), None)

    def _knows(self, telling: Telling, read: Mapping[str, str | None]) -> bool:
        return all(
            telling.files.get(path) == digest
            or self._known_since.get((path, digest), NEVER) <= telling.since
            for path, digest in read.items()
        )

    @cached_property
    def _known_since(self) -> dict[tuple[str, str], str]:
        """By path and SHA-256 when the first record tells of a file so."""
        found: dict[tuple[str, str], str] = {}
        for record in self.records.values():
            for when, files in (("started", "inputs"), ("finished", "outputs")):
                for file in record[files].items():
                    found[file] = min(record[when], found.get(file, NEVER))
        return found

    @cached_property
    def _tellings(self) -> dict[tuple[str, str | None], list[Telling]]:
        """By path and SHA-256 who found a file so: jobs that read it, and the archive."""
        tellings = []
        if MANIFEST.is_file() and ABOUT.is_file():
            lines = MANIFEST.read_text(encoding="utf-8").splitlines()
            parts = (line.partition("  data/") for line in lines)
            files = {path: digest for digest, _, path in parts}
            tellings.append(Telling("the archive's manifest", "", files))
        for name, record in self.records.items():
            tellings.append(Telling(name, record["started"], record["inputs"]))
        found: dict[tuple[str, str | None], list[Telling]] = {}
        for each in tellings:
            for file in each.files.items():
                found.setdefault(file, []).append(each)
        return found

    @cached_property
    def _made(self) -> dict[str, str]:
        """SHA-256 of results by path, as the jobs that made them say."""
        in_time = sorted(self.records.values(), key=lambda record: record["finished"])
        return {path: digest for record in in_time for path, digest in record["outputs"].items()}


def _is_record(found: dict) -> bool:
    """Whether all is there that a decision asks a record for, in its form."""
    try:
        _seconds(found)
        dicts = [found[key] for key in ("config", "code", "inputs", "outputs", "environment")]
        is_whole = found.keys() >= KEYS and all(isinstance(each, dict) for each in dicts)
        environment = found["environment"]
        return is_whole and isinstance(found["arguments"], list) and environment.keys() >= MADE_WITH
    except (KeyError, TypeError, ValueError):
        return False


def _seconds(record: dict) -> float:
    started, finished = (datetime.fromisoformat(record[key]) for key in ("started", "finished"))
    return (finished - started).total_seconds()


def _read(path: Path) -> dict | None:
    """A file's JSON, where it is a record or the like."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _is_of(path: str, sums: str) -> bool:
    """Whether every SHA-256 in a digest is one of these."""
    found = _read(Path(path)) or {}
    stated = [each.get("sha256") for each in found.values() if isinstance(each, dict)]
    return bool(stated) and all(isinstance(each, str) and each in sums for each in stated)
