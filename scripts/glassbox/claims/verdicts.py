"""From comparisons over replicates to a verdict.

A claim is a list of comparisons. Each gives an effect, the mean over replicates (paired by
replicate, that is by draw of the data, where two methods are compared), an interval for it, and a
hypothesis, a range for the effect. A claim says that all of its hypotheses hold, so that

- a part is true when its interval of 95 % lies in the range. That all parts are true is as sure as
  the least sure of them (an intersection-union test), and needs no correction;
- a part is false when its interval lies outside the range. That any part is false is looked for in
  all of them, so that there the intervals hold at 95 % together (Bonferroni);
- it is undecided otherwise, or with fewer than three replicates, or a replicate without a value.

All true: the claim is reproduced. Any false: it is not. Otherwise it is inconclusive, as it is
whenever a comparison has too few replicates. What the study has no data for is not testable here;
what it has under settings that are not the work's is asked of other settings, without a verdict.

A printed number is judged by its relative difference to the replicates, x / published - 1: it is
one further run of them when their prediction interval holds 0. With fewer than nineteen replicates
it can be told apart from them, but no part is true: of so few the rank of one more says less than
5 % even at the very end. Where draws cost next to nothing, its rank among hundreds decides.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import stats

from glassbox.claims.hypotheses import (
    AGREES,
    FALSE,
    NOT_TESTED,
    REPORTED,
    TRUE,
    UNDECIDED,
    Hypothesis,
    Interval,
)
from glassbox.claims.intervals import (
    centre,
    correlation_interval,
    counted_interval,
    draws_interval,
    mean_interval,
    no_interval,
    prediction_interval,
    spread,
)

REPRODUCED = "reproduced"
NOT_REPRODUCED = "not reproduced"
INCONCLUSIVE = "inconclusive"
OTHER_SETTINGS = "asked of other settings"
NOT_TESTABLE = "not testable here"
VERDICTS = (REPRODUCED, NOT_REPRODUCED, INCONCLUSIVE, OTHER_SETTINGS, NOT_TESTABLE)
DECIDED = (REPRODUCED, NOT_REPRODUCED)

ALPHA = 0.05
FEWEST = 3
RANKED = 19  # replicates from which the rank of one more, at the end, says 5 %
NAMED = 3  # parts that a reason names


@dataclass(frozen=True)
class Comparison:
    """One part of a claim before it is judged.

    part: what is compared, in words. values: (replicates,), or (replicates, k) when the hypothesis
    is about the largest of k means. unit: what the effect is measured in. interval: of the mean, or
    of one further value. enough: replicates with which it may be true. open_below, open_above: the
    values are but upper, or lower, bounds of what is meant, so that the interval has no end there.
    exact: no further replicate would differ, as of a count of given images, so that one is enough.
    published: the printed number that the values are relative differences to, if they are, and
    published_unit what that is measured in.
    """

    part: str
    values: np.ndarray
    hypothesis: Hypothesis
    unit: str
    interval: Callable[[np.ndarray, float], Interval] = mean_interval
    enough: int = FEWEST
    open_below: bool = False
    open_above: bool = False
    exact: bool = False
    published: float | None = None
    published_unit: str = ""

    @property
    def columns(self) -> np.ndarray:
        """The values as (replicates, k)."""
        return self.values.reshape(len(self.values), -1)

    @property
    def replicates(self) -> int:
        """How many replicates have every value."""
        return int(np.isfinite(self.columns).all(axis=1).sum())

    @property
    def is_drawn(self) -> bool:
        """Whether it is tested, and might come out otherwise for another draw."""
        return self.hypothesis is not REPORTED and not self.exact

    def effect(self) -> float:
        """The largest of the k means."""
        return centre(self._largest())

    def size(self) -> float | None:
        """The standardised effect, mean over standard deviation; None without any spread."""
        deviation = spread(self._largest())
        return finite(self.effect() / deviation) if deviation > 0 else None

    def ends(self, alpha: float) -> Interval:
        """The interval for the largest of k means, between the largest ends of their intervals.

        The upper end of whichever mean is the largest bounds it, so that none needs to be wider.
        The largest lower end may be that of any, so that these hold together (Bonferroni).
        """
        count = self.columns.shape[1]
        lows = [self.interval(each, alpha / count)[0] for each in self.columns.T]
        highs = [self.interval(each, alpha)[1] for each in self.columns.T]
        low = -np.inf if self.open_below else max(lows)
        high = np.inf if self.open_above else max(highs)
        return low, high

    def _largest(self) -> np.ndarray:
        return max(self.columns.T, key=centre)


@dataclass(frozen=True)
class Correlation(Comparison):
    """The rank correlation of pairs, values (replicates, 2), by an exact test of independence."""

    def effect(self) -> float:
        """Spearman's correlation; NaN where one of the two is constant."""
        if any(np.ptp(column) == 0 for column in self.columns.T):
            return np.nan
        return float(stats.spearmanr(*self.columns.T).statistic)

    def size(self) -> float | None:
        """The correlation is a standardised effect itself."""
        return finite(self.effect())

    def ends(self, alpha: float) -> Interval:
        """The correlation less what it is between by chance."""
        return correlation_interval(self.effect(), len(self.values), alpha)


