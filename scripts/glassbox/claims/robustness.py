"""How firm a verdict is: whether more replicates would give another, by simulation.

Further replicates are drawn from those that there are, after these were themselves drawn anew, so
that the spread and how little it is known both count. Replicates stay whole, as far as comparisons
of a claim have equally many, so that what is paired stays so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from glassbox.claims.verdicts import DECIDED, Comparison, outcomes, summed_up

SIMULATIONS = 100
POWER = 0.8  # share of simulations with a verdict from which so many replicates would decide
MULTIPLES = (1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32)


@dataclass(frozen=True)
class Robustness:
    """How firm a verdict is.

    twice: the share of simulations in which twice the replicates give it again; needed: the least
    number of replicates that would decide an inconclusive claim; None where there is none.
    readings: the verdict in other readings of the claim, by their words. elsewhere: that at the
    other scale.
    """

    twice: float | None = None
    needed: int | None = None
    readings: Mapping[str, str] = field(default_factory=dict)
    elsewhere: str | None = None


def same_with_twice(comparisons: Sequence[Comparison], verdict: str) -> float | None:
    """The share of simulations with twice the replicates that give this verdict again.

    None where no part depends on a draw.
    """
    if not any(each.is_drawn for each in comparisons):
        return None
    return float(np.mean([each == verdict for each in _simulated(comparisons, 2)]))


def replicates_to_decide(comparisons: Sequence[Comparison]) -> int | None:
    """The least number of replicates that decides most simulations; None if not 32 times as many.

    They are those of the comparison that has fewest.
    """
    drawn = [each.replicates for each in comparisons if each.is_drawn]
    for multiple in MULTIPLES if drawn and min(drawn) > 1 else ():
        found = _simulated(comparisons, multiple)
        if np.mean([each in DECIDED for each in found]) >= POWER:
            return int(np.ceil(multiple * min(drawn)))
    return None


def _simulated(comparisons: Sequence[Comparison], multiple: float) -> list[str]:
    """The verdicts of simulations with so many times the replicates."""
    rng = np.random.default_rng(0)
    return [summed_up(outcomes(_with_more(comparisons, multiple, rng))) for _ in range(SIMULATIONS)]


def _with_more(
    comparisons: Sequence[Comparison], multiple: float, rng: np.random.Generator
) -> list[Comparison]:
    """The comparisons with further replicates behind those that they have."""
    seeds = {}  # of each number of replicates, so that as many are drawn alike
    more = []
    for each in comparisons:
        count = len(each.values)
        if not each.is_drawn or count < 2:
            more.append(each)
            continue
        seed = seeds.setdefault(count, int(rng.integers(2**63)))
        draw = np.random.default_rng(seed)
        known = draw.integers(count, size=count)
        further = known[draw.integers(count, size=int(np.ceil((multiple - 1) * count)))]
        more.append(replace(each, values=np.concatenate([each.values, each.values[further]])))
    return more
