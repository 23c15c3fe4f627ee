"""Coordinates of patterns in the space that they span, against the cosines of the patterns."""

import numpy as np
import pytest
import torch

from glassbox.analyses import span
from glassbox.analyses.links import hebbian_links
from glassbox.analyses.span import REST, in_their_span

CPU = torch.device("cpu")
COUNT, WIDTH, NODES = 3000, 640, 10**6


@pytest.fixture(autouse=True)
def small_samples(monkeypatch):
    monkeypatch.setattr(span, "SAMPLE", 128)
    monkeypatch.setattr(span, "MOST", 96)


def patterns_of(directions, seed=0, count=COUNT):
    """Patterns of WIDTH units that are sums of so many."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((count, directions)) @ rng.standard_normal((directions, WIDTH))


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
    np.testing.assert_allclose(cosines(found), cosines(patterns), atol=2 * REST**2 + 5e-7)


def test_directions_of_a_few_patterns_that_no_sample_holds_are_found():
    patterns = patterns_of(40)
    rare = np.setdiff1d(np.arange(COUNT), np.linspace(0, COUNT - 1, 128).astype(int))[:200]
    patterns[rare] += patterns_of(9, seed=1, count=200)
    patterns = patterns.astype(np.float32)
    found = in_their_span(patterns, NODES, CPU)
    assert found.shape == (COUNT, 49)
    np.testing.assert_allclose(cosines(found), cosines(patterns), atol=2 * REST**2 + 5e-7)


@pytest.mark.parametrize("large", [1e-30, 1e30])
def test_norms_that_leave_float32_are_none_in_coordinates(large):
    patterns = patterns_of(40).astype(np.float32) * np.float32(large)
    found = in_their_span(patterns, NODES, CPU)
    np.testing.assert_allclose(cosines(found), cosines(patterns), atol=1e-6)


@pytest.mark.parametrize(
    ("directions", "noise", "nodes"),
    [(120, 0, NODES), (40, 1e-3, NODES), (40, 0, 50)],
    ids=["too many directions", "a rest of every pattern", "few nodes"],
)
def test_patterns_stay_as_they_are_where_coordinates_do_not_save(directions, noise, nodes):
    patterns = patterns_of(directions)
    patterns += noise * patterns.std() * np.random.default_rng(2).standard_normal(patterns.shape)
    patterns = patterns.astype(np.float32)
    assert in_their_span(patterns, nodes, CPU) is patterns


def test_patterns_stay_where_too_many_leave_the_sample_s_directions(monkeypatch):
    patterns = patterns_of(40)
    others = np.setdiff1d(np.arange(COUNT), np.linspace(0, COUNT - 1, 128).astype(int))
    patterns[others] += patterns_of(9, seed=1, count=len(others))
    patterns = patterns.astype(np.float32)
    assert in_their_span(patterns, NODES, CPU) is patterns
    monkeypatch.setattr(span, "FAR", 1)
    assert in_their_span(patterns, NODES, CPU).shape == (COUNT, 49)


def test_links_from_coordinates_are_those_from_patterns(monkeypatch):
    patterns = patterns_of(12).astype(np.float32)
    answers = np.random.default_rng(3).integers(4, size=COUNT)
    given = patterns, np.arange(0, COUNT, 2), answers, 4, CPU, (0.01, 0.1)
    assert in_their_span(patterns, COUNT // 2, CPU).shape == (COUNT, 12)
    found = hebbian_links(*given)
    monkeypatch.setattr(span, "ALLOWED", 0)
    assert in_their_span(patterns, COUNT // 2, CPU) is patterns
    np.testing.assert_allclose(found, hebbian_links(*given), rtol=2e-4, atol=1e-5)
