"""Why a job would run, in words: which key of the config, which function, which input.

Snakemake says only for some jobs that their params differ, and never in which key or function. The
record of the job that made what is there has both.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from glassbox.digests import file_sha256
from study import fingerprint
from study.jobs import Job
from study.record import ROOT
from study.schema.analyses import KINDS

AFTER_ANOTHER = "Input files updated by another job"
NOT_THERE = "not there yet"
FOR_OUTPUT = "Missing output files"
SECTION_OF = {
    "figure": "figures",
    "table": "tables",
    "detector": "detectors",
    "dataset": "datasets",
}
MADE_BY = ("training", "pretrained")  # the rules whose jobs make a model
ANALYSES = {kind.rule() for kind in KINDS}
OF_THE_STUDY = {"seed", "replicates", "own"}
CONSEQUENCES = {"origins", "codes"}  # of the report: they change with what is listed elsewhere
ABSENT = "(not set)"


def own_reasons(job: Job) -> list[str]:
    """Why a job would run even if its inputs stayed as they are; none for one that just follows."""
    missing = [path for path in job.outputs if not Path(path).exists()]
    if missing:
        return [f"{NOT_THERE}: {missing[0]}"]
    record = _record(job)
    if record is None:
        return _as_snakemake_says(job)
    found = [*_config(job, record), *_code(job, record), *_inputs(job, record)]
    return found or _as_snakemake_says(job)


def _config(job: Job, record: dict) -> Iterator[str]:
    now = json.loads(job.config) if job.config else {}
    for path, old, new in differences(record["config"], now):
        if path[0] == "code":
            yield f"code: {'.'.join(path[1:])} {_change(old, new)}"
        elif path[0] not in CONSEQUENCES:
            yield f"config: {_key(job, path)}: {old} -> {new}"


def _key(job: Job, path: tuple[str, ...]) -> str:
    """The config's key of a part of a slice."""
    if path[0] in OF_THE_STUDY:
        return ".".join(path)
    if path[0] == "build":  # what is built stands beside the model's other keys
        path = ("build",) if path[1:] == ("kind",) else path[1:]
    return ".".join((*_section(job), *path))


def _section(job: Job) -> tuple[str, ...]:
    """Where the config describes what a job is about; nowhere for one about several things."""
    if job.rule in ANALYSES:
        return "analyses", job.rule
    if job.rule in MADE_BY:
        return "models", job.wildcards["model"]
    named = ((SECTION_OF[kind], name) for kind, name in job.wildcards.items() if kind in SECTION_OF)
    return next(named, ())


def differences(old: Any, new: Any, path: tuple[str, ...] = ()) -> Iterator[tuple]:
    """(path, old value, new value) wherever two values differ, the values as JSON."""
    old, new = _opened(old), _opened(new)
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from differences(old.get(key, ABSENT), new.get(key, ABSENT), (*path, key))
    else:
        yield path, *(value if value is ABSENT else json.dumps(value) for value in (old, new))


def _opened(value: Any) -> Any:
    """What JSON inside JSON says."""
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value


def _code(job: Job, record: dict) -> Iterator[str]:
    now = code_of(record["program"])
    for name in sorted(now.keys() | record["code"].keys()):
        if now.get(name) != record["code"].get(name):
            change = _change(record["code"].get(name, ABSENT), now.get(name, ABSENT))
            yield f"code: {name} {change}"


def _change(old: str, new: str) -> str:
    return "new" if old == ABSENT else "gone" if new == ABSENT else "changed"


@cache
def code_of(program: str) -> dict[str, str]:
    """The digest of every definition that a program reaches."""
    return fingerprint.of_program(program, ROOT).definitions


def _inputs(job: Job, record: dict) -> Iterator[str]:
    """Files named in the rule's command that changed, and inputs that came or went.

    Other inputs are what other jobs make.
    """
    for path, digest in record["inputs"].items():
        if path.startswith("scripts/") and _sum(path) != digest:
            yield f"input: {path} changed"
    before = {path for paths in record["roles"].values() for path in paths}
    for path in sorted(set(job.inputs) - before):
        if path in job.command:
            yield f"input: {path} is new"
    for path in sorted(before - set(job.command)):
        yield f"input: {path} is no longer one"


@cache
def _sum(path: str) -> str | None:
    return file_sha256(Path(path)) if Path(path).is_file() else None


def _as_snakemake_says(job: Job) -> list[str]:
    """The reasons that Snakemake gives beside those that follow from other jobs."""
    derived = (AFTER_ANOTHER, FOR_OUTPUT)
    return [each for each in job.reason.split("; ") if each and not each.startswith(derived)]


def _record(job: Job) -> dict | None:
    path = job.option("--record")
    try:
        return json.loads(Path(path).read_text(encoding="utf-8")) if path else None
    except (OSError, ValueError):
        return None