@dataclass(frozen=True)
class Part:
    """One judged comparison.

    low, high: the interval of this part alone; low_of_all, high_of_all: where those of all parts
    hold together. effect, size and ends: None where there is none. published: see `Comparison`.
    """

    part: str
    effect: float | None
    low: float | None
    high: float | None
    low_of_all: float | None
    high_of_all: float | None
    size: float | None
    hypothesis: str
    outcome: str
    replicates: int
    unit: str
    exact: bool = False
    published: float | None = None
    published_unit: str = ""

    def measured(self) -> tuple[float | None, float | None, float | None, str]:
        """Effect, ends of its interval and unit, as the printed number has them if there is one."""
        if self.published is None:
            return self.effect, self.low, self.high, self.unit
        found = in_units(self.published, self.effect, self.low, self.high)
        return *found, self.published_unit


def in_units(
    published: float, effect: float | None, low: float | None, high: float | None
) -> tuple[float | None, float | None, float | None]:
    """What are relative differences to a printed number, in its unit; None stays None."""
    ends = (low, high) if published > 0 else (high, low)
    effect, low, high = (
        None if each is None else published * (1 + each) for each in (effect, *ends)
    )
    return effect, low, high


@dataclass(frozen=True)
class Verdict:
    """What became of a claim, why, and the parts it rests on."""

    verdict: str
    reason: str
    parts: list[Part]

    def headline(self) -> Part | None:
        """The part that stands for all in a row: the first of those that decided the verdict.

        Of a claim that is not reproduced these are the false ones, of an inconclusive one the
        undecided, of any other all that have a hypothesis. Where there are none it is the first.
        """
        deciding = {NOT_REPRODUCED: FALSE, INCONCLUSIVE: UNDECIDED}.get(self.verdict)
        tested = [each for each in self.parts if each.hypothesis != REPORTED.words]
        decided = [each for each in tested if deciding in (None, each.outcome)]
        return next(iter([*decided, *tested, *self.parts]), None)


def against_published(part: str, values: np.ndarray, published: float, unit: str) -> Comparison:
    """Whether a printed number, in this unit, may be one further run of the replicates."""
    return Comparison(
        part,
        values / published - 1,
        AGREES,
        f"of {published:g}",
        prediction_interval,
        enough=RANKED,
        published=published,
        published_unit=unit,
    )


def against_draws(part: str, draws: np.ndarray, published: float, unit: str) -> Comparison:
    """Whether a printed number may be one further of hundreds of draws (draws,), by its rank."""
    below_it = np.mean(draws < published) + np.mean(draws == published) / 2
    return Comparison(
        part,
        draws / published - 1,
        AGREES,
        f"of {published:g}, at the {below_it:.1%} point of {len(draws)} draws",
        draws_interval,
        published=published,
        published_unit=unit,
    )


