"""What a part of a claim says of an effect, and what an interval for the effect makes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

TRUE = "true"
FALSE = "false"
UNDECIDED = "undecided"
NOT_TESTED = "not tested"

Interval = tuple[float, float]


@dataclass(frozen=True)
class Hypothesis:
    """A range for an effect: in words, when an interval lies within it, and when outside."""

    words: str
    holds: Callable[[float, float], bool]
    fails: Callable[[float, float], bool]

    def outcome(self, alone: Interval, of_all: Interval) -> str:
        """True by the interval of this part alone, false by its interval among all parts'."""
        if self.holds(*alone):
            return TRUE
        return FALSE if self.fails(*of_all) else UNDECIDED


def below(limit: float) -> Hypothesis:
    """The effect is less than the limit."""
    return Hypothesis(
        f"< {limit:g}", lambda low, high: high < limit, lambda low, high: low >= limit
    )


def above(limit: float) -> Hypothesis:
    """The effect is more than the limit."""
    return Hypothesis(
        f"> {limit:g}", lambda low, high: low > limit, lambda low, high: high <= limit
    )


def inside(least: float, most: float) -> Hypothesis:
    """The effect lies between two limits, or at one of them."""
    return Hypothesis(
        f"inside [{least:g}, {most:g}]",
        lambda low, high: least <= low and high <= most,
        lambda low, high: high < least or low > most,
    )


def outside(least: float, most: float) -> Hypothesis:
    """The effect is less than one limit or more than the other."""
    return Hypothesis(
        f"outside [{least:g}, {most:g}]",
        lambda low, high: high < least or low > most,
        lambda low, high: least <= low and high <= most,
    )


AGREES = Hypothesis(
    "holds 0",
    lambda low, high: -inf < low <= 0 <= high < inf,
    lambda low, high: not low <= 0 <= high,
)
REPORTED = Hypothesis("reported only", lambda low, high: False, lambda low, high: False)
