"""The study on a real Slurm of four nodes: from start to report, and through every fault.

Faults are met by small jobs of tests/slurm/Snakefile, which the study's own profile runs.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
import rig as rigs
import workflow
import yaml

HERE = Path(__file__).parent / "slurm"
PROFILE = ["--workflow-profile", "profiles/slurm"]
LACKING = rigs.missing()

pytestmark = pytest.mark.skipif(bool(LACKING), reason=f"Slurm: {LACKING}")


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[rigs.Rig]:
    cluster = rigs.Rig(tmp_path_factory.mktemp("slurm"))
    try:
        yield cluster.start()
    finally:
        cluster.stop()


class Run:
    """A run of Snakemake on the cluster, that can be killed."""

    def __init__(self, rig: rigs.Rig, folder: Path, *arguments: str) -> None:
        self.output = folder / f"run-{time.monotonic_ns()}.txt"
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "snakemake", *PROFILE, *arguments],
                cwd=folder,
                env=os.environ | rig.environment | {"PATH": path},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def printed(self) -> str:
        return self.output.read_text()

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self, seconds: float) -> int:
        """Wait for the end; a run that hangs fails the test."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            pytest.fail(f"the run hangs:\n{self.printed[-3000:]}")


def small_study(folder: Path, faults: dict[str, str]) -> Path:
    """The small jobs of the fault tests, with the profile and what it needs."""
    for part in ("profiles/slurm", "scripts/study"):
        shutil.copytree(workflow.ROOT / part, folder / part)
    for name in ("Snakefile", "work.py"):
        shutil.copy2(HERE / name, folder / name)
    (folder / "faults").mkdir()
    for name, fault in faults.items():
        (folder / "faults" / name).write_text(fault)
    return folder


def names(*jobs: str) -> list[str]:
    return ["--config", f"names={' '.join(jobs)}"]


def lives(folder: Path, name: str) -> list[str]:
    """The Slurm jobs that worked on an output, in turn; one that comes back appears twice."""
    lines = (folder / "events" / name).read_text().splitlines()
    return [job for job, _ in groupby(line.split()[0] for line in lines)]


def begins(folder: Path, name: str) -> bool:
    return (folder / "events" / name).exists()


def job_of(rig: rigs.Rig, name: str) -> tuple[str, str]:
    """Number and node of the running job of a name."""
    found = {job: node for job, (each, _, node) in rig.jobs("running").items() if each == name}
    ((number, node),) = found.items()
    return number, node


def said(printed: str, job: str) -> str:
    """What the user reads of the first failure of a job."""
    found = re.search(rf"^glassbox: {job} FAILED: (?:.*\n)(?:    .*\n)+", printed, re.MULTILINE)
    assert found, f"nothing said of {job}:\n{printed[-3000:]}"
    return found[0]


FAULTS = {
    "cancelled": "sleep 300",
    "crashed": "sleep 300",
    "lost": "sleep 300",
    "slow": "sleep 300",
    "hungry": "memory 200",
    "wrong": "error",
}


@pytest.fixture(scope="module")
def faults(rig: rigs.Rig, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, dict]:
    """A run whose jobs meet faults: folder, what it printed, first jobs and their nodes by name."""
    folder = small_study(tmp_path_factory.mktemp("small study"), FAULTS)
    run = Run(rig, folder, *names("calm", *FAULTS))
    first = {}
    for name in ("cancelled", "crashed", "lost", "slow"):
        rig.wait_for(lambda name=name: begins(folder, name), name)
        first[name] = job_of(rig, f"work.{name}")
    rig.command("scancel", first["cancelled"][0])
    rig.crash_node(first["crashed"][1])
    rig.lose_node(first["lost"][1])
    rig.start_node(first["crashed"][1])
    assert run.end(600) == 1, run.printed[-3000:]
    return folder, run.printed, first


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("cancelled", "cancelled with scancel"),
        ("crashed", "its node {node} was lost"),
        ("lost", "its node {node} was lost"),
        ("slow", "out of time; its limit was 1 minutes"),
        ("hungry", "out of memory; it had 250 MB"),
    ],
)
def test_a_fault_is_named_and_its_job_alone_is_tried_again(
    faults: tuple[Path, str, dict], name: str, cause: str
) -> None:
    folder, printed, first = faults
    number, node = first.get(name, (lives(folder, name)[0], ""))
    message = said(printed, f"work {name}")
    assert cause.format(node=node) in message
    assert f"Slurm job {number} on n" in message
    assert "try 1 of 3\n    try 2 of 3 follows" in message
    assert f"log: logs/{name}.log" in message
    log = re.search(r"Slurm's log: (.*)", message)[1]
    assert log == f"logs/slurm/work/{name}.{number}.log" and (folder / log).exists()
    assert (folder / "results" / f"{name}.txt").read_text() == f"{name} first\n"
    assert len(lives(folder, name)) == 2, "two jobs, one after the other"
    assert len(lives(folder, "calm")) == 1


