"""Links, predictions, confusion and consistency against plain loops."""

import math
from itertools import combinations

import numpy as np
import pytest
import torch

from glassbox.analyses import cosines
from glassbox.analyses.confusion import confusion_index
from glassbox.analyses.consistency import consistency, softmax_consistency
from glassbox.analyses.libraries import build_libraries
from glassbox.analyses.links import (
    agreement,
    all_node_predictions,
    hebbian_links,
    node_purity,
    predictions,
)
from glassbox.analyses.nearest import NOBODY, most_active

CPU = torch.device("cpu")
CLASSES = 4


@pytest.fixture(params=[False, True], ids=["one-tile", "small-tiles"])
def case(request, monkeypatch):
    """Training and test patterns in clusters, answers, and the libraries of three thresholds."""
    if request.param:
        monkeypatch.setitem(cosines.LARGEST, "cpu", 7)
        monkeypatch.setitem(cosines.TILE, "cpu", 5)
    rng = np.random.default_rng(0)
    centres = rng.standard_normal((6, 12))
    cluster = rng.integers(6, size=110)
    patterns = centres[cluster] + 0.4 * rng.standard_normal((110, 12))
    patterns = patterns.astype(np.float32)
    training, test = patterns[:80], patterns[80:]
    built = build_libraries(training, [-0.99, 0.7, 0.95], CPU)
    return training, test, cluster[:80] % CLASSES, built


def all_cosines(ones, others):
    unit = [each / np.linalg.norm(each, axis=1, keepdims=True) for each in (ones, others)]
    return unit[0].astype(np.float64) @ unit[1].astype(np.float64).T


def loop_links(training, rows, answers, width):
    h = all_cosines(training, training[rows])
    table = np.zeros((len(rows), CLASSES))
    for k, answer in enumerate(answers):
        for n in range(len(rows)):
            for m in range(CLASSES):
                table[n, m] += math.exp(-(1 - h[k, n]) / width) * (1 if m == answer else -1)
    return table


def test_links_are_those_of_a_loop(case):
    training, _, answers, built = case
    found = hebbian_links(training, built.rows, answers, CLASSES, CPU, (0.01, 0.1))
    for place, width in enumerate((0.01, 0.1)):
        wanted = loop_links(training, built.rows, answers, width)
        np.testing.assert_allclose(found[place], wanted, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("top", [1, 3, 8])
def test_predictions_are_those_of_a_loop(case, top):
    training, test, answers, built = case
    table = hebbian_links(training, built.rows, answers, CLASSES, CPU)[0]
    active = most_active(test, training, built.rows, built.member, 8, CPU)
    found = predictions(active, table, top)
    h = all_cosines(test, training[built.rows])
    for place, member in enumerate(built.member):
        for k in range(len(test)):
            nodes = [n for n in np.argsort(-h[k]) if member[n]][:top]
            wanted = sum(table[n] * h[k, n] for n in nodes)
            np.testing.assert_allclose(found[place, k], wanted, rtol=1e-4, atol=1e-4)


def test_a_library_with_few_nodes_leaves_places_empty(case):
    training, test, _, built = case
    active = most_active(test, training, built.rows, built.member, 8, CPU)
    few = built.sizes[0]
    assert few < 8
    assert (active.nodes[0, :, few:] == NOBODY).all() and (active.cosines[0, :, few:] == 0).all()
    assert (active.nodes[0, :, :few] >= 0).all()


def test_a_stored_pattern_shown_again_has_one_at_its_node_and_less_elsewhere(case):
    training, _, _, built = case
    active = most_active(training[built.rows], training, built.rows, built.member, 2, CPU)
    stored = np.flatnonzero(built.member[2])
    assert active.nodes[2, stored, 0].tolist() == stored.tolist()
    np.testing.assert_allclose(active.cosines[2, stored, 0], 1, atol=1e-6)
    assert (active.cosines[2, stored, 1] < 0.95 + 1e-6).all()


def test_predictions_of_all_nodes_are_the_limit_of_many(case):
    training, test, answers, built = case
    table = hebbian_links(training, built.rows, answers, CLASSES, CPU)[0]
    count = len(built.rows)
    active = most_active(test, training, built.rows, built.member, count, CPU)
    found = all_node_predictions(test, training, built.rows, built.member, table, CPU)
    np.testing.assert_allclose(found, predictions(active, table, count), rtol=1e-4, atol=1e-4)


def test_purity_is_the_share_of_the_most_frequent_answer(case):
    training, _, answers, built = case
    table = hebbian_links(training, built.rows, answers, CLASSES, CPU)[0]
    g = np.exp((all_cosines(training, training[built.rows]) - 1) / 0.01)
    shares = np.stack([g[answers == label].sum(0) for label in range(CLASSES)]) / g.sum(0)
    np.testing.assert_allclose(node_purity(table), shares.max(0), rtol=1e-4)


def test_agreement_counts_answers_among_the_best():
    predicted = np.array([[[3.0, 2, 1, 0], [0, 0, 0, 0], [1, 2, 2, 5]]])
    answers = np.array([1, 2, 0])
    assert agreement(predicted, answers).tolist() == [0]
    assert agreement(predicted, answers, 2).tolist() == [pytest.approx(1 / 3)]
    assert agreement(predicted, answers, 3).tolist() == [pytest.approx(2 / 3)]
    assert agreement(predicted, answers, 4).tolist() == [1]


def test_confusion_is_that_of_a_loop():
    rng = np.random.default_rng(0)
    predicted, labels = rng.normal(size=(60, 3)), rng.integers(3, size=60)
    found = confusion_index(predicted, labels)
    for one in range(3):
        activity = [0.0] * 3
        for p, label in zip(predicted.tolist(), labels, strict=True):
            if label == one and p.index(max(p)) == one:
                total = sum(math.exp(each) for each in p)
                for other in range(3):
                    activity[other] += math.exp(p[one]) * math.exp(p[other]) / total**2
        np.testing.assert_allclose(found[one], np.array(activity) / activity[one])


def test_confusion_of_a_class_that_is_never_recognised_is_undefined():
    index = confusion_index(np.array([[900.0, 0], [900, 0]]), np.array([0, 1]))
    assert index[0].tolist() == [1, 0] and np.isnan(index[1]).all()


def test_consistency_is_the_mean_cosine_over_pairs_of_layers():
    layers = list(np.random.default_rng(0).normal(size=(4, 9, 5)))
    for k in range(9):
        pairs = list(combinations([layer[k] for layer in layers], 2))
        cosine = [a @ b / math.sqrt((a @ a) * (b @ b)) for a, b in pairs]
        assert consistency(layers)[k] == pytest.approx(sum(cosine) / 6)
        soft = [[np.exp(e) / np.exp(e).sum() for e in pair] for pair in pairs]
        cosine = [a @ b / math.sqrt((a @ a) * (b @ b)) for a, b in soft]
        assert softmax_consistency(layers)[k] == pytest.approx(sum(cosine) / 6)


def test_consistency_of_equal_predictions_is_one_and_of_zero_is_zero():
    layers = [np.array([[1.0, 2], [0, 0]]), np.array([[2.0, 4], [1, 1]])]
    assert consistency(layers).tolist() == [pytest.approx(1), 0]
