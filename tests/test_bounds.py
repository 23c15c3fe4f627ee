"""Bounds hold whatever the directions, and libraries and nearest patterns by them are the same."""

import faiss
import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.spatial.distance import cdist
from test_libraries import assert_one_at_a_time, clustered, coarse, leaning, one_at_a_time

from glassbox.analyses import bounds, cosines, libraries, nearest, neighbourhoods, novelty
from glassbox.analyses.bounds import Directions, between, upper_bounds, worth
from glassbox.analyses.cosines import Block, most_pairs
from glassbox.analyses.libraries import build_libraries
from glassbox.analyses.nearest import NOBODY, most_active, nearest_patterns
from glassbox.analyses.neighbourhoods import nearest_neighbours

CPU = torch.device("cpu")


def directions(width: int, count: int, seed: int = 0) -> Directions:
    """Some that have nothing to do with any patterns."""
    drawn = np.random.default_rng(seed).standard_normal((width, count))
    return Directions(torch.from_numpy(np.linalg.qr(drawn)[0].astype(np.float32)))


def near_a_plane(count: int, width: int, rank: int, rest: float, seed: int = 0) -> np.ndarray:
    """Patterns whose rests, beyond so many dimensions, have that length beside 1."""
    rng = np.random.default_rng(seed)
    flat = rng.standard_normal((count, rank)) @ rng.standard_normal((rank, width))
    flat += 2 * np.sqrt(rank) * rng.standard_normal(width)
    noise = rng.standard_normal((count, width))
    scale = np.linalg.norm(flat, axis=1) / np.linalg.norm(noise, axis=1)
    return (flat + rest * scale[:, None] * noise).astype(np.float32)


def bounded(patterns: np.ndarray, found: Directions) -> tuple[np.ndarray, np.ndarray]:
    sketch = found.sketch(Block.of(patterns, np.arange(len(patterns)), CPU))
    upper = upper_bounds(sketch, sketch)
    lower = upper - between(sketch, sketch)
    return (lower - found.slack).double().numpy(), (upper + found.slack).double().numpy()


def all_cosines(patterns: np.ndarray) -> np.ndarray:
    doubles = patterns.astype(np.float64)
    norms = np.linalg.norm(doubles, axis=1, keepdims=True)
    units = np.divide(doubles, norms, out=np.zeros_like(doubles), where=norms > 0)
    return units @ units.T


@given(coarse, st.data())
@settings(max_examples=100, deadline=None)
def test_bounds_hold_whatever_the_directions(patterns, data):
    count = data.draw(st.integers(1, patterns.shape[1]))
    lower, upper = bounded(patterns, directions(patterns.shape[1], count))
    exact = all_cosines(patterns)
    assert (lower <= exact).all() and (exact <= upper).all()


@pytest.mark.parametrize("rest", [0.0, 1e-4, 0.1, 3.0])
@pytest.mark.parametrize("scale", [1e-25, 1.0, 1e25])
def test_bounds_of_wide_patterns_hold_and_are_as_near_as_the_rests(rest, scale):
    patterns = near_a_plane(300, 2000, 20, rest) * np.float32(scale)
    found = bounds.leading_directions(patterns, np.arange(300), CPU).leading(32)
    lower, upper = bounded(patterns, found)
    exact = all_cosines(patterns)
    assert (lower <= exact).all() and (exact <= upper).all()
    assert (upper - lower).max() < 3 * rest**2 / (1 + rest**2) + 10 * found.slack


def test_directions_that_are_not_quite_orthonormal_hold_by_their_skew():
    patterns = near_a_plane(200, 300, 10, 0.05)
    found = directions(300, 20)
    leaning = Directions(found.axes * 1.01)
    assert leaning.skew > 0.05
    lower, upper = bounded(patterns, leaning)
    exact = all_cosines(patterns)
    assert (lower <= exact).all() and (exact <= upper).all()


def share_at_a_half(lower: torch.Tensor, upper: torch.Tensor) -> float:
    return float(((lower < 0.5) & (upper >= 0.5)).float().mean())


