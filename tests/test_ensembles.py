"""Ensembles of replicates, against a loop and by hand."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassbox.analyses import ensembles as module
from glassbox.analyses.ensembles import confidences, ensembles

REPLICATES = [2, 3, 5, 8]


def some(seed=0, size=60, classes=4):
    """Outputs and estimates of four replicates, and the labels."""
    rng = np.random.default_rng(seed)
    outputs = {each: rng.random((size, classes)).astype(np.float32) for each in REPLICATES}
    estimates = {each: rng.normal(-1, 1.5, size) for each in REPLICATES}
    return outputs, estimates, rng.integers(classes, size=size)


def by_a_loop(outputs, labels, weights, chosen):
    """The accuracy of some members; weights (n,) by member."""
    right = 0
    for place, label in enumerate(labels):
        own = np.array([weights[each][place] for each in chosen])
        own = own if own.sum() else np.ones(len(own))
        mean = sum(
            w * outputs[each][place].astype(float) for w, each in zip(own, chosen, strict=True)
        )
        right += (mean / own.sum()).argmax() == label
    return right / len(labels)


@pytest.mark.parametrize("at_once", [1, module.AT_ONCE])
def test_all_subsets_are_those_of_a_loop(at_once, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", at_once)
    outputs, estimates, labels = some()
    table = ensembles(outputs, labels, [2, 3], estimates)
    assert list(table) == ["replicate", "members", "weighting", "accuracy"]
    found = table.set_index(["weighting", "members"])["accuracy"]
    chosen = [*combinations(REPLICATES, 2), *combinations(REPLICATES, 3)]
    assert len(found) == 3 * len(chosen)
    weightings = {
        "uniform": {each: np.ones(60) for each in REPLICATES},
        "maximum output": {each: outputs[each].max(axis=1) for each in REPLICATES},
        "confidence": {each: np.maximum(-estimates[each], 0) for each in REPLICATES},
    }
    for weighting, weights in weightings.items():
        for each in chosen:
            wanted = by_a_loop(outputs, labels, weights, each)
            assert found[weighting, " ".join(map(str, each))] == pytest.approx(wanted)


def test_an_ensemble_has_the_replicate_of_its_last_member():
    outputs, _, labels = some()
    table = ensembles(outputs, labels, [3])
    last = table["members"].str.split().str[-1].astype(int)
    assert table["replicate"].tolist() == last.tolist()
    assert set(table["weighting"]) == {"uniform", "maximum output"}


def test_a_sure_member_outvotes_two_that_expect_to_err():
    outputs = {0: np.array([[0.9, 0.1]]), 1: np.array([[0.2, 0.8]]), 2: np.array([[0.2, 0.8]])}
    estimates = {0: np.array([-6.0]), 1: np.array([-0.1]), 2: np.array([0.5])}
    table = ensembles(outputs, np.array([0]), [3], estimates)
    found = table.set_index("weighting")["accuracy"]
    assert found.to_dict() == {"uniform": 0, "maximum output": 0, "confidence": 1}


def test_members_that_all_expect_large_errors_weigh_the_same():
    outputs = {0: np.array([[0.9, 0.1]]), 1: np.array([[0.2, 0.8]]), 2: np.array([[0.2, 0.8]])}
    estimates = {0: np.array([0.1]), 1: np.array([2.0]), 2: np.array([0.5])}
    table = ensembles(outputs, np.array([1]), [3], estimates)
    assert (table["accuracy"] == 1).all()


def test_confidence_is_the_negative_logarithm_and_never_negative():
    np.testing.assert_array_equal(confidences(np.array([-3.0, 0.0, 1.5])), [3, 0, 0])


@given(st.integers(0, 1000), st.floats(-5, -0.1))
def test_members_of_one_confidence_are_weighted_uniformly(seed, estimate):
    outputs, _, labels = some(seed, size=9)
    estimates = {each: np.full(9, estimate) for each in outputs}
    table = ensembles(outputs, labels, [3], estimates).set_index(["weighting", "members"])
    same = table.loc["confidence", "accuracy"] == table.loc["uniform", "accuracy"]
    assert same.all()
