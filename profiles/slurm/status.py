#!/usr/bin/env -S python3 -S -E
"""Print whether a job is running, was a success, or failed; and say what made it fail.

A job's own note of how it ended comes first, and Slurm is asked where there is none. As long as
Slurm does not answer, a job without a note counts as running.
"""

import re
import sys
import time
from pathlib import Path

import slurm
from slurm import Entry, Job, say

LOOK = 10
AWAY = slurm.HOME / "away"
FAILURES = Path("logs/slurm/failures.log")
MEMORY = re.compile(r"exceeded memory limit|oom.kill|OOM Killed|out of memory", re.IGNORECASE)
# Why a job may be queued that no wait can help.
NEVER = re.compile(
    "PartitionTimeLimit|PartitionNodeLimit|PerJob|BadConstraints|NotAllowed|NeverSatisfied"
    "|InvalidAccount|InvalidQOS"
)
BLOCK = re.compile(r"^(?:local)?rule (\w+):\n((?:    .*\n)*)", re.MULTILINE)


def main(number: str) -> str:
    job = Job.of_number(number)
    if job.exit == 0:
        return "success"
    queue = slurm.recent_queue(LOOK if job.exit is None else 1)
    note_absence(queue is None)
    if queue is None:
        return "running"
    entry = job.find(queue)
    if job.exit == 0:
        return "success"
    if entry.state == "PENDING" and NEVER.search(entry.reason):
        slurm.cancel([number])
    elif may_go_on(job, entry):
        return "running"
    tell(job, number, entry)
    return "failed"


def may_go_on(job: Job, entry: Entry) -> bool:
    """Whether a job is at work, or has ended so lately that not all is known of its end."""
    if job.exit is not None:
        return entry.live and job.since("ended") < slurm.LATE
    silent = entry.state in ("", "COMPLETED") and job.since("gone") < slurm.LATE
    return entry.live or silent


def note_absence(absent: bool) -> None:
    """Say once that the controller went away, and once that it is back."""
    if absent and not AWAY.exists():
        say("Slurm's controller does not answer; what runs goes on, and I ask again")
        slurm.write(AWAY, "")
    elif not absent and AWAY.exists():
        say(f"Slurm's controller is back, {time.time() - AWAY.stat().st_mtime:.0f} s later")
        AWAY.unlink()


def tell(job: Job, number: str, entry: Entry) -> None:
    """Say which job failed, why, where its logs are, and what comes next."""
    known = details(number)
    node = slurm.read(job.folder / "node") or known.get("NodeList", "")
    printed = tail(Path(job.slurm_log(number)))
    state = known.get("JobState", entry.state)
    reason = cause(job, state, known, printed, node)
    if entry.state == "PENDING":
        reason = f"it would wait for ever ({entry.reason}); it asks for {job.has()}"
    logs = logs_of(job, printed)
    where = f" on {node}" if node not in ("", "(null)") else ""
    follows = f"try {job.turn + 1} of {job.turns} follows, with more memory and time"
    lines = [
        f"{job.title} FAILED: {reason}",
        f"Slurm job {number}{where}, try {job.turn} of {job.turns}",
        follows if job.turn < job.turns else "given up",
        *(f"log: {path}" for path in logs),
        f"Slurm's log: {job.slurm_log(number)}",
    ]
    message = "\n    ".join(lines)
    say(message)
    FAILURES.parent.mkdir(parents=True, exist_ok=True)
    with FAILURES.open("a", encoding="utf-8") as file:
        print(time.strftime("%Y-%m-%d %H:%M:%S"), message, file=file)


def cause(job: Job, state: str, known: dict[str, str], printed: str, node: str) -> str:
    """Why a job failed, in words, from what Slurm knows and from what it wrote into its log."""
    base = state.split()[0].rstrip("+") if state else ""
    if base == "OUT_OF_MEMORY" or MEMORY.search(printed):
        return f"out of memory; it had {job.mem_mb} MB"
    if base in ("TIMEOUT", "DEADLINE") or "DUE TO TIME LIMIT" in printed:
        return f"out of time; its limit was {job.runtime} minutes"
    if base in ("NODE_FAIL", "BOOT_FAIL") or "DUE TO NODE FAILURE" in printed:
        return f"its node {node} was lost"
    if base == "PREEMPTED" or "DUE TO PREEMPTION" in printed:
        return "another job took its place (preemption)"
    if base == "CANCELLED" or " CANCELLED AT " in printed:
        return f"cancelled{by(state, known)}"
    if job.exit is not None:
        return "its program ended with an error, which its log shows"
    if not base:
        return "Slurm no longer knows the job, and it left no note of its end"
    return f"Slurm says {base}, {known.get('Reason', 'without a reason')}"


def by(state: str, known: dict[str, str]) -> str:
    """Who cancelled a job, where accounting knows it."""
    who = re.search(r" by (\d+)", known.get("Accounted", state))
    return f" by user {who[1]}" if who else " with scancel, or by an administrator"


def details(number: str) -> dict[str, str]:
    """What the controller knows of a job, and accounting, where there is any."""
    shown = slurm.run(["scontrol", "--oneliner", "show", "job", number]).stdout
    known = dict(re.findall(r"(\w+)=(\S*)", shown))
    columns = "--format=State%40,NodeList"
    line = slurm.run(["sacct", "-j", number, "-X", "-n", "-P", columns], seconds=10).stdout.strip()
    if "|" in line:
        state, nodes = line.splitlines()[-1].split("|")
        known = {"JobState": state, "NodeList": nodes} | known | {"Accounted": state}
    return known


def tail(path: Path) -> str:
    """The end of a file that may be long."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 100_000))
        return file.read().decode(errors="replace")


def logs_of(job: Job, printed: str) -> list[str]:
    """The logs of the members of a group that had begun and did not finish; of a job, its logs."""
    if len(job.targets) == 1:
        return job.logs
    begun = {
        re.search(r"^    jobid: (\S+)", body, re.MULTILINE)[1]: re.findall(
            r"^    log: (.*)", body, re.MULTILINE
        )
        for _, body in BLOCK.findall(printed)
    }
    for done in re.findall(r"^Finished jobid: (\S+)", printed, re.MULTILINE):
        begun.pop(done, None)
    return [path for paths in begun.values() for path in paths] or job.logs


if __name__ == "__main__":
    print(main(sys.argv[1]))
