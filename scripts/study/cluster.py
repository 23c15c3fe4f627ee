"""What a run tells the programs of profiles/slurm about its jobs, which Snakemake does not."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.logging import logger
from snakemake.workflow import Workflow
from snakemake_interface_executor_plugins.utils import encode_target_jobs_cli_args

HOME = Path(".snakemake/slurm")
FAILURES = Path("logs/slurm/failures.log")


def describe(workflow: Workflow) -> None:
    """Write what each job of this run asks for, if it is one on a cluster.

    By target, as Snakemake's job scripts name it: outputs with the marks of incompleteness that
    Snakemake makes for them, inputs, logs, how many tries it has, and a digest of its params, which
    hold its slices of config and code. A run without a cluster is refused while jobs of an earlier
    run on one are at work here.
    """
    if workflow.local_exec:
        return _refuse_beside_jobs()
    _forget_ended()
    jobs = workflow.dag.needrun_jobs()
    wanted = {encode_target_jobs_cli_args(job.get_target_spec())[0]: _of(job) for job in jobs}
    (HOME / "wanted.json").write_text(json.dumps(wanted))


def point_to_failures(workflow: Workflow) -> None:
    """Say where the failures of jobs on a cluster are written down, when a run ends with some."""
    if not workflow.local_exec and FAILURES.exists():
        logger.info(f"What failed on the cluster, and why: {FAILURES}")


def _refuse_beside_jobs() -> None:
    """Two jobs never write the same outputs at once, also where one is of a killed run."""
    open_ends = [each for each in HOME.glob("jobs/*") if not (each / "exit").exists()]
    queued = _queued() if open_ends else set()
    notes = {each: each / "number" for each in open_ends}
    numbers = {each: note.read_text() for each, note in notes.items() if note.exists()}
    working = [each for each in open_ends if numbers.get(each) in queued or _is_alive(each)]
    if working:
        known = " ".join(sorted(numbers.get(each, "?") for each in working))
        raise WorkflowError(
            f"Slurm jobs of an earlier run are at work in this folder: {known}.\n"
            "Go on with --workflow-profile profiles/slurm, which takes them up, "
            f"or stop them with: scancel {known}"
        )


def _queued() -> set[str]:
    """The numbers of the user's jobs that are queued or running, where Slurm answers."""
    if not shutil.which("squeue"):
        return set()
    command = ["timeout", "20", "squeue", f"--user={os.getuid()}", "--noheader", "--format=%i"]
    return set(subprocess.run(command, capture_output=True, text=True).stdout.split())


def _of(job) -> dict:
    persistence = job.dag.workflow.persistence
    params = json.dumps(sorted(map(repr, job.params)))
    marks = persistence._incomplete_path
    return {
        "outputs": {str(path): persistence._record_path(marks, str(path)) for path in job.output},
        "inputs": [str(path) for path in job.input],
        "logs": [str(path) for path in job.log],
        "runtime": job.resources.get("runtime", 0),
        "turns": job.restart_times + 1,
        "asked": hashlib.sha256(params.encode()).hexdigest(),
    }


def _forget_ended() -> None:
    """Remove the records of jobs whose end Snakemake knows: none of their marks is left."""
    (HOME / "jobs").mkdir(parents=True, exist_ok=True)
    for folder in (HOME / "jobs").iterdir():
        record = folder / "job.json"
        marks = json.loads(record.read_text())["markers"] if record.exists() else []
        if not any(Path(mark).exists() for mark in marks) and not _is_alive(folder):
            shutil.rmtree(folder)
    kept = {folder.name for folder in (HOME / "jobs").iterdir()}
    for each in [*HOME.glob("claims/*"), *HOME.glob("numbers/*")]:
        if each.read_text() not in kept:
            each.unlink()


def _is_alive(folder: Path) -> bool:
    """Whether a process of the job holds its lock, on a node that Slurm may have lost."""
    if not (folder / "alive").exists():
        return False
    with (folder / "alive").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return not (folder / "exit").exists()
    return False
