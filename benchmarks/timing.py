"""Timing of two ways to do one thing, turn by turn, so that a busy machine slows both; memory."""

import resource
import statistics
import time
from collections.abc import Callable


def ratio(
    ours: Callable[[], object], theirs: Callable[[], object], rounds: int = 7, uncounted: int = 1
) -> float:
    """Median over rounds of our time over theirs, after rounds that do not count."""
    ratios = []
    for turn in range(rounds + uncounted):
        pair = [_seconds(each) for each in (ours, theirs)]
        if turn >= uncounted:
            ratios.append(pair[0] / pair[1])
    return statistics.median(ratios)


def report(what: str, measured: float, wanted: float, more_is_better: bool = False) -> None:
    """Print a ratio beside the one that is wanted."""
    kept = measured >= wanted if more_is_better else measured <= wanted
    sign = ">=" if more_is_better else "<="
    print(f"{what}: {measured:.2f} (wanted {sign} {wanted}) {'kept' if kept else 'MISSED'}")


def peak_memory() -> float:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start
