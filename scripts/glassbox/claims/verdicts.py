"""From comparisons over replicates to a verdict.

A claim is a list of comparisons. Each gives an effect, the mean over replicates (paired by
replicate, that is by draw of the data, where two methods are compared), and an interval whose
confidence is 95 % for all intervals of the claim together (Bonferroni): Student's t for the mean,
or, for a printed number, the prediction interval of one further run,
mean ± t · s · sqrt(1 + 1/n). A hypothesis is a range for the effect:

- true: the whole interval lies in the range;
- false: the whole interval lies outside it;
- undecided: neither, or fewer than three replicates, or a replicate without a value.

A printed number is judged by its relative difference to the replicates, x / published - 1. It is
true when the prediction interval holds 0 and false when it does not; an interval that holds 0 but
is wider than ±25 % of the published number holds too much to confirm it, and leaves it undecided.

All true: the claim is reproduced. Any false: it is not. Otherwise it is inconclusive, as it is
whenever a comparison has fewer than three replicates. What the study has no data for is not
testable here. Replicates that are all equal give an interval of no width.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

REPRODUCED = "reproduced"
NOT_REPRODUCED = "not reproduced"
INCONCLUSIVE = "inconclusive"
NOT_TESTABLE = "not testable here"
VERDICTS = (REPRODUCED, NOT_REPRODUCED, INCONCLUSIVE, NOT_TESTABLE)

TRUE = "true"
FALSE = "false"
UNDECIDED = "undecided"
NOT_TESTED = "not tested"

CONFIDENCE = 0.95
FEWEST = 3
NAMED = 3  # parts that a reason names
WIDEST = 0.25  # half the width of a prediction interval that can tell, over the published number

EVERYTHING = (-np.inf, np.inf)

Interval = tuple[float, float]


@dataclass(frozen=True)
class Hypothesis:
    """What is said of an effect: in words, and what an interval makes of it."""

    words: str
    outcome: Callable[[float, float], str]


def below(limit: float) -> Hypothesis:
    """The effect is less than the limit."""
    return Hypothesis(f"< {limit:g}", lambda low, high: _decide(high < limit, low >= limit))


def above(limit: float) -> Hypothesis:
    """The effect is more than the limit."""
    return Hypothesis(f"> {limit:g}", lambda low, high: _decide(low > limit, high <= limit))


def inside(least: float, most: float) -> Hypothesis:
    """The effect lies between two limits, or at one of them."""
    return Hypothesis(
        f"inside [{least:g}, {most:g}]",
        lambda low, high: _decide(least <= low and high <= most, high < least or low > most),
    )


def _decide(satisfied: bool, contradicted: bool) -> str:
    return TRUE if satisfied else FALSE if contradicted else UNDECIDED


def _holds_zero(low: float, high: float) -> str:
    can_confirm = (high - low) / 2 <= WIDEST
    holds = low <= 0 <= high
    return _decide(can_confirm and holds, not holds)


AGREES = Hypothesis(f"holds 0, no wider than ±{WIDEST:.0%}", _holds_zero)
REPORTED = Hypothesis("reported only", lambda low, high: NOT_TESTED)


def mean_interval(values: np.ndarray, alpha: float) -> Interval:
    """The t-interval, of confidence 1 - alpha, for the mean of values (replicates,)."""
    return _student(values, alpha, np.sqrt(1 / len(values)))


def prediction_interval(values: np.ndarray, alpha: float) -> Interval:
    """The interval that one further value lies in with probability 1 - alpha."""
    return _student(values, alpha, np.sqrt(1 + 1 / len(values)))


def share_interval(values: np.ndarray, alpha: float) -> Interval:
    """The exact interval (Clopper and Pearson) for a share, of values that are 0 or 1."""
    if not len(values) or not np.isfinite(values).all():
        return EVERYTHING
    hits, count = int(values.sum()), len(values)
    low = stats.beta.ppf(alpha / 2, hits, count - hits + 1) if hits else 0.0
    high = stats.beta.ppf(1 - alpha / 2, hits + 1, count - hits) if hits < count else 1.0
    return float(low), float(high)


def _student(values: np.ndarray, alpha: float, scale: float) -> Interval:
    if len(values) < 2 or not np.isfinite(values).all():
        return EVERYTHING
    quantile = stats.t.ppf(1 - alpha / 2, len(values) - 1)
    margin = quantile * _spread(values) * scale
    return _centre(values) - margin, _centre(values) + margin


def _centre(values: np.ndarray) -> float:
    """The mean; of equal values that value itself, without rounding."""
    return float(values[0] if _all_equal(values) else values.mean())


def _spread(values: np.ndarray) -> float:
    """The standard deviation; of equal values 0, without rounding."""
    return 0.0 if _all_equal(values) else float(values.std(ddof=1))


def _all_equal(values: np.ndarray) -> bool:
    return bool((values == values[0]).all())


@dataclass(frozen=True)
class Comparison:
    """One part of a claim before it is judged.

    part: what is compared, in words. values: (replicates,), or (replicates, k) when the hypothesis
    is about the largest of k means. unit: what the effect is measured in. interval: of the mean, or
    of one further value. open_below, open_above: the values are but upper, or lower, bounds of what
    is meant, so that the interval has no end there. exact: no further replicate would differ, as of
    a count of given images, so that one is enough.
    """

    part: str
    values: np.ndarray
    hypothesis: Hypothesis
    unit: str
    interval: Callable[[np.ndarray, float], Interval] = mean_interval
    open_below: bool = False
    open_above: bool = False
    exact: bool = False

    @property
    def columns(self) -> np.ndarray:
        """The values as (replicates, k)."""
        return self.values.reshape(len(self.values), -1)

    @property
    def intervals(self) -> int:
        """How many intervals of the claim's family the comparison takes."""
        return 0 if self.hypothesis is REPORTED else self.columns.shape[1]


