"""Say which jobs a run would make, and why.

`python scripts/study/plan.py [Snakemake's options] [-- targets]`, as run.py takes them.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from study.arguments import tells_of_itself
from study.deciding.jobs import CannotPlan, Job
from study.deciding.reasons import NOT_THERE, READ_OTHER
from study.targets import expanded, plan_of, split

NOTHING = "Results match the request: nothing would run."
NAMES, REASONS = 4, 8  # how many are shown one by one


def main(arguments: Sequence[str]) -> None:
    options, targets = split(arguments)
    plan = plan_of(options, expanded(options, targets))
    print("\n".join([*plan.notes, *explain(plan.jobs)]))


def explain(jobs: Iterable[Job]) -> Iterator[str]:
    """The plan in words: jobs by their own reasons to run, then those that may follow."""
    jobs = [job for job in jobs if job.outputs]
    if not jobs:
        yield NOTHING
        return
    together = defaultdict(list)
    for job in jobs:
        together[_common(job.reasons)].append(job)
    followers = together.pop((), [])
    have = len(jobs) - len(followers)
    yield f"{_counted(len(jobs))}; {have} {'has' if have == 1 else 'have'} to run:"
    for why, group in together.items():
        yield from (f"  {reason}" for reason in _first(why, REASONS))
        yield f"    {named(group)}"
    if timed := [job.seconds for job in jobs if job.seconds is not None]:
        known = "" if len(timed) == len(jobs) else f" for {len(timed)} of them"
        yield f"  by the records of such jobs, {_lasting(sum(timed))} of work on one core{known}"
    if followers:
        yield f"  behind them, if what they read comes out different:\n    {named(followers)}"


def _lasting(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def _counted(jobs: int) -> str:
    return f"{jobs} job" if jobs == 1 else f"{jobs} jobs"


def _common(reasons: Sequence[str]) -> tuple[str, ...]:
    """Reasons as they are shown: some are the same whatever the name of the file."""
    return tuple(dict.fromkeys(_without_name(each) for each in reasons))


def _without_name(reason: str) -> str:
    return next((each for each in (NOT_THERE, READ_OTHER) if reason.startswith(each)), reason)


def named(jobs: Sequence[Job]) -> str:
    """A few jobs by name, more of them counted by rule."""
    if len(jobs) <= NAMES:
        return ", ".join(job.name for job in jobs)
    return ", ".join(f"{rule} {count}" for rule, count in Counter(j.rule for j in jobs).items())


def _first(items: Sequence[str], limit: int) -> list[str]:
    rest = len(items) - limit
    return [*items[:limit], *([f"and {rest} more"] if rest > 0 else [])]


if __name__ == "__main__":
    try:
        if not tells_of_itself(__doc__, sys.argv[1:]):
            main(sys.argv[1:])
    except CannotPlan as refused:
        sys.exit(str(refused) or 1)
