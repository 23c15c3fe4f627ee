"""Run the study, and nothing behind a result that comes out as it was before.

`python scripts/study/run.py [Snakemake's options] [-- targets]`; a target is a result's name, or a
pattern such as 'results/figures/*'. Snakemake decides before it starts which jobs run, so one that
is redone takes all behind it along. Here a run goes in waves: first the jobs that have to run
whatever comes out, then those that have to after that, and so on; what a wave leaves as it was
starts nothing. A study that is made from nothing is one wave.

SIGTERM ends it after the jobs that are at work; nothing further starts, and no Snakemake stays
behind, not even after a SIGKILL.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from study.arguments import tells_of_itself
from study.deciding.jobs import CannotPlan, Job, certain, waits_for
from study.deciding.reasons import NOT_THERE
from study.options import forces, is_dry, limits
from study.plan import explain, named
from study.plan import main as plan_in_words
from study.targets import asked, expanded, plan_of, split

NOTHING = "Results match the request: nothing to be done."
REPORT = "results/report/report.html"
PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


class Ended(Exception):
    """SIGTERM came; the jobs that were at work are done."""


def main(arguments: Sequence[str]) -> int:
    options, targets = split(arguments)
    if is_dry(options):
        plan_in_words(arguments)
        return 0
    targets = expanded(options, targets)
    tried: set[str] = set()
    plan = plan_of(options, targets)
    print("".join(f"{note}\n" for note in plan.notes), end="", flush=True)
    adopt(plan.adopted)
    while jobs := remaining(plan.jobs, tried):
        # What is forced, or has no reason that can be told apart, is left to Snakemake's own order.
        wave = jobs if forces(options) else certain(jobs) or jobs
        print("\n".join(explain(jobs)), flush=True)
        whole = len(wave) == len(jobs) and not tried
        if run([*options, *asked(targets if whole else ends(wave))]) and whole:
            return _done(options, targets)
        tried |= {job.name for job in wave}
        plan = plan_of(options, targets)
    if plan.jobs:
        print(f"left undone: {named(plan.jobs)}")
        return 1
    print(NOTHING)
    return _done(options, targets)


def adopt(jobs: Mapping[Job, str]) -> None:
    """Write the records that were lost of what is there, by what tells so."""
    folder = Path(__file__).resolve().parents[1]
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONUTF8": "1"}
    for job, witness in jobs.items():
        program = f"scripts/{job.told.program}.py"
        command = [sys.executable, program, *job.told.arguments, "--adopt", witness]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True)
        if ended.returncode:
            said = ended.stderr.strip().rpartition("\n")[-1]
            raise CannotPlan(f"error: {job.record} is lost, and can't be made anew: {said}")


def _done(options: Sequence[str], targets: Sequence[str]) -> int:
    """Name the report, where it is up to date, and write beside the logs what the study took."""
    if REPORT in targets or not (targets or limits(options)):
        from study import times  # pandas, which planning does without

        times.write(Path())
        print(f"The report: {REPORT}")
    return 0


def remaining(jobs: list[Job], tried: set[str]) -> list[Job]:
    """The jobs still to run, without those that failed and those behind them."""
    behind = waits_for(jobs)
    out = {job for job in jobs if job.name in tried}
    while more := {job for job in jobs if job not in out and behind[job] & out}:
        out |= more
    return [job for job in jobs if job not in out]


def ends(wave: list[Job]) -> list[str]:
    """Outputs that ask for a wave and no more: of the jobs that no other of it waits for.

    Beside them those that are missing and that no other of it may read.
    """
    inner = set().union(*waits_for(wave).values())
    last = [job.outputs[0] for job in wave if job not in inner and job.outputs]
    lacking = [job for job in wave if job in inner and _lacks_files(job)]
    return [*last, *(path for job in lacking for path in job.outputs if not Path(path).exists())]


def _lacks_files(job: Job) -> bool:
    return any(reason.startswith(NOT_THERE) for reason in job.reasons)


def run(arguments: list[str]) -> bool:
    """Whether Snakemake ended well. Raises Ended when it was to end before."""
    command = [sys.executable, "-m", "snakemake", *arguments]
    process = subprocess.Popen(command, preexec_fn=end_with_parent)
    told = []

    def end(*_: object) -> None:
        told.append(True)
        process.terminate()

    before = signal.signal(signal.SIGTERM, end)
    try:
        well = process.wait() == 0
    finally:
        signal.signal(signal.SIGTERM, before)
    if told:
        raise Ended
    return well


def end_with_parent() -> None:
    """Have the kernel send this process SIGTERM when its parent ends, in whatever way."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)


if __name__ == "__main__":
    try:
        sys.exit(0 if tells_of_itself(__doc__, sys.argv[1:]) else main(sys.argv[1:]))
    except CannotPlan as refused:
        sys.exit(str(refused) or 1)
    except Ended:
        print("ended by SIGTERM; the next run goes on from here", file=sys.stderr)
        sys.exit(128 + signal.SIGTERM)
    except KeyboardInterrupt:
        sys.exit(130)