@dataclass(frozen=True)
class Part:
    """One judged comparison. low, high, size: None where there is none."""

    part: str
    effect: float | None
    low: float | None
    high: float | None
    size: float | None
    hypothesis: str
    outcome: str
    replicates: int
    unit: str
    exact: bool = False


@dataclass(frozen=True)
class Verdict:
    """What became of a claim, why, and the parts it rests on."""

    verdict: str
    reason: str
    parts: list[Part]


def against_published(part: str, values: np.ndarray, published: float) -> Comparison:
    """Whether a printed number may be one further run of the replicates."""
    relative = values / published - 1
    return Comparison(part, relative, AGREES, f"of {published:g}", prediction_interval)


def judge(comparisons: Sequence[Comparison]) -> Verdict:
    """The verdict on a claim that says all of these."""
    family = sum(comparison.intervals for comparison in comparisons)
    parts = [_judge_one(comparison, (1 - CONFIDENCE) / family) for comparison in comparisons]
    return Verdict(*_verdict([part for part in parts if part.outcome != NOT_TESTED]), parts)


def _judge_one(comparison: Comparison, alpha: float) -> Part:
    """The part that a comparison becomes.

    Of k means the largest counts: it is in [largest low, largest high] when all are in theirs.
    """
    columns = comparison.columns
    largest = max(columns.T, key=_centre)
    ends = [comparison.interval(column, alpha) for column in columns.T]
    low = -np.inf if comparison.open_below else max(low for low, _ in ends)
    high = np.inf if comparison.open_above else max(high for _, high in ends)
    replicates = int(np.isfinite(columns).all(axis=1).sum())
    outcome = comparison.hypothesis.outcome(low, high)
    too_few = outcome != NOT_TESTED and replicates < (1 if comparison.exact else FEWEST)
    return Part(
        part=comparison.part,
        effect=_finite(_centre(largest)),
        low=_finite(low),
        high=_finite(high),
        size=_size(largest),
        hypothesis=comparison.hypothesis.words,
        outcome=UNDECIDED if too_few else outcome,
        replicates=replicates,
        unit=comparison.unit,
        exact=comparison.exact,
    )


def _size(values: np.ndarray) -> float | None:
    """The standardised effect, mean over standard deviation; None without any spread."""
    spread = _spread(values)
    return _finite(_centre(values) / spread) if spread > 0 else None


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _verdict(parts: list[Part]) -> tuple[str, str]:
    """The verdict and its reason."""
    fewest = min((part.replicates for part in parts if not part.exact), default=FEWEST)
    if fewest < FEWEST:
        return INCONCLUSIVE, f"{fewest} replicates with a value; a verdict takes {FEWEST} or more"
    if contradicted := _listed(parts, FALSE):
        return NOT_REPRODUCED, f"contradicted: {contradicted}"
    if undecided := _listed(parts, UNDECIDED):
        return INCONCLUSIVE, f"undecided: {undecided}"
    return REPRODUCED, "every comparison holds" if len(parts) > 1 else "the comparison holds"


def _listed(parts: list[Part], outcome: str) -> str:
    """The first parts with this outcome in words, and how many there are; nothing for none."""
    found = [part.part for part in parts if part.outcome == outcome]
    more = "; ..." if len(found) > NAMED else ""
    return f"{'; '.join(found[:NAMED])}{more} ({len(found)} of {len(parts)})" if found else ""