def test_a_job_gets_the_gpus_that_it_asks_for(faults: tuple[Path, str, dict]) -> None:
    folder, _, _ = faults
    assert (folder / "logs/calm.log").read_text() in ("GPUs: 0,1\n", "GPUs: 1,0\n")
    assert (folder / "logs/slow.log").read_text() in ("GPUs: None\n", "GPUs: \n")


def test_three_tries_are_three(faults: tuple[Path, str, dict]) -> None:
    folder, printed, _ = faults
    assert len(lives(folder, "wrong")) == 3
    assert "its program ended with an error" in said(printed, "work wrong")
    assert "try 3 of 3\n    given up" in printed
    assert not (folder / "results/wrong.txt").exists()
    kept = (folder / "logs/slurm/failures.log").read_text()
    assert len(re.findall("work wrong FAILED", kept)) == 3


def test_a_controller_that_is_away_for_half_a_minute_costs_nothing(
    rig: rigs.Rig, tmp_path: Path
) -> None:
    folder = small_study(tmp_path / "study", {"early": "sleep 8", "late": "sleep 35"})
    run = Run(rig, folder, *names("early", "early.after", "late"))
    rig.wait_for(lambda: begins(folder, "early") and begins(folder, "late"), "both to run")
    rig.stop_controller()
    time.sleep(30)
    rig.start_controller()
    assert run.end(400) == 0, run.printed[-3000:]
    for name in ("early", "early.after", "late"):
        assert len(lives(folder, name)) == 1
    assert "Slurm's controller" in run.printed
    assert "FAILED" not in run.printed


def test_a_job_of_a_killed_run_is_taken_up_if_it_is_still_what_is_wanted(
    rig: rigs.Rig, tmp_path: Path
) -> None:
    folder = small_study(tmp_path / "study", {"long": "sleep 15", "short": "sleep 4"})
    run = Run(rig, folder, *names("long", "short"))
    rig.wait_for(lambda: begins(folder, "long") and begins(folder, "short"), "both to run")
    run.kill()
    forget_number(folder, job_of(rig, "work.long")[0])
    rig.wait_for(lambda: (folder / "results/short.txt").exists(), "the end of the short one")
    again = Run(rig, folder, *names("long", "short"))
    assert again.end(400) == 0, again.printed[-3000:]
    assert "work long is at work since an earlier run: taken up" in again.printed
    assert "work short was done after an earlier run: taken up" in again.printed
    assert len(lives(folder, "long")) == len(lives(folder, "short")) == 1
    assert "Nothing to be done" in finished(rig, folder, *names("long", "short"))
    changed = [*names("long", "short"), "wanted=second"]
    assert finished(rig, folder, "--dry-run", *changed).count("Params have changed") == 2


