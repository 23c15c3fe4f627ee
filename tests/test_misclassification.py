"""How well scores tell mistakes: areas and curves against loops, and estimators of the error."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import roc_auc_score

from glassbox.analyses.misclassification import (
    STEPS,
    aurc,
    estimated_scores,
    introspected_scores,
    misclassification,
    output_scores,
    risk_coverage,
)
from glassbox.analyses.scores import ALL_CLASSES, auroc_by, auroc_of
from glassbox.analyses.spaces import Space

SIZES = st.integers(2, 30)
SCORED = SIZES.flatmap(
    lambda size: st.tuples(arrays(np.int64, size, elements=st.integers(0, 5)), arrays(bool, size))
)


def some(size, seed=0):
    """Scores without ties, and which examples are wrong: rather those of a high score."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=size)
    return scores, rng.normal(size=size) < scores - 1


def risks_of_thresholds(scores, wrong):
    """The share of wrong ones among those at or below each score, by a loop."""
    return [wrong[scores <= threshold].mean() for threshold in sorted(scores)]


def test_auroc_is_that_of_others():
    scores, wrong = some(200)
    scores = scores.round(1)
    assert auroc_by(scores, wrong) == pytest.approx(roc_auc_score(wrong, scores))
    assert auroc_by(scores, wrong) == pytest.approx(auroc_of(scores[~wrong], scores[wrong]))
    assert auroc_by(np.zeros(4), np.array([True, False, True, False])) == 0.5
    for same in (np.zeros(3, bool), np.ones(3, bool)):
        assert np.isnan(auroc_by(np.arange(3.0), same))


def test_the_curve_without_ties_is_that_of_all_thresholds():
    scores, wrong = some(80)
    coverage, risk = risk_coverage(scores, wrong)
    np.testing.assert_allclose(coverage, np.arange(1, 81) / 80)
    np.testing.assert_allclose(risk, risks_of_thresholds(scores, wrong))
    assert aurc(scores, wrong) == pytest.approx(np.mean(risks_of_thresholds(scores, wrong)))


def test_tied_examples_come_in_the_mean_of_all_orders():
    scores = np.array([1, 0, 1, 2, 1, 2, 0])
    wrong = np.array([True, False, False, True, True, False, False])
    orders = [each for each in permutations(range(7)) if (np.diff(scores[list(each)]) >= 0).all()]
    assert len(orders) == 2 * 6 * 2
    risks = [wrong[list(each)].cumsum() / np.arange(1, 8) for each in orders]
    np.testing.assert_allclose(risk_coverage(scores, wrong)[1], np.mean(risks, axis=0))


@given(SCORED)
def test_the_risk_of_all_is_the_share_of_mistakes(scored):
    scores, wrong = scored
    coverage, risk = risk_coverage(scores, wrong)
    assert coverage[-1] == 1
    assert risk[-1] == pytest.approx(wrong.mean())
    assert (risk >= 0).all() and (risk <= 1 + 1e-12).all()


@given(SCORED)
def test_what_keeps_the_order_of_scores_keeps_the_area(scored):
    scores, wrong = scored
    assert aurc(np.exp(scores / 2.0), wrong) == pytest.approx(aurc(scores, wrong))


@given(SCORED)
def test_no_order_has_less_area_than_that_of_the_mistakes(scored):
    scores, wrong = scored
    least = np.sort(wrong).cumsum() / np.arange(1, len(wrong) + 1)
    assert aurc(wrong.astype(float), wrong) == pytest.approx(least.mean())
    assert aurc(scores, wrong) >= least.mean() - 1e-12
    assert aurc(np.zeros(len(wrong)), wrong) == pytest.approx(wrong.mean())


def test_the_table_has_every_score_class_and_measure():
    scores, wrong = some(300)
    labels = np.arange(300) % 3
    wrong[labels == 2] = False
    table, curves = misclassification({"one": scores, "two": -scores}, wrong, labels)
    assert list(table) == ["score", "label", "measure", "value"]
    values = table.set_index(["score", "label", "measure"])["value"]
    assert len(values) == 2 * 4 * 4
    assert values["one", ALL_CLASSES, "auroc"] == pytest.approx(
        1 - values["two", ALL_CLASSES, "auroc"]
    )
    mine = labels == 1
    assert values["one", 1, "auroc"] == auroc_by(scores[mine], wrong[mine])
    assert values["two", 1, "aurc"] == aurc(-scores[mine], wrong[mine])
    assert values["one", 1, "wrong"] == wrong[mine].sum()
    assert values["one", 1, "count"] == 100
    assert np.isnan(values["one", 2, "auroc"]) and values["one", 2, "aurc"] == 0
    assert list(curves) == ["score", "coverage", "risk"]
    assert len(curves) == 2 * STEPS
    one = curves[curves["score"] == "one"]
    coverage, risk = risk_coverage(scores, wrong)
    np.testing.assert_array_equal(one["coverage"], coverage[2::3])
    np.testing.assert_array_equal(one["risk"], risk[2::3])


def test_a_curve_of_few_examples_has_all_their_coverages():
    scores, wrong = some(30)
    _, curves = misclassification({"one": scores}, wrong, np.zeros(30, int))
    np.testing.assert_array_equal(curves["coverage"], risk_coverage(scores, wrong)[0])


def test_scores_of_outputs_are_higher_where_these_are_less_sure():
    outputs = np.array([[0.9, 0.8, 0.1], [0.5, 0.2, 0.1]])
    scores = output_scores(outputs, np.random.default_rng(3))
    np.testing.assert_allclose(scores["maximum output"], [-0.9, -0.5])
    np.testing.assert_allclose(scores["margin"], [-0.1, -0.3])
    np.testing.assert_array_equal(scores["random"], np.random.default_rng(3).random(2))


def test_scores_of_an_introspection_are_higher_in_fringe_areas():
    table = pd.DataFrame({"estimate": [-3.0, -1.0], "density": [0.4, 0.1], "hit": [1.0, 0.5]})
    for values in introspected_scores(table).values():
        assert values[1] > values[0]


def straight(inputs, targets):
    """A plane through targets, by least squares."""
    plane = np.linalg.lstsq(np.c_[inputs, np.ones(len(inputs))], targets, rcond=None)[0]
    return lambda values: np.c_[values, np.ones(len(values))] @ plane


def test_an_estimator_learns_from_the_examples_that_a_space_holds():
    rng = np.random.default_rng(0)
    places, targets = rng.normal(size=(50, 2)), rng.normal(size=50)
    rows = np.arange(0, 50, 5)
    shown = rng.normal(size=(7, 2))
    every, few = Space.of_all(places, shown), Space(rows, places[rows], shown)
    told = estimated_scores({"every": every, "few": few}, targets, straight)
    np.testing.assert_array_equal(told["every"], straight(places, targets)(shown))
    np.testing.assert_array_equal(told["few"], straight(places[rows], targets[rows])(shown))
