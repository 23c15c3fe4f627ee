"""The arithmetic of verdicts: intervals, outcomes, how firm they are, and under which settings."""

import itertools
from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from glassbox.claims.evidence import Evidence, Missing
from glassbox.claims.hypotheses import AGREES, REPORTED, above, below, inside, outside
from glassbox.claims.intervals import (
    EVERYTHING,
    correlation_interval,
    counted_interval,
    draws_interval,
    mean_interval,
    prediction_interval,
    share_interval,
)
from glassbox.claims.judging import TESTS, judged, verdict
from glassbox.claims.recorded import elsewhere
from glassbox.claims.robustness import MULTIPLES, replicates_to_decide, same_with_twice
from glassbox.claims.settings import Setting, asked_for, differences
from glassbox.claims.verdicts import (
    INCONCLUSIVE,
    NOT_REPRODUCED,
    NOT_TESTABLE,
    OTHER_SETTINGS,
    RANKED,
    REPRODUCED,
    Comparison,
    Correlation,
    against_draws,
    against_published,
    counted,
    exact,
    in_units,
    judge,
)
from glassbox.claims.works import Claim, Reading

few_values = arrays(float, st.integers(2, 12), elements=st.floats(-1e3, 1e3, width=32))


def compared(values, hypothesis, **more) -> Comparison:
    return Comparison("what", np.asarray(values, float), hypothesis, "unit", **more)


def paired(columns, hypothesis) -> Correlation:
    return Correlation("what", np.stack(columns, axis=1).astype(float), hypothesis, "unit")


def spread_evenly(count: int, mean: float) -> np.ndarray:
    """Values of this mean and of standard deviation 1."""
    values = stats.norm.ppf((np.arange(count) + 0.5) / count)
    return values / values.std(ddof=1) + mean


# Intervals


@given(few_values, st.floats(0.001, 0.5))
def test_the_interval_of_a_mean_is_that_of_scipy(values, alpha):
    if np.ptp(values) > 0:
        wanted = stats.ttest_1samp(values, 0).confidence_interval(1 - alpha)
        assert mean_interval(values, alpha) == pytest.approx(wanted, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("interval", "alpha", "enough"),
    [
        (mean_interval, 0.05, 6),
        (mean_interval, 0.05 / 2, 7),
        (mean_interval, 0.05 / 16, 10),
        (prediction_interval, 0.05, 19),
        (prediction_interval, 0.05 / 4, 79),
    ],
)
def test_equal_values_are_told_from_others_when_there_are_enough(interval, alpha, enough):
    assert interval(np.full(enough, 0.1), alpha) == (0.1, 0.1)
    assert interval(np.full(enough - 1, 0.1), alpha) == EVERYTHING
    assert interval(np.full(enough, np.inf), alpha) == EVERYTHING


@pytest.mark.parametrize("interval", [mean_interval, prediction_interval, draws_interval])
@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_value_that_is_absent_leaves_no_interval(interval, wrong):
    assert interval(np.array([*np.arange(400.0), wrong]), 0.05) == EVERYTHING


def test_a_further_value_falls_into_the_prediction_interval_as_often_as_said():
    rng = np.random.default_rng(1)
    draws = rng.normal(3, 2, (4000, 6))
    hits = [low <= last <= high for *seen, last in draws
            for low, high in [prediction_interval(np.array(seen), 0.1)]]  # fmt: skip
    assert np.mean(hits) == pytest.approx(0.9, abs=4 * np.sqrt(0.9 * 0.1 / 4000))


@given(st.integers(1, 500), st.sampled_from([0.05, 0.05 / 2, 0.05 / 4]))
def test_a_further_draw_falls_anywhere_among_the_draws_with_equal_chance(count, alpha):
    """So that of its count + 1 ranks the interval holds 1 - alpha, and no rank too many."""
    draws = np.random.default_rng(count).permutation(count).astype(float)
    low, high = draws_interval(np.exp(draws / 50), alpha)
    inside_it = sum(low <= np.exp((rank - 0.5) / 50) <= high for rank in range(count + 1))
    assert inside_it >= (1 - alpha) * (count + 1) - 1e-9
    assert inside_it - 2 < (1 - alpha) * (count + 1) + 1e-9
    assert (inside_it == count + 1) == ((low, high) == EVERYTHING)