def counted(
    part: str, shares: np.ndarray, trials: int, hypothesis: Hypothesis, unit: str
) -> Comparison:
    """A probability that is counted, shares (replicates,) over so many trials each."""
    interval = partial(counted_interval, trials=trials)
    return Comparison(part, shares, hypothesis, unit, interval, enough=1)


def exact(part: str, value: float, hypothesis: Hypothesis, unit: str) -> Comparison:
    """What is without any draw."""
    return Comparison(part, np.array([value]), hypothesis, unit, no_interval, exact=True)


def judge(comparisons: Sequence[Comparison]) -> Verdict:
    """The verdict on a claim that says all of these."""
    pairs = zip(comparisons, _together(comparisons), strict=True)
    parts = [_part(each, together) for each, together in pairs]
    return Verdict(*_verdict([part for part in parts if part.outcome != NOT_TESTED]), parts)


def outcomes(comparisons: Sequence[Comparison]) -> list[str]:
    """What each comparison of a claim comes out as."""
    pairs = zip(comparisons, _together(comparisons), strict=True)
    return [_outcome(each, each.ends(ALPHA), together) for each, together in pairs]


def summed_up(outcomes: Sequence[str]) -> str:
    """The verdict on a claim whose parts came out so."""
    tested = [each for each in outcomes if each != NOT_TESTED]
    if FALSE in tested:
        return NOT_REPRODUCED
    return INCONCLUSIVE if UNDECIDED in tested else REPRODUCED


def _together(comparisons: Sequence[Comparison]) -> list[Interval]:
    """The intervals that hold at 95 % for all comparisons of a claim together."""
    family = max(1, sum(each.is_drawn for each in comparisons))
    return [each.ends(ALPHA / family) for each in comparisons]


def _outcome(comparison: Comparison, alone: Interval, together: Interval) -> str:
    if comparison.hypothesis is REPORTED:
        return NOT_TESTED
    if not comparison.exact and comparison.replicates < min(FEWEST, comparison.enough):
        return UNDECIDED
    found = comparison.hypothesis.outcome(alone, together)
    is_short = not comparison.exact and comparison.replicates < comparison.enough
    return UNDECIDED if found == TRUE and is_short else found


def _part(comparison: Comparison, together: Interval) -> Part:
    alone = comparison.ends(ALPHA)
    (low, high), (low_of_all, high_of_all) = alone, together
    return Part(
        part=comparison.part,
        effect=finite(comparison.effect()),
        low=finite(low),
        high=finite(high),
        low_of_all=finite(low_of_all),
        high_of_all=finite(high_of_all),
        size=comparison.size(),
        hypothesis=comparison.hypothesis.words,
        outcome=_outcome(comparison, alone, together),
        replicates=comparison.replicates,
        unit=comparison.unit,
        exact=comparison.exact,
        published=comparison.published,
        published_unit=comparison.published_unit,
    )


def finite(value: float) -> float | None:
    """The value; None where it is no number, or endless."""
    return float(value) if np.isfinite(value) else None


def _verdict(parts: list[Part]) -> tuple[str, str]:
    """The verdict and its reason."""
    verdict = summed_up([part.outcome for part in parts])
    if verdict == NOT_REPRODUCED:
        return verdict, f"contradicted: {_listed(parts, FALSE)}"
    if verdict == INCONCLUSIVE:
        return verdict, f"undecided: {_listed(parts, UNDECIDED)}"
    return verdict, "every comparison holds" if len(parts) > 1 else "the comparison holds"


def _listed(parts: list[Part], outcome: str) -> str:
    """The first parts with this outcome in words, how many there are, and how many others hold."""
    found = [_named(part) for part in parts if part.outcome == outcome]
    more = "; ..." if len(found) > NAMED else ""
    holding = sum(part.outcome == TRUE for part in parts)
    others = f"; {holding} hold{'s' * (holding == 1)}" if holding else ""
    return f"{'; '.join(found[:NAMED])}{more} ({len(found)} of {len(parts)}{others})"


def _named(part: Part) -> str:
    is_few = part.outcome == UNDECIDED and not part.exact and part.replicates < FEWEST
    return f"{part.part} ({part.replicates} replicates with a value)" if is_few else part.part
