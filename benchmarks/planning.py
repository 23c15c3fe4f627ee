"""A dry run, a plan and a run with nothing to do, for a study of 2,000 jobs.

The study is the smoke one with many replicates, each in a block of its own. Empty files stand in
for its outputs, which Snakemake is told to take for finished: only the planning is measured.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from timing import report

from study.jobs import planned

ROOT = Path(__file__).resolve().parents[1]
PARTS = ["Snakefile", "config.yaml", "config", "rules", "scripts", "profiles", "envs"]
JOBS, SECONDS, MEGABYTES = 2000, 10, 500
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
    measure("dry run with nothing to do", [*SNAKEMAKE, "--dry-run", *OPTIONS])
    measure("run with nothing to do", [sys.executable, "scripts/study/run.py", *OPTIONS])


def many_jobs() -> list:
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


def stand_in_for(jobs: list) -> None:
    """Make every output, empty, and have Snakemake note that its job is done."""
    for job in jobs:
        for output in map(Path, job.outputs):
            output.parent.mkdir(parents=True, exist_ok=True)
            if output.suffix:
                output.touch()
            else:
                output.mkdir(exist_ok=True)
    quietly([*SNAKEMAKE, "--touch", "--cores", "1", *OPTIONS])


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