@pytest.mark.parametrize("alpha", [0.05, 0.05 / 2])
@pytest.mark.parametrize("count", [3, 4, 5, 6, 7])
def test_a_correlation_leaves_out_0_where_the_permutation_test_rejects(count, alpha):
    ranks = np.arange(count)
    orders = np.array(list(itertools.permutations(ranks)))
    distances = ((orders - ranks) ** 2).sum(axis=1)
    for distance in np.unique(distances):
        order = orders[np.argmax(distances == distance)]
        correlation = stats.spearmanr(ranks, order).statistic
        low, high = correlation_interval(correlation, count, alpha)
        is_greater = (distances <= distance).mean() <= alpha / 2
        is_less = (distances >= distance).mean() <= alpha / 2
        assert (low > 0, high < 0) == (is_greater, is_less), order


def test_a_correlation_is_judged_as_by_the_permutation_test_of_scipy():
    ranks = np.arange(5)
    found = {True: 0, False: 0}
    for order in list(itertools.permutations(range(5)))[::7]:
        test = stats.permutation_test(
            (np.array(order),),
            lambda each: stats.spearmanr(each, ranks).statistic,
            permutation_type="pairings",
            alternative="greater",
            n_resamples=np.inf,
        )
        part = judge([paired([ranks, order], above(0))]).parts[0]
        assert part.effect == pytest.approx(test.statistic)
        assert (part.outcome == "true") == (test.pvalue <= 0.05 / 2)
        found[part.outcome == "true"] += 1
    assert all(found.values())


def test_a_correlation_of_what_is_independent_is_decided_as_rarely_as_said():
    first, second = np.random.default_rng(4).normal(size=(2, 4000, 20)).argsort(axis=2)
    distances = ((first - second) ** 2).sum(axis=1)
    correlations = 1 - 6 * distances / (20 * (20**2 - 1))
    ends = np.array([correlation_interval(each, 20, 0.05) for each in correlations])
    for share in (np.mean(ends[:, 0] > 0), np.mean(ends[:, 1] < 0)):
        assert share == pytest.approx(0.025, abs=4 * np.sqrt(0.025 * 0.975 / 4000))


def test_a_correlation_with_what_is_constant_is_undecided():
    found = judge([paired([np.arange(20), np.ones(20)], above(0))])
    part = found.parts[0]
    assert (found.verdict, part.effect, part.size) == (INCONCLUSIVE, None, None)
    assert judge([paired([np.arange(20), np.arange(20)], above(0))]).verdict == REPRODUCED
    assert judge([paired([np.arange(20), -np.arange(20)], above(0))]).verdict == NOT_REPRODUCED


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=6),
    st.sampled_from([0.05, 0.05 / 3]),
)
def test_counts_of_all_replicates_together_have_the_interval_of_scipy(counts, alpha):
    interval = counted_interval(np.array(counts) / 30, alpha, trials=30)
    test = stats.binomtest(sum(counts), 30 * len(counts))
    assert interval == pytest.approx(tuple(test.proportion_ci(1 - alpha, "exact")), abs=1e-9)
    ones = np.concatenate([np.arange(30) < count for count in counts]).astype(float)
    assert share_interval(ones, alpha) == interval


def test_a_count_needs_no_more_than_one_replicate_and_no_value_absent():
    shares = np.array([0.9])
    assert judge([counted("what", shares, 200, above(0.5), "unit")]).verdict == REPRODUCED
    assert judge([counted("what", shares, 200, below(0.5), "unit")]).verdict == NOT_REPRODUCED
    assert judge([counted("what", shares, 10, below(0.99), "unit")]).verdict == INCONCLUSIVE
    absent = np.array([0.9, np.nan])
    for hypothesis in (above(0.5), below(0.5)):
        assert judge([counted("what", absent, 200, hypothesis, "unit")]).verdict == INCONCLUSIVE


# From intervals to outcomes


