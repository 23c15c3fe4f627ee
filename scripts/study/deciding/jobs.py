"""The jobs that Snakemake would run now, as its own dry run tells them."""

from __future__ import annotations

import json
import logging
import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import TopologicalSorter
from multiprocessing.connection import Connection

from study.deciding.told import Told, by_option, files_named, told
from study.home import need_no_home


@dataclass(frozen=True, eq=False)
class Job:
    """One job of a run: what it would read and make, by which command, and why.

    reason: Snakemake's; reasons: those that it has whatever other jobs make, in words; seconds: how
    long it took before, or others of its rule did, as far as records tell.
    """

    rule: str
    wildcards: dict[str, str]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    command: str
    reason: str = ""
    reasons: tuple[str, ...] = ()
    seconds: float | None = None

    @property
    def name(self) -> str:
        """The rule, and what tells its jobs apart."""
        return " ".join([self.rule, *self.wildcards.values()])

    @cached_property
    def told(self) -> Told | None:
        """The program that its command runs, and the arguments that it is given."""
        return told(self.command)

    @cached_property
    def options(self) -> dict[str, list[str]]:
        """Those arguments by option."""
        return by_option(self.told.arguments) if self.told else {}

    @property
    def config(self) -> dict:
        """The slice of the config that its program is given."""
        given = self.options.get("--config", [])
        return json.loads(given[0]) if given else {}

    @property
    def record(self) -> str | None:
        """The file of its record."""
        return next(iter(self.options.get("--record", [])), None)

    @property
    def files(self) -> list[str]:
        """The files of the project that its command names beside results."""
        return files_named(self.told.arguments)

    @property
    def products(self) -> tuple[str, ...]:
        """Its outputs but the record."""
        return tuple(path for path in self.outputs if path != self.record)


ELSEWHERE = (
    "error: results that are not on a file system ({}) can't be compared with their records\n"
    "  what to do: give Snakemake itself the same options, with --dry-run to see its plan"
)


NOTES = "glassbox.notes"  # the log of what the workflow says of a config; who plans reads it


class CannotPlan(Exception):
    """What Snakemake would run can't be told; without a message, it has said why itself."""


@dataclass(frozen=True)
class Plan:
    """The jobs that a run would make, in no order, and what there is to say of it.

    adopted: jobs whose record is lost though what they made is there, with what tells so.
    """

    jobs: list[Job]
    notes: list[str]
    adopted: dict[Job, str] = field(default_factory=dict)


def planned(arguments: Sequence[str]) -> Plan:
    """What `snakemake <arguments>` would run.

    The dry run happens in a process of its own: Snakemake is made for one run a process.
    """
    need_no_home()
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_dry_run, args=(list(arguments), sender))
    process.start()
    sender.close()
    try:
        plan = receiver.recv()
    except EOFError:
        plan = None
    process.join()
    if plan is None:
        raise CannotPlan
    elsewhere = [path for job in plan.jobs for path in job.outputs if "://" in path]
    if elsewhere:
        raise CannotPlan(ELSEWHERE.format(elsewhere[0].split()[0]))
    return plan


def certain(jobs: Sequence[Job]) -> list[Job]:
    """The jobs that must run whatever the others make, each after those that it waits for.

    A job has a reason of its own if it would run though its inputs stayed as they are; one that
    waits for a job which is not certain may yet find that it need not run. What makes no file has
    nothing to compare.
    """
    found: dict[Job, bool] = {}
    behind = waits_for(jobs)
    for job in TopologicalSorter(behind).static_order():
        has_own = bool(job.reasons) or not job.outputs
        found[job] = has_own and all(found[other] for other in behind[job])
    return [job for job, is_certain in found.items() if is_certain]


def waits_for(jobs: Sequence[Job]) -> dict[Job, set[Job]]:
    """For each job those that make what it reads."""
    makers = {output: job for job in jobs for output in job.outputs}
    return {job: {makers[path] for path in job.inputs if path in makers} for job in jobs}


def _dry_run(arguments: list[str], sender: Connection) -> None:
    from snakemake import cli

    from study.deciding import snakemake_memory as memory

    found = Plan([], [])

    def collect(record: logging.LogRecord) -> bool:
        if getattr(record, "event", None) == "job_info":
            found.jobs.append(_job(record))
        return record.levelno >= logging.WARNING

    def note(record: logging.LogRecord) -> bool:
        found.notes.append(record.getMessage())
        return False

    logging.getLogger("snakemake.logging").addFilter(collect)
    logging.getLogger(NOTES).setLevel(logging.INFO)
    logging.getLogger(NOTES).addFilter(note)
    place = arguments.index("--") if "--" in arguments else len(arguments)
    options, targets = arguments[:place], arguments[place:]
    try:
        # In place of the user's --quiet, under which Snakemake tells of no jobs.
        cli.main(["--dry-run", *options, "--quiet", "host", *targets])
    except SystemExit as end:
        if not end.code:
            decisions = memory.decisions()
            sender.send(decisions.completed(found) if decisions else found)


def _job(record: logging.LogRecord) -> Job:
    return Job(
        record.rule_name,
        dict(record.wildcards or {}),
        tuple(record.input),
        tuple(record.output),
        record.shellcmd or "",
        record.reason,
    )
