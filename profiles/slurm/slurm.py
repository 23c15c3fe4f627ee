"""What the programs of this profile share: records of submitted jobs, and questions to Slurm.

Needs the standard library alone, since each program starts once per job or look.

    .snakemake/slurm/wanted.json      what each job of this run asks for (scripts/study/cluster.py)
    .snakemake/slurm/claims/<target>  which submission may write the outputs of a target
    .snakemake/slurm/numbers/<n>      which submission has Slurm's number n
    .snakemake/slurm/jobs/<key>/      a submission: job.json, job.sh, number, and exit once it ended
"""

import hashlib
import json
import math
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

HOME = Path(".snakemake/slurm")
LIVE = {
    *("PENDING", "CONFIGURING", "RUNNING", "COMPLETING", "SUSPENDED", "STOPPED", "STAGE_OUT"),
    *("RESIZING", "SIGNALING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "SPECIAL_EXIT"),
    "RESV_DEL_HOLD",
}
AWAY = "Slurm does not answer"
PYTHON = re.compile(r"(?<=&& )/[^'\"\n]*?(?= -m snakemake )")
# A file that a node wrote may show up here so much later, in seconds.
LATE = 30
# What Slurm says while its controller is away, or while it takes no further jobs of this user.
PASSING = re.compile(
    "unable to contact|timed out|connection|zero bytes|not responding|temporarily|try again"
    "|standby|communication|transport|MaxSubmitJob",
    re.IGNORECASE,
)


@dataclass
class Job:
    """One submission of a job, or of a group of jobs, of Snakemake's."""

    key: str
    title: str
    name: str
    targets: list[str]
    asked: str
    outputs: list[str]
    markers: list[str]
    logs: list[str]
    turn: int
    turns: int
    threads: int
    mem_mb: int | None
    runtime: int | None
    gpu: int
    before: list[str]

    @classmethod
    def of_script(cls, script: str) -> "Job":
        """A new submission of what a job script of Snakemake's asks for.

        Its line of properties has the resources, its command the targets and the attempt. The
        slices of config and code that decide the result are in wanted.json alone.
        """
        properties, command = re.search(r"^# properties = (.*)\n([^\0]*)", script, re.M).groups()
        properties, words = json.loads(properties), shlex.split(command)
        first = words.index("--target-jobs") + 1
        last = next(at for at in range(first, len(words)) if words[at].startswith("--"))
        targets = sorted(words[first:last])
        wanted = json.loads((HOME / "wanted.json").read_text())
        parts = [wanted[target] for target in targets]
        rule, _, wildcards = targets[0].partition(":")
        values = [each.partition("=")[2] for each in wildcards.split(",") if each]
        group = properties.get("groupid")
        resources = properties["resources"]
        alone = " ".join([rule, *values])
        first = [rule, *values] if group else values
        return cls(
            key=os.urandom(8).hex(),
            title=f"{alone} and {len(targets) - 1} more ({group})" if targets[1:] else alone,
            name=f"{_plain(group or rule)}/{_plain('.'.join(first) or 'all')}",
            targets=targets,
            asked=_asked(parts),
            outputs=[path for part in parts for path in part["outputs"]],
            markers=[marker for part in parts for marker in part["outputs"].values()],
            logs=[path for part in parts for path in part["logs"]],
            turn=int(words[words.index("--attempt") + 1]),
            turns=max(part["turns"] for part in parts),
            threads=properties["threads"],
            mem_mb=resources.get("mem_mb"),
            runtime=_minutes(resources.get("runtime"), [part["runtime"] for part in parts]),
            gpu=resources.get("gpu", 0),
            before=sorted({key for key in map(read, _claims(targets)) if _is_kept(key)}),
        )

    @classmethod
    def of_key(cls, key: str) -> "Job":
        return cls(**json.loads((HOME / "jobs" / key / "job.json").read_text()))

    @classmethod
    def of_number(cls, number: str) -> "Job":
        return cls.of_key((HOME / "numbers" / number).read_text())

    @property
    def folder(self) -> Path:
        return HOME / "jobs" / self.key

    @property
    def comment(self) -> str:
        """What marks the job in Slurm's queue."""
        return f"glassbox:{self.key}"

    @property
    def number(self) -> str:
        """Slurm's number; empty where the submitting program did not live to note it."""
        return read(self.folder / "number")

    @property
    def exit(self) -> int | None:
        """How the job ended; None where it did not come so far."""
        text = read(self.folder / "exit")
        return int(text) if text else None

    def slurm_log(self, number: str) -> str:
        """Where Slurm writes what the job prints."""
        return f"logs/slurm/{self.name}.{number}.log"

    def has(self) -> str:
        """What it asked Slurm for, in words."""
        amounts = {"GPU": self.gpu, "MB": self.mem_mb, "minutes": self.runtime}
        given = [f"{amount} {unit}" for unit, amount in amounts.items() if amount]
        return ", ".join([f"{self.threads} CPU", *given])

    def answers(self, other: "Job") -> bool:
        """Whether it makes just what another submission asks for."""
        same = (self.targets, self.asked) == (other.targets, other.asked)
        return same and not (self.folder / "cancelled").exists()

    def is_left_over(self) -> bool:
        """Whether it ended well after its Snakemake had died, so that no Snakemake knows yet."""
        there = all(Path(path).exists() for path in [*self.outputs, *self.markers])
        return self.exit == 0 and there

    def find(self, queue: "dict[str, Entry]") -> "Entry":
        """Its entry in the queue, by its mark if nobody noted its number."""
        for number, entry in queue.items():
            if not self.number and entry.comment == self.comment:
                self.submitted(number)
        return queue.get(self.number, Entry())

    def write(self, script: Path) -> None:
        """Claim the outputs, and keep what the job needs when this Snakemake is gone."""
        self.folder.mkdir(parents=True)
        for part in script.parent.glob(f"{script.name}*"):
            kept = part.name.replace(script.name, "job.sh", 1)
            text = part.read_text().replace(str(script), str(self.folder.resolve() / "job.sh"))
            text = text.replace(str(script.parent), str(self.folder.resolve()))
            # Snakemake leaves its own Python unquoted, also where its path has a space.
            text = PYTHON.sub(lambda found: shlex.quote(found[0]), text)
            (self.folder / kept).write_text(text)
        write(self.folder / "job.json", json.dumps(asdict(self)))
        for claim in _claims(self.targets):
            write(claim, self.key)
        # Snakemake's own marks, which it makes too late if it is killed now.
        for marker in map(Path, self.markers):
            if not marker.exists():
                write(marker, json.dumps({"external_jobid": None}))
        Path(self.slurm_log("")).parent.mkdir(parents=True, exist_ok=True)

    def submitted(self, number: str) -> None:
        write(HOME / "numbers" / number, self.key)
        write(self.folder / "number", number)

    def holds_its_claims(self) -> bool:
        """Whether no later submission has been given these outputs."""
        return all(read(claim) == self.key for claim in _claims(self.targets))

    def since(self, event: str) -> float:
        """Seconds since this was first asked about an event."""
        mark = self.folder / event
        if not mark.exists():
            mark.touch()
        return time.time() - mark.stat().st_mtime


def _minutes(added: int | None, alone: list[int]) -> int | None:
    """The limit of a group: its longest member's, and a minute more for each other.

    Snakemake adds up limits that are wide apart from times: for small jobs hours, which no
    partition may grant. added: its sum for this try; alone: each member's limit at the first try.
    """
    if added is None or len(alone) == 1:
        return added
    return math.ceil(added * (max(alone) + len(alone) - 1) / sum(alone))


def _asked(parts: list[dict]) -> str:
    """A digest of all that decides what jobs make: config, code, and the state of their inputs."""
    made = {path for part in parts for path in part["outputs"]}
    given = sorted({path for part in parts for path in part["inputs"]} - made)
    told = [part["asked"] for part in parts]
    return hashlib.sha256(json.dumps([told, [_stamp(path) for path in given]]).encode()).hexdigest()


def _stamp(path: str) -> list:
    own = Path(path) / ".snakemake_timestamp" if os.path.isdir(path) else Path(path)
    state = own.stat() if own.exists() else None
    return [path, state and state.st_mtime_ns, state and state.st_size]


def _claims(targets: list[str]) -> list[Path]:
    names = [hashlib.sha256(target.encode()).hexdigest()[:32] for target in targets]
    return [HOME / "claims" / name for name in names]


def _is_kept(key: str) -> bool:
    return bool(key) and (HOME / "jobs" / key / "job.json").exists()


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "_", text)[:100]