@pytest.mark.parametrize(
    ("hypothesis", "low", "high", "outcome"),
    [
        (below(0), -2, -1, "true"),
        (below(0), -1, 0, "undecided"),
        (below(0), 0, 1, "false"),
        (above(2), 2.5, 3, "true"),
        (above(2), 1, 2.5, "undecided"),
        (above(2), 1, 2, "false"),
        (inside(-1, 1), -1, 1, "true"),
        (inside(-1, 1), -1.5, 0, "undecided"),
        (inside(-1, 1), -3, 3, "undecided"),
        (inside(-1, 1), 1.1, 2, "false"),
        (inside(-1, 1), -3, -1.1, "false"),
        (outside(-1, 1), 1.1, 2, "true"),
        (outside(-1, 1), -3, -1.1, "true"),
        (outside(-1, 1), -1, 1, "false"),
        (outside(-1, 1), -1.5, 0, "undecided"),
        (outside(-1, 1), -3, 3, "undecided"),
        (AGREES, -1, 1, "true"),
        (AGREES, 0, 1, "true"),
        (AGREES, 0.1, 1, "false"),
        (AGREES, -1, -0.1, "false"),
        (AGREES, -inf, inf, "undecided"),
        (AGREES, -inf, 1, "undecided"),
        (AGREES, -1, inf, "undecided"),
        (AGREES, 0.1, inf, "false"),
        (REPORTED, -1, 1, "undecided"),
    ],
)
def test_outcomes(hypothesis, low, high, outcome):
    assert hypothesis.outcome((low, high), (low, high)) == outcome


@pytest.mark.parametrize(
    ("hypothesis", "alone", "of_all", "outcome"),
    [
        (below(0), (-2, -0.1), (-3, 1), "true"),
        (below(0), (0.1, 2), (-1, 3), "undecided"),
        (below(0), (0.5, 2), (0.1, 3), "false"),
        (above(0), (0.1, 2), (-1, 3), "true"),
        (above(0), (-2, -0.1), (-3, 1), "undecided"),
        (inside(-1, 1), (-1, 1), (-2, 2), "true"),
        (inside(-1, 1), (1.1, 2), (0.9, 3), "undecided"),
        (outside(-1, 1), (1.1, 2), (0.9, 3), "true"),
        (outside(-1, 1), (-1, 1), (-2, 2), "undecided"),
        (AGREES, (-1, 1), (-2, 2), "true"),
        (AGREES, (0.1, 1), (-0.1, 2), "undecided"),
    ],
)
def test_what_holds_goes_by_the_interval_alone_and_what_fails_by_that_of_all(
    hypothesis, alone, of_all, outcome
):
    assert hypothesis.outcome(alone, of_all) == outcome


def test_intervals_of_all_are_family_wise_over_the_parts_that_are_tested_and_drawn():
    first, second, told, steps = np.random.default_rng(3).normal(size=(4, 9)) + 0.5
    comparisons = [
        compared(first, above(0)),
        compared(second, below(0)),
        compared(told, REPORTED),
        compared(np.stack([steps, first], axis=1), above(0)),
        exact("what", 1.0, above(0), "unit"),
    ]
    for part, values in zip(judge(comparisons).parts, (first, second, told), strict=False):
        test = stats.ttest_1samp(values, 0)
        assert (part.low, part.high) == pytest.approx(tuple(test.confidence_interval(0.95)))
        of_all = tuple(test.confidence_interval(1 - 0.05 / 3))
        assert (part.low_of_all, part.high_of_all) == pytest.approx(of_all)
        assert part.effect == pytest.approx(values.mean())
        assert part.size == pytest.approx(values.mean() / values.std(ddof=1))


def test_the_largest_mean_lies_between_the_largest_ends():
    noise = np.array([-0.1, 0.1, 0.2, -0.2, 0])
    wide, narrow = noise * 10 + 1, noise + 0.5
    part = judge([compared(np.stack([wide, narrow], axis=1), above(0))]).parts[0]
    together = stats.ttest_1samp(narrow, 0).confidence_interval(1 - 0.05 / 2)
    alone = stats.ttest_1samp(wide, 0).confidence_interval(0.95)
    assert part.effect == pytest.approx(1)
    assert (part.low, part.high) == pytest.approx((together.low, alone.high))
    assert part.outcome == "true"


def test_bounds_open_the_interval():
    values = [3, 3.1, 2.9, 3, 3]
    lower = judge([compared(values, above(2), open_above=True)]).parts[0]
    assert (lower.outcome, lower.high) == ("true", None)
    assert judge([compared(values, above(4), open_below=True)]).verdict == NOT_REPRODUCED
    assert judge([compared(values, below(2), open_above=True)]).verdict == NOT_REPRODUCED
    assert judge([compared(values, below(2), open_below=True)]).verdict == INCONCLUSIVE
    for hypothesis in (above(2), above(4), below(2), below(4)):
        found = judge([compared(values, hypothesis, open_below=True, open_above=True)])
        assert found.verdict == INCONCLUSIVE


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("value", [-1.0, 1.0])
def test_two_replicates_decide_nothing(count, value):
    values = value + 1e-9 * np.arange(10)
    found = judge([compared(values[:count], below(0)), compared(-abs(values), below(0))])
    assert found.verdict == INCONCLUSIVE
    assert [part.outcome for part in found.parts] == ["undecided", "true"]
    assert f"{count} replicates" in found.reason


