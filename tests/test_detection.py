"""How well scores tell odd inputs from normal ones, and the table of it."""

import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from glassbox.analyses.detection import (
    Score,
    Subject,
    auroc_interval,
    detection_table,
    one_after_another,
    subjects_of,
)
from glassbox.analyses.scores import auroc_of
from glassbox.tables import Examples


def test_auroc_is_the_u_statistic():
    rng = np.random.default_rng(0)
    normal, odd = rng.integers(6, size=40), rng.integers(2, 9, size=30)
    wanted = mannwhitneyu(odd, normal).statistic / (40 * 30)
    assert auroc_of(normal, odd) == pytest.approx(wanted)
    assert auroc_of(np.array([0, 1]), np.array([2, 3])) == 1
    assert auroc_of(np.array([5.0]), np.array([5.0])) == 0.5


@pytest.mark.parametrize("paired", [True, False])
def test_auroc_intervals_are_those_of_a_loop_of_resamples(paired):
    rng = np.random.default_rng(0)
    normal = rng.normal(size=60)
    odd = normal + rng.normal(0.5, 1, size=60)
    draws = []
    for _ in range(1500):
        ours = rng.integers(60, size=60)
        theirs = ours if paired else rng.integers(60, size=60)
        draws.append(auroc_of(normal[ours], odd[theirs]))
    found = auroc_interval(normal, odd, np.random.default_rng(1), paired, 1500)
    np.testing.assert_allclose(found, np.quantile(draws, [0.025, 0.975]), atol=0.012)


def test_subjects_that_come_one_after_another_share_no_place():
    places = one_after_another([3, 0, 2])
    assert places == [slice(0, 3), slice(3, 3), slice(3, 5)]
    assert one_after_another([]) == []


def some(count, **told):
    values = np.arange(count, dtype=np.float32)[:, None] + len(told)
    return Examples(np.arange(count), np.arange(count), values, told)


def test_sets_that_are_shown_say_what_they_are():
    attack = {"attack": "noise", "space": "pixels", "size": 0.1}
    sets = [some(3), some(3, **attack), some(2, unit="none")]
    subjects, whole = subjects_of(sets, ["attacks/noise-0.1", "photos/test"])
    assert [(each.kind, each.space, each.size) for each in subjects] == [
        ("normal", "none", 0.0),
        ("noise", "pixels", 0.1),
        ("outlier", "photos/test", 0.0),
    ]
    assert [each.paired for each in subjects] == [True, True, False]
    for each, subject in zip(sets, subjects, strict=True):
        np.testing.assert_array_equal(whole.values[subject.places], each.values)
        np.testing.assert_array_equal(whole.ids[subject.places], each.ids)


def test_a_detection_table_has_a_row_per_score_and_odd_subject():
    rng = np.random.default_rng(0)
    normal, attack, photos = one_after_another([30, 30, 20])
    subjects = [
        Subject("normal", "none", 0.0, normal, paired=True),
        Subject("pgd", "pixels", 0.1, attack, paired=True),
        Subject("outlier", "photos/test", 0.0, photos, paired=False),
    ]
    values = rng.normal(size=(2, 80)) + np.repeat([0, 1, 2], [30, 30, 20])
    scores = [Score("one", "set1", "", values[0]), Score("two", "", "CN1", values[1])]
    answers = rng.integers(3, size=80)
    table = detection_table(scores, subjects, answers, np.random.default_rng(1))
    assert table["detector"].tolist() == ["one", "one", "two", "two"]
    assert table["thresholds"].tolist() == ["set1", "set1", "", ""]
    assert table["layer"].tolist() == ["", "", "CN1", "CN1"]
    assert (
        table[["kind", "space", "size"]].to_numpy().tolist()
        == [
            ["pgd", "pixels", 0.1],
            ["outlier", "photos/test", 0.0],
        ]
        * 2
    )
    again = np.random.default_rng(1)
    for row, (score, odd) in enumerate((s, o) for s in values for o in subjects[1:]):
        ours, theirs = score[:30], score[odd.places]
        assert table["auroc"][row] == auroc_of(ours, theirs)
        interval = auroc_interval(ours, theirs, again, odd.paired)
        assert (table["low"][row], table["high"][row]) == interval
    assert table["changed"][2] == (answers[:30] != answers[30:60]).mean()
    assert np.isnan(table["changed"][1])
