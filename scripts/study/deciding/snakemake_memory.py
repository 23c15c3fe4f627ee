"""Snakemake's memory of what it made, answered by the records of jobs.

Snakemake decides by metadata of its own and by time stamps: it trusts what has none, can't tell
which file of a command is which, and takes a touched file for a new one. Here each of its questions
is answered by what the job's record says and by what lies there.
"""

from __future__ import annotations

import atexit

from snakemake import workflow
from snakemake.io import _IOFile
from snakemake.persistence import ParamsChange
from snakemake.persistence.file import FilePersistence
from snakemake.utils import format

from study.deciding.decisions import Decisions
from study.deciding.jobs import Job

_asked: list[Decisions] = []


def decide_by_records(decisions: Decisions) -> None:
    """Have Snakemake, in this process, ask these for every job whose files are on a file system."""
    _asked[:] = [decisions]
    atexit.register(decisions.files.keep)
    workflow.FilePersistence = Memory
    _IOFile.is_newer = _is_newer


def decisions() -> Decisions | None:
    """What Snakemake asks in this process, once it has read the rules."""
    return _asked[0] if _asked else None


class Reasons(ParamsChange):
    """Why a job has to run, where Snakemake expects what has changed in its params."""

    def __str__(self) -> str:
        return "; ".join(sorted(self.only_new))


class Memory(FilePersistence):
    """What Snakemake asks of its memory; of results elsewhere it remembers by itself."""

    def has_metadata(self, job) -> bool:
        return _has_record(job) or super().has_metadata(job)

    def has_outdated_metadata(self, job) -> bool:
        return not _has_record(job) and super().has_outdated_metadata(job)

    def params_changed(self, job, file=None):
        if not _has_record(job):
            return super().params_changed(job, file)
        targets = self.dag.targetjobs
        is_asked = job in targets or any(each.rule.name == "all" for each in targets)
        return Reasons(only_new=set(decisions().must_run(_job(job), is_asked)))

    def input_changed(self, job, file=None):
        return () if _has_record(job) else super().input_changed(job, file)

    def code_changed(self, job, file=None):
        return () if _has_record(job) else super().code_changed(job, file)

    def software_stack_changed(self, job, file=None):
        return () if _has_record(job) else super().software_stack_changed(job, file)


async def _is_newer(file: _IOFile, time: float, of_snakemake=_IOFile.is_newer) -> bool:
    """Time stamps decide nothing about files that records tell of."""
    return file.is_storage and await of_snakemake(file, time)


def _has_record(job) -> bool:
    return hasattr(job.output, "record") and not any(path.is_storage for path in job.output)


def _job(job) -> Job:
    return Job(
        job.rule.name,
        job.wildcards_dict,
        tuple(map(str, job.input)),
        tuple(map(str, job.output)),
        _command(job),
    )


class _Anywhere:
    """Stands in for resources, which say where a job runs and take long to find out."""

    def __getattr__(self, name: str) -> str:
        return "auto" if name == "device" else "0"


def _command(job) -> str:
    """The text of a job's command, as far as it says what is made."""
    return format(
        job.rule.shellcmd,
        **job.rule.workflow.globals
        | {
            "input": job.input,
            "output": job.output,
            "params": job.params,
            "wildcards": job.wildcards,
            "log": job.log,
            "threads": 1,
            "resources": _Anywhere(),
            "rule": job.rule.name,
        },
    )