def test_a_replicate_without_a_value_decides_nothing():
    found = judge([compared([-1, -1, np.nan, -1, -1.1], below(0))])
    part = found.parts[0]
    assert (found.verdict, part.outcome, part.replicates) == (INCONCLUSIVE, "undecided", 4)
    assert part.effect is part.low is part.high is part.size is None
    values = [*spread_evenly(20, 1), np.nan]
    for published in (1.0, 100.0):
        part = judge([against_published("error", np.array(values), published, "m")]).parts[0]
        assert (part.outcome, part.replicates) == ("undecided", 20)


@pytest.mark.parametrize(
    ("value", "hypothesis", "found"),
    [
        (-0.1, below(0), REPRODUCED),
        (0.0, below(0), NOT_REPRODUCED),
        (0.1, below(0), NOT_REPRODUCED),
        (0.1, inside(0.1, 0.2), REPRODUCED),
        (0.1, outside(0.1, 0.2), NOT_REPRODUCED),
    ],
)
def test_six_replicates_without_spread_decide_and_five_do_not(value, hypothesis, found):
    six, five = (judge([compared([value] * count, hypothesis)]) for count in (6, 5))
    assert (six.verdict, five.verdict) == (found, INCONCLUSIVE)
    part = six.parts[0]
    assert (part.effect, part.low, part.high, part.size) == (value, value, value, None)
    part = five.parts[0]
    assert (part.effect, part.low, part.high, part.size) == (value, None, None, None)


def test_what_involves_no_draw_is_decided_by_its_value():
    assert judge([exact("what", 1.0, above(0), "unit")]).verdict == REPRODUCED
    assert judge([exact("what", 0.0, above(0), "unit")]).verdict == NOT_REPRODUCED
    assert judge([exact("what", 0.0, REPORTED, "unit")]).parts[0].outcome == "not tested"


# From outcomes to verdicts


@pytest.mark.parametrize(
    ("offsets", "wanted"),
    [
        ([-1, -1], REPRODUCED),
        ([-1, 0], INCONCLUSIVE),
        ([-1, 1], NOT_REPRODUCED),
        ([0, 1], NOT_REPRODUCED),
    ],
)
def test_a_claim_is_all_of_its_parts(offsets, wanted):
    noise = np.array([-0.01, 0.02, 0, -0.02, 0.01])
    found = judge([compared(noise + offset, below(0)) for offset in offsets])
    assert found.verdict == wanted
    outcomes = [part.outcome for part in found.parts]
    assert outcomes == [{-1: "true", 0: "undecided", 1: "false"}[offset] for offset in offsets]
    assert found.reason


def test_what_is_reported_counts_for_nothing():
    good, bad = (compared(spread_evenly(9, mean), above(0)) for mean in (5, -5))
    told = replace(bad, hypothesis=REPORTED)
    assert judge([good, told]).verdict == REPRODUCED
    assert judge([bad, told]).verdict == NOT_REPRODUCED


def claims_of_noise(count: int, means: np.ndarray):
    """Verdicts on so many claims, whose parts say that these means are below 0."""
    noise = np.random.default_rng(2).normal(size=(count, len(means), 8))
    return [judge([compared(part, below(0)) for part in one]) for one in noise + means[:, None]]


@pytest.mark.parametrize("by_chance", [1, 4])
def test_a_claim_with_parts_that_hold_by_chance_is_reproduced_in_five_percent_at_most(by_chance):
    """One at least does not hold; the others hold as clearly as can be, which is the worst."""
    means = np.where(np.arange(4) < by_chance, 0.0, -20.0)
    share = np.mean([each.verdict == REPRODUCED for each in claims_of_noise(1200, means)])
    assert share == pytest.approx(0.025**by_chance, abs=4 * np.sqrt(0.025 * 0.975 / 1200))
    assert share <= 0.05


