"""A run killed with SIGKILL in the middle of each stage loses nothing and leaves no half result."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import workflow

from study.orphans import at_work

STAGES = ["datasets", "models", "activations", "analyses", "claims", "figures", "report"]
# One work has jobs in every stage.
WORK = ["--config", "scale=smoke", "works=[lee2019]"]
# Figures don't wait for claims: a run for the claims alone leaves figures to be killed in.
TARGETS = {"claims": ["results/claims/verdicts.parquet"]}


def test_the_next_run_redoes_the_interrupted_jobs_alone(tmp_path: Path) -> None:
    folder = workflow.copy_checkout(tmp_path / "study")
    finished: dict[str, tuple[int, int]] = {}
    for stage in STAGES:
        interrupted = kill_in(folder, stage)
        assert any(output.startswith(f"results/{stage}/") for output in interrupted), stage
        assert finished.items() <= identities(folder).items(), f"redone before {stage} was killed"
        begun = {path for output in interrupted for path in below(folder, output)}
        finished = {path: at for path, at in identities(folder).items() if path not in begun}
    workflow.snakemake(folder, *WORK)
    assert finished.items() <= identities(folder).items()
    assert not list((folder / "results").rglob("*.part"))
    assert workflow.incomplete(folder) == set()
    assert workflow.would_run(folder, *WORK) == {}


def test_jobs_that_wait_for_a_core_are_looked_over_when_one_ends(tmp_path: Path) -> None:
    folder = workflow.copy_checkout(tmp_path / "study")
    targets = [
        f"results/datasets/jumps/{draw}/{split}.parquet"
        for draw in (0, 1)
        for split in ("train", "test")
    ]
    log = workflow.snakemake(folder, "--cores", "1", "--verbose", "--", *targets)
    assert log.count("Ready jobs: ") <= 1 + len(targets), "more than once for each that ended"


def test_a_second_run_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    folder = workflow.copy_checkout(tmp_path / "study")
    first = start(folder)
    wait_for_job_of(folder, "datasets", first)
    printed = workflow.snakemake(folder, check=False)
    kill(first)
    assert "another run is at work in this folder" in printed


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_a_study_that_is_ended_starts_nothing_further(tmp_path: Path, sign: int) -> None:
    folder = workflow.copy_checkout(tmp_path / "study")
    study = subprocess.Popen(
        [sys.executable, "scripts/study/run.py", *workflow.SMOKE, "--cores", "1"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for_job_of(folder, "datasets", study)
    study.send_signal(sign)
    said = study.communicate(timeout=120)[1]
    deadline = time.monotonic() + 60
    while at_work := processes_in(folder):
        assert time.monotonic() < deadline, f"still there: {at_work}"
        time.sleep(0.1)
    made = identities(folder)
    assert len([path for path in made if path.startswith("results/datasets")]) < 20, "went on"
    assert workflow.incomplete(folder) == set(), "what was at work is done"
    if sign == signal.SIGTERM:
        assert study.returncode == 128 + sign
        assert said.endswith("ended by SIGTERM; the next run goes on from here\n")


@pytest.mark.skipif(not Path("/proc").exists(), reason="Linux alone tells of processes")
def test_a_job_whose_run_was_killed_is_named_by_the_next(tmp_path: Path) -> None:
    folder = workflow.copy_checkout(tmp_path / "study")
    run = start(folder, "--", "results/models/digits-5/0-1/weights.safetensors")
    wait_for_job_of(folder, "models", run)
    os.kill(run.pid, signal.SIGKILL)  # it alone, and not its jobs
    run.wait()
    orphans = at_work(folder)
    for number in orphans:
        os.kill(number, signal.SIGSTOP)  # so that it is still there
    printed = workflow.snakemake(folder, check=False)
    for number in orphans:
        os.kill(number, signal.SIGKILL)
    assert "jobs of a run that was killed are at work in this folder:" in printed
    for number, job in orphans.items():
        assert f"  {job}, process {number}\n" in printed
    assert f"or stop them with: kill {' '.join(map(str, orphans))}\n" in printed
    assert any(job.startswith("training/") for job in orphans.values())


def processes_in(folder: Path) -> list[str]:
    """The commands of the processes that are at work in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == folder:
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:  # it has ended, or is another user's
            continue
    return [command for command in found if command]


def kill_in(folder: Path, stage: str) -> set[str]:
    """Start a run, kill it and all its jobs as soon as one of the stage is at work.

    Returns the outputs of the jobs that it interrupted.
    """
    run = start(folder, *WORK, "--", *TARGETS.get(stage, []))
    wait_for_job_of(folder, stage, run)
    kill(run)
    return workflow.incomplete(folder)


def start(folder: Path, *arguments: str) -> subprocess.Popen:
    return subprocess.Popen(
        workflow.command("--cores", "2", *arguments),
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def kill(run: subprocess.Popen) -> None:
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()


def wait_for_job_of(folder: Path, stage: str, run: subprocess.Popen) -> None:
    """Until Snakemake has begun a job of the stage, by its own marks."""
    deadline = time.monotonic() + 300
    before = workflow.incomplete(folder)
    while time.monotonic() < deadline:
        begun = workflow.incomplete(folder) - before
        if any(output.startswith(f"results/{stage}/") for output in begun):
            time.sleep(0.2)
            return
        if run.poll() is not None:
            pytest.fail(f"the run ended before a job of {stage} was seen")
        time.sleep(0.01)
    pytest.fail(f"no job of {stage} began")


def identities(folder: Path) -> dict[str, tuple[int, int]]:
    """Inode and time of every result: a file that is written again gets others."""
    return {
        path: (file.stat().st_ino, file.stat().st_mtime_ns)
        for path, file in workflow.results(folder).items()
        if not re.search(r"/\.[^/]*\.part", path)
    }


def below(folder: Path, output: str) -> set[str]:
    return {path for path in workflow.results(folder) if (path + "/").startswith(output + "/")}
