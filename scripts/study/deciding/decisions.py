"""Whether results are what their jobs would make now, by the records of the jobs that made them.

A record says what its job was told and read, which code it ran, on which packages, and the SHA-256
of all that it made. A result counts for as long as all of that is so, whoever made it and wherever
it was copied from. One whose record is lost counts where another record tells its SHA-256.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from os.path import exists
from pathlib import Path

from glassbox.processors import mixture
from study.archiving.records import files_of
from study.deciding import packages, reasons
from study.deciding.jobs import Job, Plan
from study.deciding.known_code import KnownCode
from study.deciding.known_files import KnownFiles
from study.deciding.reasons import ALTERED, NOT_THERE
from study.deciding.sections import Sections
from study.deciding.told import chosen
from study.deciding.witnesses import Witnesses

SOME = 8  # files that are named one by one


class Decisions:
    """What has to be made, as far as files, records and code tell; paths are relative to here."""

    def __init__(self, codes: KnownCode, files: KnownFiles, sections: Sections) -> None:
        self.codes, self.files, self.sections = codes, files, sections
        self.witnesses = Witnesses(files)
        self.adopted: dict[Job, str] = {}
        self.decided: dict[str, list[str]] = {}

    def must_run(self, job: Job, is_asked: bool) -> list[str]:
        """Why a job has to run; one that only lacks files is left alone if they aren't asked for.

        Snakemake makes it then if a job that has to run reads them.
        """
        found = self.own_reasons(job)
        lacks = all(each.startswith(NOT_THERE) for each in found)
        return [] if lacks and not is_asked and self.witnesses.record(job.record) else found

    def own_reasons(self, job: Job) -> list[str]:
        """Why a job would run even if its inputs stayed as they are; none for one that follows."""
        if not job.record:
            return []
        if job.record not in self.decided:
            self.decided[job.record] = self._own_reasons(job)
        return self.decided[job.record]

    def completed(self, plan: Plan) -> Plan:
        """A plan with the reasons of its jobs, and what was found on the way; keeps what is known.

        What Snakemake says counts for a job that has no other reason.
        """
        jobs = [
            replace(
                job,
                reasons=tuple(self.own_reasons(job) or reasons.as_snakemake_says(job)),
                seconds=self.witnesses.seconds(job),
            )
            for job in plan.jobs
        ]
        self.files.keep()
        return Plan(jobs, [*plan.notes, *self.notes()], self.adopted)

    def notes(self) -> Iterator[str]:
        """What there is to say of the results as they lie here."""
        if read := self.files.read:
            size = f"{sum(read.values()) / 1e6:.0f} MB"
            yield f"read, since they are new here or were touched: {len(read)} files, {size}"
        for job, witness in self.adopted.items():
            said = "tells that its files are what was made, though not with which config"
            yield f"{job.record} is lost, and is made anew: {witness} {said}"
        if mixed := mixture(self.witnesses.records.values()):
            yield f"the results are from a mixture of processors: {mixed}"

    def _own_reasons(self, job: Job) -> list[str]:
        record = self.witnesses.record(job.record)
        absent = self._absent(job, record)
        if not record:
            return [f"{NOT_THERE}: {absent}"] if absent else self._without_record(job)
        if absent:
            return [f"{NOT_THERE}: {absent}", *self._unlike(job, record)]
        return [*self._altered(job, record), *self._unlike(job, record)]

    def _unlike(self, job: Job, record: dict) -> list[str]:
        """What a job would be given otherwise than its record says."""
        modules = chosen(job.config, job.options.get("--kind", ()))
        code = self.codes.of_program(job.told.program, modules)
        return [
            *reasons.of_config(job, record, self.sections.of(job)),
            *reasons.of_code({**code.definitions, **self.codes.of_files(job.files)}, record),
            *reasons.of_arguments(job, record),
            *reasons.of_inputs(record, self.witnesses.known),
            *reasons.of_packages(packages.versions(tuple(code.packages)), record),
        ]

    def _absent(self, job: Job, record: dict | None) -> str | None:
        """A product that is not there, and that the archive here did not have to hold."""
        made = (record or {}).get("outputs", {})
        held = self.witnesses.held_back
        wanted = (path for path in job.products if path not in held or held[path] != made.get(path))
        return next((path for path in wanted if not exists(path)), None)

    def _without_record(self, job: Job) -> list[str]:
        if witness := self.witnesses.of(job):
            self.adopted[job] = witness
            return []
        return [f"its record is lost, and no other tells what lies here: {job.record}"]

    def _altered(self, job: Job, record: dict) -> Iterator[str]:
        """Files that are not as the job made them, or that lie in its folders and are not its."""
        wrong = []
        for path, digest in record["outputs"].items():
            found = self.files.digest(path)
            if found is None and path not in self.witnesses.held_back:
                wrong.append(f"{ALTERED}: {path} is gone")
            elif found not in (digest, None):
                wrong.append(f"{ALTERED}: {path}")
        files = {path.as_posix() for path in files_of(map(Path, job.products))}
        others = files - record["outputs"].keys()
        wrong += [f"{ALTERED}: {path}, which no job made" for path in sorted(others)]
        yield from wrong[:SOME]
        if len(wrong) > SOME:
            yield f"{ALTERED}: {len(wrong) - SOME} more of its files"