def test_directions_are_chosen_where_they_spare_work():
    flat, round_ = near_a_plane(2000, 1200, 12, 0.02), clustered(2000, 1200, 2000, 1.0)
    found = worth(flat, CPU, 2000, share_at_a_half)
    again = worth(flat, CPU, 2000, share_at_a_half)
    assert torch.equal(found.axes, again.axes) and found.axes.shape == (1200, 64)
    wide = worth(round_, CPU, 2000, lambda lower, upper: float((upper >= 0.1).float().mean()))
    assert wide is None
    assert worth(flat[:, :100], CPU, 2000, share_at_a_half) is None
    assert worth(flat[:100], CPU, 2000, share_at_a_half) is None


@pytest.fixture(params=[1, 3, None], ids=lambda count: f"{count} directions")
def by_bounds(request, monkeypatch):
    """Go by bounds from the second block on, with blocks and tiles that a few patterns fill."""
    force(monkeypatch, request.param)


def force(patch: pytest.MonkeyPatch, count: int | None) -> None:
    """count: of arbitrary directions; None: of as many as patterns have units."""

    def chosen(patterns: np.ndarray, *_: object) -> Directions:
        width = patterns.shape[1]
        return directions(width, min(count or width, width))

    patch.setattr(libraries, "FIRST", 2)
    patch.setitem(libraries.MANY, "cpu", 1)
    patch.setattr(libraries, "cost_of_trying", lambda width: -np.inf)
    patch.setattr(libraries, "worth", chosen)
    for module in (nearest, neighbourhoods):
        patch.setattr(module, "sketches_are_worth", lambda *_: True)
        patch.setattr(module, "leading_directions", chosen)
    for module in (novelty, nearest, neighbourhoods):  # no block is given up
        patch.setattr(module, "most_pairs", lambda patterns, nodes: patterns * nodes)
    patch.setitem(cosines.LARGEST, "cpu", 5)
    patch.setitem(cosines.TILE, "cpu", 3)


@given(
    coarse,
    st.lists(st.sampled_from([-0.5, 0.0, 0.5, 0.6, 0.8, 0.9, 1.0]), min_size=1, max_size=3),
    st.sampled_from([1, 2, None]),
)
@settings(max_examples=100, deadline=None)
def test_libraries_by_bounds_are_those_of_one_at_a_time(patterns, thresholds, count):
    with pytest.MonkeyPatch.context() as patch:
        force(patch, count)
        built = build_libraries(patterns, thresholds, CPU)
    assert_one_at_a_time(built, patterns)


@pytest.mark.parametrize("noise", [0.1, 0.5, 2.0])
def test_libraries_of_wide_patterns_by_bounds_are_the_same(noise, by_bounds):
    patterns, thresholds = clustered(150, 40, 7, noise), [0.3, 0.7, 0.95]
    built = build_libraries(patterns, thresholds, CPU)
    assert_one_at_a_time(built, patterns)


def test_cosines_that_float32_cannot_tell_from_the_threshold_are_settled(by_bounds):
    patterns = leaning(500)
    assert build_libraries(patterns, [0.7], CPU).rows.tolist() == one_at_a_time(patterns, 0.7)


def test_bounds_are_left_where_they_cost_more_than_products(monkeypatch):
    """As where a sample is no sample of what comes: the rest of the patterns goes by products."""
    force(monkeypatch, 1)
    monkeypatch.setattr(libraries, "cost_of_trying", lambda width: 0)
    monkeypatch.setattr(novelty, "most_pairs", most_pairs)
    patterns = clustered(150, 40, 7, 2.0)
    builder = libraries._Builder(patterns, np.array([0.3]), CPU)
    built = builder.build(iter)
    assert built.rows.tolist() == one_at_a_time(patterns, 0.3)
    assert builder.allowed > 0 and builder.bounds is None


