"""Say which jobs a run would make, and why.

`python scripts/study/plan.py [Snakemake's options] [-- targets]`, as run.py takes them.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from study.jobs import CannotPlan, Job
from study.reasons import NOT_THERE, own_reasons
from study.targets import expanded, plan_of, split

NOTHING = "Results match the request: nothing would run."
NAMES, REASONS = 4, 8  # how many are shown one by one


def main(arguments: Sequence[str]) -> None:
    options, targets = split(arguments)
    plan = plan_of(options, expanded(options, targets))
    reasons = {job: own_reasons(job) for job in plan.jobs}
    print("\n".join([*plan.notes, *explain(reasons)]))


def explain(reasons: Mapping[Job, Sequence[str]]) -> Iterator[str]:
    """The plan in words: jobs by their own reasons to run, then those that may follow."""
    reasons = {job: why for job, why in reasons.items() if job.outputs}
    if not reasons:
        yield NOTHING
        return
    together = defaultdict(list)
    for job, why in reasons.items():
        together[_common(why)].append(job)
    followers = together.pop((), [])
    have = len(reasons) - len(followers)
    yield f"{_counted(len(reasons))}; {have} {'has' if have == 1 else 'have'} to run:"
    for why, group in together.items():
        yield from (f"  {reason}" for reason in _first(why, REASONS))
        yield f"    {named(group)}"
    if followers:
        yield f"  behind them, if what they read comes out different:\n    {named(followers)}"


def _counted(jobs: int) -> str:
    return f"{jobs} job" if jobs == 1 else f"{jobs} jobs"


def _common(reasons: Sequence[str]) -> tuple[str, ...]:
    """Reasons as they are shown: a missing output is the same reason whatever its name."""
    return tuple(NOT_THERE if each.startswith(NOT_THERE) else each for each in reasons)


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
        main(sys.argv[1:])
    except CannotPlan as refused:
        sys.exit(str(refused) or 1)
