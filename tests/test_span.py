"""Coordinates of patterns in the space that they span, against the cosines of the patterns."""

import numpy as np
import pytest
import torch

from glassbox.analyses import span
from glassbox.analyses.links import hebbian_links
from glassbox.analyses.span import in_their_span

CPU = torch.device("cpu")
COUNT, WIDTH, NODES = 3000, 640, 10**6
CLOSE = 8e-7


@pytest.fixture(autouse=True)
def small_samples(monkeypatch):
    monkeypatch.setattr(span, "SAMPLE", 128)
    monkeypatch.setattr(span, "MOST", 96)


def patterns_of(directions, seed=0, count=COUNT):
    """Patterns of WIDTH units that are sums of so many."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((count, directions)) @ rng.standard_normal((directions, WIDTH))


def outside(rows, directions, length, seed=1):
    """Patterns in 40 directions, some rows of which have a rest of a length in others, float32."""
    patterns = patterns_of(40)
    patterns /= np.linalg.norm(patterns, axis=1, keepdims=True)
    axes = np.linalg.qr(np.concatenate([patterns[:40].T, patterns_of(directions, seed)[:100].T], 1))
    others = axes.Q[:, 40 : 40 + directions]
    rests = np.random.default_rng(seed).standard_normal((len(rows), directions))
    patterns[rows] += length * rests / np.linalg.norm(rests, axis=1, keepdims=True) @ others.T
    return patterns.astype(np.float32)


def unseen(count):
    """Rows that the sample leaves out, evenly spaced as it is."""
    others = np.setdiff1d(np.arange(COUNT), np.linspace(0, COUNT - 1, 128).astype(int))
    return others[np.linspace(0, len(others) - 1, count).astype(int)]


def cosines(values):
    values = np.asarray(values, np.float64)
    norms = np.linalg.norm(values, axis=1, keepdims=True)
    units = np.divide(values, norms, out=np.zeros_like(values), where=norms > 0)
    return units @ units.T


def test_coordinates_have_the_cosines_of_the_patterns():
    patterns = patterns_of(40).astype(np.float32)
    patterns[7] = 0
    found = in_their_span(patterns, NODES, CPU)
    assert found.shape == (COUNT, 40)
    np.testing.assert_allclose(cosines(found), cosines(patterns), atol=CLOSE)


@pytest.mark.parametrize(
    ("length", "directions"), [(1, 49), (1e-3, 49), (2.0**-13, 49), (2.0**-14, 49), (2.0**-17, 40)]
)
def test_directions_of_a_few_patterns_that_no_sample_holds_are_found(length, directions):
    patterns = outside(unseen(200), 9, length)
    found = in_their_span(patterns, NODES, CPU)
    assert found.shape == (COUNT, directions)
    np.testing.assert_allclose(cosines(found), cosines(patterns), atol=CLOSE)


def test_directions_of_a_few_of_those_few_are_found():
    rows = unseen(200)
    patterns = outside(rows, 9, 1)
    rare = outside(rows[[1, 3]], 2, 1, seed=2)[rows[[1, 3]]]
    patterns[rows[[1, 3]]] += rare
    found = in_their_span(patterns, NODES, CPU)
    assert found.shape == (COUNT, 51)
    np.testing.assert_allclose(cosines(found), cosines(patterns), atol=CLOSE)


@pytest.mark.parametrize("large", [1e-30, 1e30])
def test_norms_that_leave_float32_are_none_in_coordinates(large):
    patterns = patterns_of(40).astype(np.float32) * np.float32(large)
    found = in_their_span(patterns, NODES, CPU)
    np.testing.assert_allclose(cosines(found), cosines(patterns), atol=CLOSE)


@pytest.mark.parametrize(
    ("directions", "noise", "nodes"),
    [(120, 0, NODES), (40, 1e-3, NODES), (40, 0, 50)],
    ids=["too many directions", "noise in every pattern", "few nodes"],
)
def test_patterns_stay_as_they_are_where_coordinates_do_not_save(directions, noise, nodes):
    patterns = patterns_of(directions)
    patterns += noise * patterns.std() * np.random.default_rng(2).standard_normal(patterns.shape)
    patterns = patterns.astype(np.float32)
    assert in_their_span(patterns, nodes, CPU) is patterns


def test_patterns_stay_where_too_many_leave_the_sample_s_directions(monkeypatch):
    patterns = outside(unseen(COUNT - 128), 9, 1)
    assert in_their_span(patterns, NODES, CPU) is patterns
    monkeypatch.setattr(span, "FAR", 1)
    assert in_their_span(patterns, NODES, CPU).shape == (COUNT, 49)


def test_patterns_stay_where_further_directions_are_too_many(monkeypatch):
    patterns = outside(unseen(200), 70, 1)
    assert in_their_span(patterns, NODES, CPU) is patterns
    monkeypatch.setattr(span, "MOST", 110)
    assert in_their_span(patterns, NODES, CPU).shape == (COUNT, 110)
    # With so few nodes 40 directions save, and 110 would not.
    monkeypatch.setattr(span, "ALLOWED", 1)
    assert in_their_span(patterns, 250, CPU) is patterns
    assert in_their_span(outside([], 9, 1), 250, CPU).shape == (COUNT, 40)


def test_links_from_coordinates_are_those_from_patterns(monkeypatch):
    patterns = patterns_of(12).astype(np.float32)
    answers = np.random.default_rng(3).integers(4, size=COUNT)
    given = patterns, np.arange(0, COUNT, 2), answers, 4, CPU, (0.01, 0.1)
    assert in_their_span(patterns, COUNT // 2, CPU).shape == (COUNT, 12)
    found = hebbian_links(*given)
    monkeypatch.setattr(span, "ALLOWED", 0)
    assert in_their_span(patterns, COUNT // 2, CPU) is patterns
    np.testing.assert_allclose(found, hebbian_links(*given), rtol=2e-4, atol=1e-5)
