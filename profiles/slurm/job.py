"""Run one submission on its node: Snakemake's script for it, and a note of how that ended.

Two submissions never write the same outputs at once, even where Slurm took a node for lost whose
processes lived on: each ends itself when its outputs are claimed by a later one, and the later one
waits for that.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import slurm
from slurm import Job, say

LOOK = 2
PATIENCE = 120


def main(key: str) -> int:
    job = Job.of_key(key)
    with open(job.folder / "alive", "w", encoding="utf-8") as alive:
        lock(alive)
        slurm.write(job.folder / "node", os.environ.get("SLURMD_NODENAME", "?"))
        # A run that was killed as Slurm took the job has not noted its number.
        job.submitted(os.environ["SLURM_JOB_ID"])
        for earlier in job.before:
            wait_for_end(slurm.HOME / "jobs" / earlier)
        code = run(job)
        slurm.write(job.folder / "exit", str(code))
    return code


def run(job: Job) -> int:
    """The exit status of Snakemake's script; 1 as soon as the outputs are another's."""
    if not job.holds_its_claims():
        return disowned()
    script = ["/bin/sh", str(job.folder / "job.sh")]
    child = subprocess.Popen(script, stdin=subprocess.DEVNULL, start_new_session=True)
    signal.signal(signal.SIGTERM, lambda *_: stop(child))
    while True:
        try:
            return child.wait(LOOK)
        except subprocess.TimeoutExpired:
            if not job.holds_its_claims():
                os.killpg(child.pid, signal.SIGKILL)
                return disowned()


def disowned() -> int:
    say("a later job was given these outputs, so this one ends")
    return 1


def stop(child: subprocess.Popen) -> None:
    """End without a note: Slurm knows why it sent the signal."""
    os.killpg(child.pid, signal.SIGKILL)
    os._exit(128 + signal.SIGTERM)


def wait_for_end(earlier: Path) -> None:
    """Until the program of an earlier submission holds its lock no longer."""
    if not (earlier / "alive").exists() or (earlier / "exit").exists():
        return
    start = time.monotonic()
    with open(earlier / "alive", "a", encoding="utf-8") as alive:
        while not lock(alive):
            if time.monotonic() - start > PATIENCE:
                sys.exit(f"glassbox: {earlier.name}, submitted before, still writes these outputs")
            time.sleep(LOOK / 2)


def lock(file) -> bool:
    """Whether this process got the lock. Without locks across nodes, two looks are waited."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        time.sleep(2 * LOOK)
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
