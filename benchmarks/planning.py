"""A dry run, a plan and a run with nothing to do, for a study of 2,000 jobs.

The study is the smoke one with many replicates, each in a block of its own. Empty files stand in
for its outputs, with the records of jobs that made them so: only the planning is measured. The
first dry run with nothing to do reads all files, the second finds them known.
"""

import hashlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from timing import report

from glassbox.digests import write_json
from study.deciding.jobs import Job, planned
from study.deciding.known_code import KnownCode
from study.deciding.told import chosen
from study.record import environment

ROOT = Path(__file__).resolve().parents[1]
PARTS = ["Snakefile", "config.yaml", "config", "rules", "scripts", "profiles", "envs"]
JOBS, SECONDS, MEGABYTES = 2000, 10, 500
EMPTY = hashlib.sha256(b"").hexdigest()
SNAKEMAKE = [sys.executable, "-m", "snakemake"]
OPTIONS = ["--configfile", "config/many.yaml", "--config", "scale=smoke"]


def main(folder: Path) -> None:
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, folder / part)
    os.chdir(folder)
    jobs = many_jobs()
    measure(f"dry run of {len(jobs)} jobs", [*SNAKEMAKE, "--dry-run", *OPTIONS])
    stand_in_for(jobs)
    measure("first dry run with nothing to do", [*SNAKEMAKE, "--dry-run", *OPTIONS])
    measure("dry run with nothing to do", [*SNAKEMAKE, "--dry-run", *OPTIONS])
    measure("run with nothing to do", [sys.executable, "scripts/study/run.py", *OPTIONS])


def many_jobs() -> list[Job]:
    """The jobs of the smoke study with as many replicates as make at least JOBS jobs."""
    ask(2)
    two = len(planned(OPTIONS).jobs)
    ask(3)
    each = len(planned(OPTIONS).jobs) - two
    ask(3 + (JOBS - two) // each)
    return planned(OPTIONS).jobs


def ask(replicates: int) -> None:
    Path("config/many.yaml").write_text(
        f"replicates: {replicates}\ntogether: 1\n", encoding="utf-8"
    )


def stand_in_for(jobs: list[Job]) -> None:
    """Make every output, empty, and the record of a job that made it so."""
    codes = KnownCode(Path())
    for job in jobs:
        for output in map(Path, job.products):
            output.parent.mkdir(parents=True, exist_ok=True)
            if is_file(output):
                output.touch()
            else:
                output.mkdir(exist_ok=True)
        if job.record:
            write_json(Path(job.record), record_of(job, codes))


def record_of(job: Job, codes: KnownCode) -> dict:
    """What a job that read and made empty files would have recorded."""
    modules = chosen(job.config, job.options.get("--kind", ()))
    code = codes.of_program(job.told.program, modules)
    return {
        "program": job.told.program,
        "arguments": job.told.arguments,
        "config": job.config,
        "command": job.options["--command"][0],
        "code": code.definitions,
        "fingerprint": code.fingerprint,
        "files": codes.of_files(job.files),
        "inputs": {path: EMPTY for path in job.inputs if is_file(path)},
        "outputs": {path: EMPTY for path in job.products if is_file(path)},
        "environment": environment(),
        **dict.fromkeys(("started", "finished"), "2026-01-01T00:00:00.000+00:00"),
    }


def is_file(path: str | Path) -> bool:
    """Whether an output is no folder, whose name may end with the size of an attack."""
    return Path(path).suffix[1:2].isalpha()


def measure(what: str, command: list[str]) -> None:
    start = time.perf_counter()
    quietly(command)
    report(f"{what}: seconds", time.perf_counter() - start, SECONDS)
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    report(f"{what}: MB at most so far", megabytes, MEGABYTES)


def quietly(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(Path(folder))
