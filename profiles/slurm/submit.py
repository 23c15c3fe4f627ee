#!/usr/bin/env -S python3 -S -E
"""Submit a job of Snakemake's to Slurm, or take up the one that is at work on it already.

Prints the number that Slurm gave it. sbatch itself reads partition, account, QOS and more from
SBATCH_PARTITION, SBATCH_ACCOUNT, SBATCH_QOS ...; jobs with GPUs go to GLASSBOX_GPU_PARTITION, where
that is set.
"""

import os
import shlex
import shutil
import sys
from pathlib import Path

import slurm
from slurm import Job, say

PATIENCE = 3600
CONTROLLER = "Slurm's controller, which does not answer or takes no further jobs"
PLACES = ("SBATCH_PARTITION", "SBATCH_ACCOUNT", "SBATCH_QOS", "GLASSBOX_GPU_PARTITION")


def main(script: Path) -> None:
    job = Job.of_script(script.read_text(encoding="utf-8"))
    for key in job.before:
        old = Job.of_key(key)
        works = at_work(old)
        if old.answers(job) and (works or old.is_left_over()):
            state = "is at work since" if works else "was done after"
            say(f"{job.title} {state} an earlier run: taken up as Slurm job {old.number}")
            print(old.number)
            return
        if works:
            get_rid_of(old)
    job.write(script)
    number = submit(job)
    job.submitted(number)
    if job.turn > 1:
        say(f"{job.title}: try {job.turn} of {job.turns} is Slurm job {number}: {job.has()}")
    print(number)


def at_work(job: Job) -> bool:
    """Whether a submission is queued or running; waits for a controller that is away."""
    for _ in slurm.repeat(PATIENCE, 2, CONTROLLER):
        queue = slurm.queue() if job.exit is None else {}
        if queue is None:
            continue
        entry = job.find(queue)
        if job.exit is not None:
            return False
        if entry.state != "COMPLETED" or job.since("completed") > slurm.LATE:
            return entry.live
    raise AssertionError


def get_rid_of(job: Job) -> None:
    """Cancel a submission that makes what is no longer wanted, and wait until it is gone."""
    say(f"{job.title}: Slurm job {job.number} of an earlier run makes something else; cancelled")
    for turn in slurm.repeat(PATIENCE, 1, f"Slurm job {job.number} to be gone"):
        if turn % 10 == 0:
            slurm.cancel([job.number])
        queue = slurm.queue()
        if queue is not None and not job.find(queue).live:
            return


def submit(job: Job) -> str:
    """Slurm's number for a job; after a try without an answer, asks whether it was accepted."""
    try:
        for turn in slurm.repeat(PATIENCE, 5, CONTROLLER):
            queue = slurm.queue() if turn else {}
            if queue is None:
                continue
            if job.find(queue).state:
                return job.number
            done = slurm.run(command(job), text=batch_script(job), seconds=60)
            if done.returncode == 0:
                return done.stdout.strip().split(";")[0]
            if not slurm.PASSING.search(done.stderr):
                sys.exit(refusal(job, done.stderr.strip()))
    except KeyboardInterrupt:
        job.find(slurm.queue() or {})
        slurm.cancel([job.number] if job.number else [])
        raise
    raise AssertionError


def command(job: Job) -> list[str]:
    options = {
        "job-name": job.name.replace("/", "."),
        "comment": job.comment,
        "output": job.slurm_log("%j"),
        "cpus-per-task": job.threads,
        "mem": f"{job.mem_mb}M" if job.mem_mb else None,
        "time": job.runtime,
        "gres": f"gpu:{job.gpu}" if job.gpu else None,
        "partition": os.environ.get("GLASSBOX_GPU_PARTITION") if job.gpu else None,
    }
    given = [f"--{name}={value}" for name, value in options.items() if value is not None]
    return ["sbatch", "--parsable", "--no-requeue", "--nodes=1", "--ntasks=1", *given]


def batch_script(job: Job) -> str:
    program = Path(__file__).resolve().with_name("job.py")
    words = [sys.executable, "-S", "-E", str(program), job.key]
    return f"#!/bin/sh\nexec {shlex.join(words)}\n"


def refusal(job: Job, reason: str) -> str:
    places = [f"{name}={os.environ[name]}" for name in PLACES if os.environ.get(name)]
    return (
        f"glassbox: {job.title}: Slurm refuses it: {reason}\n"
        f"  it asks for {job.has()}; where it may run: {' '.join(places) or 'nothing is set'}\n"
        f"  (docs/cluster.md, 'What to set')"
    )


if __name__ == "__main__":
    if shutil.which("sbatch") is None:
        sys.exit("glassbox: no sbatch here: profiles/slurm is for machines that submit to Slurm")
    main(Path(sys.argv[1]))
