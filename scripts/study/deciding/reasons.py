"""Why a job would run, in words: which key of the config, which function, which input.

Each function compares what a job would be given now with the record of the job that made what is
there, and tells what differs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from study.deciding.jobs import Job
from study.deciding.packages import normal
from study.deciding.told import PLACE, by_option

AFTER_ANOTHER = "Input files updated by another job"
FOR_OUTPUT = "Missing output files"
NOT_THERE = "not there yet"
ALTERED = "not as its job made it"
READ_OTHER = "made from what is different now"
OF_THE_STUDY = {"seed", "replicates", "own"}
CONSEQUENCES = {"origins", "codes"}  # of the report: they change with what is listed elsewhere
PRINTED = "printed"  # of a table: what the works' claims.yaml say
ABSENT = "(not set)"
APART = {*PLACE, "--config"}  # options that are no wiring, or compared key by key
OF_PROJECT = ("results/", "scripts/")
LONGEST = 200  # characters of a value that a line shows


def of_config(job: Job, record: dict, section: Sequence[str]) -> Iterator[str]:
    """Keys of a job's slice of the config that have another value.

    section: the path of the part of the config that the job is about, if it is about one.
    """
    found = list(differences(record["config"], job.config))
    for path, old, new in found:
        if path[0] == "code":
            yield f"code: {'.'.join(path[1:])} {_change(old, new)}"
        elif path[0] == PRINTED:
            yield f"claims: printed numbers: {'.'.join(path[1:])} {_short(old)} -> {_short(new)}"
        elif path[0] not in CONSEQUENCES:
            yield f"config: {_key(section, path)}: {_short(old)} -> {_short(new)}"
    if found and all(path[0] in CONSEQUENCES for path, *_ in found):
        yield "config or code of what it shows"


def _short(value: str) -> str:
    """A value of the config, or how long it is where no line holds it."""
    return value if len(value) <= LONGEST else f"({len(value)} characters)"


def _key(section: Sequence[str], path: tuple[str, ...]) -> str:
    """The config's key of a part of a slice."""
    if path[0] == "whole":  # the report shows all of the config
        return ".".join(path[1:])
    if path[0] in OF_THE_STUDY:
        return ".".join(path)
    if path[0] == "build":  # what is built stands beside the model's other keys
        path = ("build",) if path[1:] == ("kind",) else path[1:]
    return ".".join((*section, *path))


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
    try:
        return json.loads(value) if isinstance(value, str) and value.startswith("{") else value
    except ValueError:  # text that only begins like JSON
        return value


def of_code(now: Mapping[str, str], record: dict) -> Iterator[str]:
    """Definitions that its program reaches, and files of the project, that changed."""
    before = {**record["code"], **record.get("files", {})}
    for name in sorted(now.keys() | before.keys()):
        if now.get(name) != before.get(name):
            kind = "input" if name in record.get("files", {}) else "code"
            yield f"{kind}: {name} {_change(before.get(name, ABSENT), now.get(name, ABSENT))}"


def _public(version: str) -> str:
    return version.partition("+")[0]


def _change(old: str, new: str) -> str:
    return "new" if old == ABSENT else "gone" if new == ABSENT else "changed"


def of_arguments(job: Job, record: dict) -> Iterator[str]:
    """What its program is told otherwise: other files, other roles or another order of them."""
    if record["program"] != job.told.program:
        yield f"program: {record['program']} -> {job.told.program}"
    if record.get("command") not in (None, *job.options.get("--command", [None])):
        yield f"command: that of the rule {job.rule} changed"
    before, now = by_option(record["arguments"]), job.options
    new = (_words(now) - _words(before)) & set(job.inputs)
    gone = {word for word in _words(before) - _words(now) if word.startswith(OF_PROJECT)}
    yield from (f"input: {path} is new" for path in sorted(new))
    yield from (f"input: {path} is no longer one" for path in sorted(gone))
    for option in sorted((before.keys() | now.keys()) - APART):
        old = _without(gone, before.get(option, []))
        values = _without(new, now.get(option, []))
        if old != values:
            yield f"told: {option} {_unlike(old, values)}"
    for option in sorted(before.keys() ^ now.keys()):
        if not (before.get(option) or now.get(option)):
            yield f"told: {option} {'is given' if option in now else 'is given no longer'}"


def _words(options: Mapping[str, Sequence[str]]) -> set[str]:
    return {word for option in options.keys() - APART for word in options[option]}


def _without(words: set[str], values: Sequence[str]) -> list[str]:
    return [value for value in values if value not in words]


def _unlike(old: Sequence[str], new: Sequence[str]) -> str:
    """The first values in which two lists differ."""
    pairs = zip_longest(old, new, fillvalue=ABSENT)
    return next(f"{one} -> {other}" for one, other in pairs if one != other)


def of_inputs(record: dict, known: Callable[[str], set[str]]) -> Iterator[str]:
    """Results of other jobs that it read and that are others now.

    known: SHA-256 of a result as it lies here, and as its own job made it. One that was altered is
    no reason yet, since it will be made anew.
    """
    for path, digest in record["inputs"].items():
        is_result = not path.startswith(("data:", "scripts/"))
        if is_result and (found := known(path)) and digest not in found:
            yield f"{READ_OTHER}: {path}"


def of_packages(now: Mapping[str, str], record: dict) -> Iterator[str]:
    """Packages that its code imports, or that these need, in another version; Python likewise.

    What a version says of processors, as in 2.13.0+cpu, decides nothing.
    """
    stated = record["environment"]["packages"]
    before = {normal(name): _public(version) for name, version in stated.items()}
    for name, version in sorted(now.items()):
        if name in before and before[name] != _public(version):
            yield f"package: {name} {before[name]} -> {_public(version)}"
    then, here = record["environment"]["python"].split(".")[:2], [*map(str, sys.version_info[:2])]
    if then != here:
        yield f"Python {'.'.join(then)} -> {'.'.join(here)}"


def as_snakemake_says(job: Job) -> list[str]:
    """The reasons that Snakemake gives beside those that follow from other jobs."""
    derived = (AFTER_ANOTHER, FOR_OUTPUT)
    return [each for each in job.reason.split("; ") if each and not each.startswith(derived)]
