"""What a job's command tells its program."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from os.path import isfile
from typing import Any, NamedTuple

from glassbox.models import kinds
from glassbox.models.kinds import module_name

CHOSEN_FROM = kinds.__name__

# Options that say where a job runs, reports and goes on from, and so nothing of what it makes.
ABOUT_THE_RUN = ("device", "threads", "record", "command", "adopt", "unfinished", "save-every")
PLACE = tuple(f"--{option}" for option in ABOUT_THE_RUN)
QUOTED = re.compile(r"'[^']*'")
WORD = re.compile(r"(?:[^\s']|'[^']*')+")
OTHER_QUOTING = set("'\"\\")


class Told(NamedTuple):
    """A program, <stage>/<name>, and its arguments; a slice from standard input in its place."""

    program: str
    arguments: list[str]


def told(command: str) -> Told | None:
    """What a shell command tells the one program of scripts/ that it runs; None where it runs none.

    Raises ValueError for a command with quotes that don't close.
    """
    words = _words(command.rpartition(" > ")[0] or command)
    if "|" in words:
        *_, text = words[: words.index("|")]
        words = [text if word == "-" else word for word in words[words.index("|") + 1 :]]
    programs = [word for word in words if word.startswith("scripts/") and word.endswith(".py")]
    if not programs:
        return None
    arguments = words[words.index(programs[0]) + 1 :]
    return Told(programs[0].removeprefix("scripts/").removesuffix(".py"), arguments)


def _words(command: str) -> list[str]:
    """The words of a command; where it quotes as shlex.quote does, much faster than shlex.split."""
    if OTHER_QUOTING & set(QUOTED.sub("", command)):
        return shlex.split(command)
    return [word.replace("'", "") for word in WORD.findall(command)]


def by_option(arguments: Sequence[str]) -> dict[str, list[str]]:
    """The values that follow each option; one that is there several times counts with its first."""
    found: dict[str, list[str]] = {}
    for option, values in _options(arguments):
        name = f"{option} {values[0]}" if option in found and values else option
        found[name] = values
    return found


def chosen(config: Mapping[str, Any], kind: Sequence[str]) -> tuple[str, ...]:
    """The modules that a program is told to choose: that of the kind of its network.

    kind: what its option --kind says; else the slice does of a network that it builds.
    """
    found = kind or [config.get("build", {}).get("kind")]
    return tuple(f"{CHOSEN_FROM}.{module_name(each)}" for each in found if each)


def without_place(arguments: Sequence[str]) -> list[str]:
    """Arguments without the options that say where a job runs or reports."""
    kept = ([option, *values] for option, values in _options(arguments) if option not in PLACE)
    return [word for words in kept for word in words]


def files_named(arguments: Sequence[str]) -> list[str]:
    """The files among arguments that are no results, such as a claims.yaml: code by its content."""
    return [word for word in arguments if not word.startswith("results/") and isfile(word)]


def _options(arguments: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """The options in their order, each with the values up to the next."""
    option, values = "", []
    for word in arguments:
        if word.startswith("--"):
            if option or values:
                yield option, values
            option, values = word, []
        else:
            values.append(word)
    if option or values:
        yield option, values
