"""The jobs of a checkout that may not be this one, as its own dry run prints them.

study.deciding.jobs asks Snakemake within this program, where rules find this checkout's modules.
The rules of an archive need the archive's, and are read in a process that has nothing else.
"""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from glassbox.errors import GlassboxError
from study.deciding.told import told
from study.home import need_no_home

JOB = re.compile(
    r"^(?:local)?rule (?P<rule>\w+):\n(?P<body>(?:    .*\n)+)(?:Shell command: (?P<command>.*)\n)?",
    re.MULTILINE,
)
# How far a dry run indents the jobs of a group.
INDENT = re.compile(r"^    (?=    \S|\[|(?:local)?rule |Shell command: )", re.MULTILINE)


class Job(NamedTuple):
    """One job: its files, why it would run, and what it would be told (argv of its program)."""

    rule: str
    outputs: list[str]
    logs: list[str]
    reason: str
    program: str
    arguments: list[str]


class Chosen(NamedTuple):
    """Which study of a checkout: what Snakemake's options of these names lay over config.yaml."""

    configfile: Sequence[str] = ()
    config: Sequence[str] = ()

    def options(self) -> list[str]:
        """The options themselves."""
        given = ([f"--{name}", *values] for name, values in self._asdict().items() if values)
        return [word for words in given for word in words]


def all_jobs(study: Path, chosen: Chosen) -> list[Job]:
    """Every job of the study that is chosen."""
    return _jobs(_dry_run(study, chosen, "--forceall", "--printshellcmds"))


def due_jobs(study: Path, chosen: Chosen) -> list[Job]:
    """The jobs that a run would make now: none if the study is finished."""
    return _jobs(_dry_run(study, chosen))


def snakemake(chosen: Chosen, *arguments: str) -> list[str]:
    """The command that runs Snakemake on a study's config."""
    return [sys.executable, "-m", "snakemake", *chosen.options(), *arguments]


def quietly() -> dict[str, str]:
    """An environment in which Python leaves no bytecode, and Snakemake has the study's profile."""
    need_no_home()
    kept = {key: value for key, value in os.environ.items() if key != "SNAKEMAKE_PROFILE"}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1"}


def _dry_run(study: Path, chosen: Chosen, *arguments: str) -> str:
    command = snakemake(chosen, "--dry-run", *arguments)
    run = subprocess.run(command, cwd=study, capture_output=True, text=True, env=quietly())
    if run.returncode:
        said = (run.stdout + run.stderr).strip().splitlines()
        raise GlassboxError(f"{study}: Snakemake can't read this study:\n" + "\n".join(said[-20:]))
    return run.stdout + run.stderr


def _jobs(printed: str) -> list[Job]:
    jobs = []
    for found in JOB.finditer(INDENT.sub("", printed)):
        rule, body, command = found["rule"], found["body"], found["command"] or ""
        if not (outputs := _listed(body, "output")):
            continue
        program, arguments = told(command) or (rule, [])
        logs = _listed(body, "log") + _listed(body, "benchmark")
        reason = ", ".join(_listed(body, "reason"))
        jobs.append(Job(rule, outputs, logs, reason, program, arguments))
    return jobs


def _listed(body: str, key: str) -> list[str]:
    """The names after a key of a job's description."""
    found = re.search(rf"^    {key}: (.*)$", body, re.MULTILINE)
    return found[1].split(", ") if found else []