def test_a_job_of_a_killed_run_that_makes_something_else_gives_way(
    rig: rigs.Rig, tmp_path: Path
) -> None:
    folder = small_study(tmp_path / "study", {"long": "sleep 300"})
    run = Run(rig, folder, *names("long"))
    rig.wait_for(lambda: begins(folder, "long"), "it to run")
    run.kill()
    local = Run(rig, folder, *names("long"), "--workflow-profile", "none", "--cores", "1")
    assert local.end(200) == 1
    assert "Slurm jobs of an earlier run are at work in this folder" in local.printed
    printed = finished(rig, folder, *names("long"), "wanted=second")
    assert "makes something else; cancelled" in printed
    assert (folder / "results/long.txt").read_text() == "long second\n"
    assert len(lives(folder, "long")) == 2


def test_a_job_that_could_never_start_fails_at_once(rig: rigs.Rig, tmp_path: Path) -> None:
    folder = small_study(tmp_path / "study", {})
    asked = ["--set-resources", "work:runtime=9999", "--retries", "0"]
    run = Run(rig, folder, *names("calm"), *asked)
    assert run.end(200) == 1
    assert "it would wait for ever (PartitionTimeLimit)" in run.printed


def forget_number(folder: Path, number: str) -> None:
    """As if Snakemake had been killed before Slurm's answer to the submission was noted."""
    home = folder / ".snakemake/slurm"
    (home / "jobs" / (home / "numbers" / number).read_text() / "number").unlink()
    (home / "numbers" / number).unlink()


def finished(rig: rigs.Rig, folder: Path, *arguments: str) -> str:
    run = Run(rig, folder, *arguments)
    assert run.end(400) == 0, run.printed[-3000:]
    return run.printed


# One work has jobs in every stage.
ONE_WORK = ["--config", "scale=smoke", "works=[lee2019]"]


def test_the_study_comes_from_start_to_report_though_snakemake_is_killed(
    rig: rigs.Rig, study: Path, tmp_path: Path
) -> None:
    folder = workflow.copy_checkout(tmp_path / "a study")
    before = set(rig.jobs("all"))
    run = Run(rig, folder, *ONE_WORK)
    rig.wait_for(lambda: "training." in str(rig.jobs("running")), "training", 600)
    time.sleep(1)
    run.kill()
    made = identities(folder)
    again = Run(rig, folder, *ONE_WORK)
    assert again.end(1200) == 0, again.printed[-3000:]
    assert "taken up as Slurm job" in again.printed
    submitted = [name for number, (name, *_) in rig.jobs("all").items() if number not in before]
    twice = {name for name in submitted if submitted.count(name) > 1}
    assert twice == set(), f"submitted twice: {twice}\n{again.printed}"
    assert made.items() <= identities(folder).items(), "a finished file was written again"
    workflow.snakemake(study, *ONE_WORK)  # claims and report, as they are of this work alone
    ours, local = contents(folder), contents(study)
    assert ours.keys() <= local.keys()
    assert {path for path in ours if ours[path] != local[path]} == set()
    assert workflow.incomplete(folder) == set()
    assert set(workflow.would_run(folder, *ONE_WORK)) <= {"all"}


def test_every_rule_that_shares_slurm_jobs_makes_there_what_it_makes_elsewhere(
    rig: rigs.Rig, study: Path
) -> None:
    before = contents(study)
    profile = yaml.safe_load((study / PROFILE[1] / "config.yaml").read_text())
    records = study / "results/records"
    some = [min((records / rule).rglob("*.json")) for rule in profile["groups"]]  # a job of each
    for record in some:
        workflow.forget(study, str(record.relative_to(records)))
    targets = [str(record.relative_to(study)) for record in some]
    run = Run(rig, study, *workflow.SMOKE, "--", *targets)
    assert run.end(1200) == 0, run.printed[-3000:]
    assert contents(study) == before


def identities(folder: Path) -> dict[str, tuple[int, int]]:
    files = {path: file for path, file in workflow.results(folder).items() if "/." not in path}
    return {path: (file.stat().st_ino, file.stat().st_mtime_ns) for path, file in files.items()}


def contents(folder: Path) -> dict[str, bytes]:
    """All results but the records, which hold times and places."""
    files = workflow.results(folder).items()
    return {path: file.read_bytes() for path, file in files if "/records/" not in path}