@given(coarse, st.integers(1, 4), st.sampled_from([1, 2, None]), st.data())
@settings(max_examples=100, deadline=None)
def test_the_nearest_by_bounds_are_the_nearest(patterns, top, count, data):
    rows = np.arange(len(patterns))
    member = data.draw(hnp.arrays(bool, (2, len(rows))))
    with pytest.MonkeyPatch.context() as patch:
        force(patch, count)
        found = most_active(patterns, patterns, rows, member, top, CPU)
    exact = all_cosines(patterns)
    for mine, nodes, values in zip(member, found.nodes, found.cosines, strict=True):
        held = np.flatnonzero(mine)
        some = min(top, len(held))
        best = -np.sort(-exact[:, held], axis=1)[:, :some]
        np.testing.assert_allclose(values[:, :some], best, atol=1e-6)
        assert (nodes[:, some:] == NOBODY).all() and (values[:, some:] == 0).all()
        for row, chosen in zip(exact, nodes[:, :some], strict=True):
            assert len(set(chosen)) == some and set(chosen) <= set(held)
            np.testing.assert_allclose(row[chosen], -np.sort(-row[held])[:some], atol=1e-6)


@given(coarse, st.integers(1, 4), st.sampled_from([1, 2, None]))
@settings(max_examples=100, deadline=None)
def test_neighbours_by_bounds_are_the_nearest(points, count, directions_):
    assume(len(points) > count)
    with pytest.MonkeyPatch.context() as patch:
        force(patch, directions_)
        found = nearest_neighbours(points, count, rows=7)
    apart = cdist(points, points)
    np.fill_diagonal(apart, np.inf)
    np.testing.assert_allclose(found.distances, np.sort(apart, axis=1)[:, :count], atol=1e-12)
    theirs = np.take_along_axis(apart, found.indices, axis=1)
    np.testing.assert_allclose(theirs, found.distances, atol=1e-12)
    assert all(len(set(row)) == count for row in found.indices)


def test_neighbours_of_many_wide_points_go_by_bounds_and_are_the_same(monkeypatch):
    points = near_a_plane(7000, 1100, 12, 0.002)
    taken = []
    monkeypatch.setattr(
        neighbourhoods,
        "_nearest_of",
        lambda *given, real=neighbourhoods._nearest_of: taken.append(given) or real(*given),
    )
    found = nearest_neighbours(points, 6)
    assert len(taken) == 7
    monkeypatch.setattr(neighbourhoods, "sketches_are_worth", lambda *_: False)
    wanted = nearest_neighbours(points, 6)
    assert np.array_equal(found.indices, wanted.indices)
    np.testing.assert_allclose(found.distances, wanted.distances, rtol=1e-12)


def test_a_block_whose_bounds_leave_much_open_goes_by_products(monkeypatch):
    force(monkeypatch, 1)
    monkeypatch.setattr(nearest, "most_pairs", most_pairs)
    patterns = clustered(60, 40, 60, 3.0)
    rows, every = np.arange(40), np.ones((1, 40), bool)
    found = most_active(patterns[40:], patterns[:40], rows, every, 3, CPU)
    monkeypatch.setattr(nearest, "sketches_are_worth", lambda *_: False)
    wanted = most_active(patterns[40:], patterns[:40], rows, every, 3, CPU)
    assert np.array_equal(found.nodes, wanted.nodes)


def test_wide_patterns_near_a_plane_go_by_bounds_and_come_out_the_same(monkeypatch):
    """What is chosen without any of the above in the way, and what FAISS finds."""
    patterns = near_a_plane(14_000, 1200, 12, 0.02)
    stored, shown = patterns[:7000], patterns[7000:]
    taken = []
    monkeypatch.setattr(
        nearest,
        "_by_bounds",
        lambda *given, real=nearest._by_bounds: taken.append(given) or real(*given),
    )
    found = nearest_patterns(shown, stored, 3, CPU)
    assert taken
    units = patterns / np.linalg.norm(patterns, axis=1, keepdims=True)
    index = faiss.IndexFlatIP(1200)
    index.add(units[:7000])
    values, nodes = index.search(units[7000:], 3)
    assert np.array_equal(found.nodes[0], nodes)
    np.testing.assert_allclose(found.cosines[0], values, atol=1e-6)