def read(path: Path) -> str:
    """The text of a small file; empty where there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def write(path: Path, text: str) -> None:
    """Write a small file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name[:200]}.{os.getpid()}")
    part.write_text(text)
    part.replace(path)


def run(command: list[str], text: str = "", seconds: int = 20) -> subprocess.CompletedProcess:
    """Run a command of Slurm's; one that does not return in time fails."""
    try:
        return subprocess.run(command, input=text, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", "timed out")


class Entry(NamedTuple):
    """What the queue says of a job; empty where Slurm does not know it, or no longer."""

    state: str = ""
    reason: str = ""
    comment: str = ""

    @property
    def live(self) -> bool:
        return self.state in LIVE


def queue() -> dict[str, Entry] | None:
    """The user's jobs by number; None where Slurm does not answer."""
    return _entries(_squeue())


def recent_queue(age: float) -> dict[str, Entry] | None:
    """The queue as it was at most `age` seconds ago, so that many jobs share one question.

    It is kept with the time in its first line, by this machine's clock: status.sh reads it too.
    """
    at, _, kept = read(HOME / "queue").partition("\n")
    if not at or not 0 <= time.time() - int(at) <= age:
        kept = _squeue()
        write(HOME / "queue", f"{time.time():.0f}\n{kept}")
    return _entries(kept)


def _squeue() -> str:
    user = f"--user={os.getuid()}"
    done = run(["squeue", user, "--noheader", "--states=all", "--format=%i|%T|%r|%k"])
    return done.stdout if done.returncode == 0 else AWAY


def _entries(printed: str) -> dict[str, Entry] | None:
    if printed == AWAY:
        return None
    rows = (line.split("|", 3) for line in printed.splitlines())
    return {number.strip(): Entry(*rest) for number, *rest in rows}


def cancel(numbers: list[str]) -> None:
    if numbers:
        run(["scancel", *numbers])


def repeat(patience: float, pause: float, what: str) -> Iterator[int]:
    """Count tries until the caller is content; says once that it waits, and ends after patience."""
    start = time.monotonic()
    for turn in range(sys.maxsize):
        yield turn
        waited = time.monotonic() - start
        if turn == 1:
            say(f"waiting for {what}")
        if waited > patience:
            sys.exit(f"glassbox: waited {waited:.0f} s for {what}; giving up")
        time.sleep(pause)


def say(message: str) -> None:
    """Tell the user, beside what Snakemake prints."""
    print(f"glassbox: {message}", file=sys.stderr, flush=True)