@pytest.mark.parametrize("parts", [1, 4, 16])
def test_a_claim_that_holds_is_not_reproduced_in_five_percent_at_most(parts):
    """However many parts it has, each of them as little true as can be."""
    found = claims_of_noise(4800 // max(4, parts), np.zeros(parts))
    share = np.mean([each.verdict == NOT_REPRODUCED for each in found])
    assert share == pytest.approx(0.025, abs=4 * np.sqrt(0.025 * 0.975 / len(found)))
    uncorrected = np.mean([any(part.low >= 0 for part in each.parts) for each in found])
    assert uncorrected > 0.05 or parts == 1


# Printed numbers


@pytest.mark.parametrize(
    ("published", "width", "outcome"),
    [
        (1.0, 0.01, "true"),
        (1.02, 0.01, "true"),
        (1.2, 0.01, "false"),
        (0.8, 0.01, "false"),
        (1.0, 0.2, "true"),
        (1.4, 0.2, "true"),
        (1.5, 0.2, "false"),
        (1.0, 0.0, "true"),
        (1.0001, 0.0, "false"),
    ],
)
def test_a_printed_number_is_one_further_run_or_is_not(published, width, outcome):
    values = 1 + width * spread_evenly(RANKED, 0)
    part = judge([against_published("error", values, published, "m")]).parts[0]
    assert part.outcome == outcome
    assert part.effect == pytest.approx(1 / published - 1)
    margin = stats.t.ppf(0.975, RANKED - 1) * width * np.sqrt(1 + 1 / RANKED)
    ends = ((1 - margin) / published - 1, (1 + margin) / published - 1)
    assert (part.low, part.high) == pytest.approx(ends)


@pytest.mark.parametrize("count", [3, 18])
def test_fewer_than_nineteen_replicates_refute_a_printed_number_and_confirm_none(count):
    few, enough = (1 + 0.01 * spread_evenly(each, 0) for each in (count, 19))
    for published, outcomes in ((1.0, ("undecided", "true")), (1.2, ("false", "false"))):
        for values, outcome in zip((few, enough), outcomes, strict=True):
            part = judge([against_published("error", values, published, "m")]).parts[0]
            assert (part.outcome, part.replicates) == (outcome, len(values))


def test_equal_replicates_contradict_a_printed_number_by_rank_alone():
    equal = [against_published("error", np.ones(19), each, "m") for each in (1.0, 1.2)]
    assert [judge([each]).parts[0].outcome for each in equal] == ["true", "false"]
    assert [part.outcome for part in judge(equal).parts] == ["true", "undecided"]
    many = [against_published("error", np.ones(39), each, "m") for each in (1.0, 1.2)]
    assert [part.outcome for part in judge(many).parts] == ["true", "false"]


@pytest.mark.parametrize(
    ("rank", "outcome"),
    [(0, "false"), (9, "false"), (10, "true"), (200, "true"), (390, "true"), (391, "false")],
)
def test_a_printed_number_is_judged_by_its_rank_among_draws(rank, outcome):
    draws = np.random.default_rng(6).permutation(np.exp(np.arange(400) / 50))
    published = np.exp((rank - 0.5) / 50)
    comparison = against_draws("error", draws, published, "m")
    found = judge([comparison]).parts[0]
    assert (found.outcome, found.replicates) == (outcome, 400)
    assert f"at the {rank / 400:.1%} point of 400 draws" in found.unit
    assert found.effect == pytest.approx(draws.mean() / published - 1)


def test_few_draws_or_one_without_a_value_tell_nothing_of_a_printed_number():
    draws = np.arange(1.0, 40.0)
    for published, outcome in ((20, "true"), (100, "false")):
        assert judge([against_draws("error", draws, published, "m")]).parts[0].outcome == outcome
        for few in (draws[1:], np.array([*draws, np.nan])):
            found = judge([against_draws("error", few, published, "m")]).parts[0]
            assert (found.outcome, found.low, found.high) == ("undecided", None, None)


def test_draws_that_equal_the_printed_number_lie_half_below_it():
    comparison = against_draws("error", np.array([1.0, 2, 2, 3]), 2.0, "m")
    assert "at the 50.0% point of 4 draws" in comparison.unit


# How firm a verdict is


@pytest.mark.parametrize("effect", [3, -3])
def test_twice_the_replicates_give_a_clear_verdict_again(effect):
    comparisons = [compared(spread_evenly(12, effect), above(0))]
    assert same_with_twice(comparisons, judge(comparisons).verdict) == 1
    other = NOT_REPRODUCED if effect > 0 else REPRODUCED
    assert same_with_twice(comparisons, other) == 0


def test_twice_the_replicates_may_give_a_close_verdict_otherwise():
    """It was decided at 2.3 standard errors; of a further one as many lie above as below."""
    comparisons = [compared(spread_evenly(20, 2.3 / np.sqrt(20)), above(0))]
    assert judge(comparisons).verdict == REPRODUCED
    wanted = predicted(2.3, 2)[0]
    assert same_with_twice(comparisons, REPRODUCED) == pytest.approx(wanted, abs=0.12)


def test_what_depends_on_no_draw_has_no_further_replicates():
    comparisons = [exact("what", 1.0, above(0), "unit"), compared(np.arange(9), REPORTED)]
    assert same_with_twice(comparisons, REPRODUCED) is None
    assert replicates_to_decide(comparisons) is None


def predicted(z: float, multiple: float) -> tuple[float, float]:
    """The chance that so many times the replicates find an effect above 0, or below it.

    Of an effect of z standard errors now, which is known no better than that, by normal
    approximation: in these units the later mean has the variance 1 - 1 / multiple.
    """
    deviation, limit = np.sqrt(1 - 1 / multiple), 1.96 / np.sqrt(multiple)
    return stats.norm.cdf((z - limit) / deviation), stats.norm.cdf((-z - limit) / deviation)


@pytest.mark.parametrize("z", [1.4, 1.6, 1.8])
def test_the_replicates_that_would_decide_are_those_that_power_says(z):
    comparisons = [compared(spread_evenly(30, z / np.sqrt(30)), above(0))]
    assert judge(comparisons).verdict == INCONCLUSIVE
    needed = replicates_to_decide(comparisons)
    at_once = next(i for i, each in enumerate(MULTIPLES) if sum(predicted(z, each)) >= 0.8)
    near = [np.ceil(30 * each) for each in MULTIPLES[max(0, at_once - 1) : at_once + 2]]
    assert needed in near
    if_known = ((1.96 + stats.norm.ppf(0.8)) / z) ** 2 * 30
    assert 0.6 * if_known < needed < 4 * if_known


def test_replicates_to_decide_are_those_of_the_part_that_has_fewest():
    clear, unclear = spread_evenly(200, 9), spread_evenly(30, 1.5 / np.sqrt(30))
    alone = replicates_to_decide([compared(unclear, above(0))])
    both = replicates_to_decide([compared(clear, above(0)), compared(unclear, above(0))])
    assert both == pytest.approx(alone, rel=0.51)
    assert both < 30 * 32 < 200 * 32


@pytest.mark.parametrize(
    "comparison",
    [
        compared([1, 2, np.nan, 3, 1], above(0)),
        compared([1.0], above(0)),
        compared(spread_evenly(20, 9), above(0), open_below=True, open_above=True),
        compared(spread_evenly(20, 9), below(0), open_below=True),
    ],
)
def test_what_never_decides_needs_no_number_of_replicates(comparison):
    assert judge([comparison]).verdict == INCONCLUSIVE
    assert replicates_to_decide([comparison]) is None


def test_how_firm_a_verdict_is_does_not_change_from_run_to_run():
    comparisons = [compared(spread_evenly(20, 0.4), above(0))]
    assert same_with_twice(comparisons, REPRODUCED) == same_with_twice(comparisons, REPRODUCED)


def test_replicates_stay_whole_when_more_are_drawn():
    """Parts that are high in the same replicates hold together, in opposite ones hardly."""
    values = spread_evenly(20, 0.45)
    share, alike, opposite = (
        same_with_twice([compared(each, above(0)) for each in parts], REPRODUCED)
        for parts in ([values], [values, values * 2], [values, values[::-1]])
    )
    assert 0.6 < share < 0.9
    assert alike == pytest.approx(share, abs=0.1)
    assert opposite == pytest.approx(2 * share - 1, abs=0.15)


# Settings


SIZES = {"train": 200, "validation": 100, "test": 100, "averages": 1000}
THEIRS = {
    "datasets": {
        "jumps": {"kind": "jumps", "noise": 1.0, "per_class": SIZES},
        "shuffled": {"kind": "shuffled-labels", "of": "jumps"},
        "other": {"kind": "jumps", "noise": 9.0},
    },
    "models": {
        "net": {"dataset": "jumps", "hidden": [100], "recipe": {"rate": 0.01, "patience": 100}},
        "memorising": {"dataset": "shuffled", "hidden": [100]},
    },
    "detectors": {"learned": {"dataset": "jumps", "model": "net"}},
    "experiments": {"draws": {"detector": "learned", "set": "jumps/test"}},
}


def otherwise(section: str, name: str, **changed) -> dict:
    """The work's settings but for some of one entry, beside what the work says nothing of."""
    ours = {**THEIRS, "device": {"any": {"name": "cpu"}}}
    entry = {**THEIRS[section][name], "replicates": 20, **changed}
    return {**ours, section: {**THEIRS[section], name: entry}}


EVERY_NEED = [*("net", "memorising", "learned", "draws", "shuffled", "digits"), "jumps/averages"]
NOISE = Setting("datasets.jumps.noise", 2.0, 1.0)


def test_settings_that_are_the_work_s_do_not_differ():
    assert differences(EVERY_NEED, THEIRS, THEIRS) == []
    assert differences(EVERY_NEED, otherwise("models", "net"), THEIRS) == []
    assert differences(EVERY_NEED, {}, {}) == []


@pytest.mark.parametrize(
    "need",
    ["jumps", "jumps/test", "net", "shuffled/train", "memorising", "learned", "draws"],
)
def test_a_claim_rests_on_the_sets_of_all_that_it_needs(need):
    assert differences([need], otherwise("datasets", "jumps", noise=2.0), THEIRS) == [NOISE]
    assert differences([need], otherwise("datasets", "other", noise=2.0), THEIRS) == []


@pytest.mark.parametrize("need", EVERY_NEED)
def test_a_setting_of_a_model_is_asked_of_those_that_are_of_it(need):
    wanted = [Setting("models.net.recipe.rate", 0.1, 0.01)]
    ours = otherwise("models", "net", recipe={"rate": 0.1, "patience": 100, "stop": "epochs"})
    found = differences([need], ours, THEIRS)
    assert found == (wanted if need in ("net", "learned", "draws") else [])


@pytest.mark.parametrize(
    ("needs", "splits"),
    [
        (["net"], ["train", "validation"]),
        (["memorising"], ["train", "validation"]),
        (["jumps/test"], ["test"]),
        (["net", "jumps/averages"], ["train", "validation", "averages"]),
        (["draws"], ["train", "validation", "test"]),
    ],
)
def test_sizes_are_compared_of_the_splits_that_are_needed(needs, splits):
    for split in SIZES:
        ours = otherwise("datasets", "jumps", per_class={**SIZES, split: 7})
        wanted = [Setting(f"datasets.jumps.per_class.{split}", 7, SIZES[split])]
        assert differences(needs, ours, THEIRS) == (wanted if split in splits else [])


def test_what_the_study_lacks_differs_in_each_setting():
    ours = {section: {} for section in THEIRS}
    found = differences(["net"], {**ours, "datasets": THEIRS["datasets"]}, THEIRS)
    keys = ["dataset", "hidden", "recipe.rate", "recipe.patience"]
    assert [each.key for each in found] == [f"models.net.{key}" for key in keys]
    assert {each.ours for each in found} == {None}
    assert str(found[0]) == "models.net.dataset is nothing, and jumps in the work"


def test_a_study_is_asked_for_what_the_work_names_alone():
    ours = otherwise("models", "net", recipe={"rate": 0.1, "patience": 100, "stop": "epochs"})
    asked = asked_for(THEIRS, ours)
    recipe = {"rate": 0.1, "patience": 100}
    net = {**THEIRS["models"]["net"], "recipe": recipe}
    assert asked == {**THEIRS, "models": {**THEIRS["models"], "net": net}}
    assert differences(["net"], asked, THEIRS) == differences(["net"], ours, THEIRS)
    lacking = {**ours, "models": {}}
    assert asked_for(THEIRS, lacking) == {**THEIRS, "models": {}}


# Claims that are judged


@pytest.fixture
def made_up(monkeypatch):
    """A claim about one number, which a reading asks otherwise."""

    def test(evidence: Evidence, mean: float, count: int = 20):
        if count == 0:
            raise Missing("replicate")
        return [compared(spread_evenly(count, mean), above(0))]

    monkeypatch.setitem(TESTS, "X-C01", test)
    texts = {"location": "Sec. 1", "statement": "It is.", "test": "It is."}
    readings = [
        Reading("lower", {"mean": -5.0}),
        Reading("of two", {"count": 2}),
        Reading("of none", {"count": 0}),
    ]
    return Claim("X-C01", **texts, needs=["net"], config="c", of={"mean": 5.0}, readings=readings)


EVIDENCE = Evidence(20, {})


def test_a_claim_is_judged_with_how_firm_its_verdict_is(made_up):
    found = judged(made_up, EVIDENCE, [], NOT_REPRODUCED)
    assert found.claim is made_up
    assert found.verdict == verdict(made_up, EVIDENCE)
    assert found.verdict.verdict == REPRODUCED
    firm = found.robustness
    assert (firm.twice, firm.needed, firm.elsewhere) == (1, None, NOT_REPRODUCED)


def test_each_reading_of_a_claim_has_its_verdict(made_up):
    readings = judged(made_up, EVIDENCE).robustness.readings
    assert readings == {"lower": NOT_REPRODUCED, "of two": INCONCLUSIVE, "of none": NOT_TESTABLE}


def test_a_reading_may_have_other_printed_numbers(monkeypatch, made_up):
    def test(evidence: Evidence, published: dict, mean: float):
        return [against_published("what", spread_evenly(20, mean), published["what"], "m")]

    monkeypatch.setitem(TESTS, "X-C01", test)
    readings = [Reading("misprinted", published={"what": 99.0}), Reading("larger", {"mean": 99.0})]
    claim = replace(made_up, published={"what": 5.0}, readings=readings)
    found = judged(claim, EVIDENCE)
    assert found.verdict.verdict == REPRODUCED
    assert set(found.robustness.readings.values()) == {NOT_REPRODUCED}


def test_an_inconclusive_claim_says_how_many_replicates_would_decide(made_up):
    unclear = replace(made_up, of={"mean": 1.5 / np.sqrt(20)}, readings=[])
    found = judged(unclear, EVIDENCE)
    assert found.verdict.verdict == INCONCLUSIVE
    comparisons = TESTS["X-C01"](EVIDENCE, **unclear.of)
    assert found.robustness.needed == replicates_to_decide(comparisons) > 20


def test_under_other_settings_a_claim_has_values_and_no_verdict(made_up):
    others = [NOISE, Setting("models.net.recipe.rate", None, 0.01)]
    found = judged(made_up, EVIDENCE, others, REPRODUCED)
    assert found.verdict.verdict == OTHER_SETTINGS == "asked of other settings"
    assert found.verdict.reason == (
        "datasets.jumps.noise is 2.0, and 1.0 in the work; "
        "models.net.recipe.rate is nothing, and 0.01 in the work"
    )
    plain = verdict(made_up, EVIDENCE).parts
    assert found.verdict.parts == [replace(part, outcome="not tested") for part in plain]
    firm = found.robustness
    assert (firm.twice, firm.needed, firm.readings, firm.elsewhere) == (None, None, {}, REPRODUCED)


def test_what_has_no_data_is_not_testable_under_other_settings_either(made_up):
    found = judged(replace(made_up, of={"mean": 0, "count": 0}), EVIDENCE, [NOISE], REPRODUCED)
    assert found.verdict.verdict == NOT_TESTABLE
    assert found.robustness.elsewhere == REPRODUCED
    untested = judged(replace(made_up, untested="No."), EVIDENCE, [NOISE], NOT_TESTABLE)
    assert (untested.verdict.verdict, untested.verdict.reason) == (NOT_TESTABLE, "No.")
    assert untested.robustness.elsewhere is None


def test_verdicts_of_the_other_scale_are_those_recorded_of_any_work(tmp_path):
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text(
        "laptop: {seed: 1, verdicts: {A-C01: reproduced, A-C02: inconclusive}}\n"
        "published: {seed: 2, verdicts: {A-C01: not reproduced}}\n"
    )
    two.write_text("published: {seed: 2, verdicts: {B-C01: reproduced}}\n")
    at_published = {"A-C01": NOT_REPRODUCED, "B-C01": REPRODUCED}
    assert elsewhere([one, two], "laptop") == at_published
    assert elsewhere([one, two], "published") == {"A-C01": REPRODUCED, "A-C02": INCONCLUSIVE}
    assert elsewhere([one, two], "smoke") == {}
    two.write_text("")
    assert elsewhere([two], "laptop") == elsewhere([], "laptop") == {}


def test_an_interval_around_a_negative_printed_number_keeps_its_order():
    assert in_units(2.0, 0.5, -0.5, 1.0) == (3.0, 1.0, 4.0)
    assert in_units(-2.0, 0.5, -0.5, 1.0) == (-3.0, -4.0, -1.0)
    assert in_units(-2.0, 0.5, None, None) == (-3.0, None, None)
