"""Densities over the plane, and expected patterns, against closed forms and plain loops."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import logsumexp

from glassbox.analyses.expected_patterns import (
    decoded_first,
    expected_patterns,
    expected_place,
)
from glassbox.analyses.plane import Density, Grid, neighbourhood_shares
from glassbox.errors import GlassboxError
from glassbox.models.layers import Layer

RNG = np.random.default_rng(5)
POINTS = RNG.normal([0.5, -1], [0.7, 0.3], (400, 2))
LAYERS = [Layer("first", 1, (3,), "after"), Layer("second", 2, (4,), "after")]


def test_the_density_is_that_of_an_independent_estimate():
    found, places = Density.of(POINTS), RNG.normal(size=(50, 2)) * 2
    kernels = stats.norm(POINTS, found.widths)
    wanted = [logsumexp(kernels.logpdf(place).sum(1)) - np.log(len(POINTS)) for place in places]
    np.testing.assert_allclose(found.log_at(places), wanted, rtol=1e-9)


def test_widths_are_those_of_scotts_rule():
    whitened = (POINTS - POINTS.mean(0)) / POINTS.std(0, ddof=1)
    factor = stats.gaussian_kde(whitened.T).scotts_factor()
    np.testing.assert_allclose(Density.of(POINTS).widths, factor * POINTS.std(0), rtol=1e-12)


def test_a_grid_has_the_density_of_its_places():
    density, grid = Density.of(POINTS), Grid.within(4, 31)
    np.testing.assert_allclose(
        density.on(grid).ravel(), np.exp(density.log_at(grid.places)), rtol=1e-9, atol=1e-300
    )


def test_far_away_the_logarithm_is_finite():
    assert np.isfinite(Density.of(POINTS).log_at(np.array([[1e4, -1e4]]))).all()


def test_no_points_have_no_density():
    with pytest.raises(GlassboxError, match="no points"):
        Density.of(np.empty((0, 2)))


def test_a_grid_around_points_holds_them_all():
    grid = Grid.around(POINTS, 7)
    places = grid.places
    assert (places.min(0) < POINTS.min(0)).all() and (places.max(0) > POINTS.max(0)).all()
    assert len(places) == 49 and grid.area == pytest.approx(np.prod(np.ptp(places, axis=0) / 6))


def test_the_sum_over_the_grid_is_the_mean_of_the_points():
    places, _ = expected_place(POINTS, Grid.within(4, 400))
    np.testing.assert_allclose(places.expected, POINTS.mean(0), atol=1e-3)
    np.testing.assert_allclose(places.mean, POINTS.mean(0))
    assert places.mass == pytest.approx(1, abs=1e-3) and places.outside == 0


def test_what_lies_outside_is_told():
    points = np.concatenate([POINTS, np.full((100, 2), 6.0)])
    places, _ = expected_place(points, Grid.within(4, 100))
    assert places.outside == pytest.approx(0.2)
    assert places.mass < 0.9


def linear(matrix):
    return lambda places: (places @ matrix).astype(np.float32)


def test_a_linear_decoder_may_average_before_or_after():
    matrix = RNG.normal(size=(2, 7))
    grid = Grid.within(4, 61)
    place, weights = expected_place(POINTS, grid)
    first = decoded_first(weights[None], grid, linear(matrix))
    np.testing.assert_allclose(first[0], place.expected @ matrix, rtol=1e-4, atol=1e-5)


def test_decoding_in_parts_is_decoding_at_once(monkeypatch):
    grid = Grid.within(4, 23)
    weights = RNG.random((3, 23, 23))
    decode = lambda places: np.tanh(places @ np.ones((2, 5))).astype(np.float32)  # noqa: E731
    whole = np.einsum("kij,iju->ku", weights, decode(grid.places).reshape(23, 23, 5))
    monkeypatch.setattr("glassbox.analyses.expected_patterns.ROWS", 50)
    np.testing.assert_allclose(decoded_first(weights, grid, decode), whole, rtol=1e-5)


def shown(classes=3, count=300):
    labels = RNG.integers(classes, size=count) * 2  # class 1 and 3 do not occur
    plane = RNG.normal(size=(count, 2)) * 0.3 + np.stack([labels / 2, -labels / 2], axis=1)
    hidden = RNG.normal(size=(count, 7)) + labels[:, None]
    return hidden.astype(np.float32), plane, labels


def test_tables_have_a_row_per_class_that_occurs_and_unit():
    hidden, plane, labels = shown()
    decode = linear(RNG.normal(size=(2, 7)))
    rng = np.random.default_rng(0)
    patterns, places = expected_patterns(hidden, plane, labels, LAYERS, decode, rng, 41)
    assert len(patterns) == 3 * 7
    assert patterns.groupby("layer")["unit"].max().to_dict() == {"first": 2, "second": 3}
    for (layer, unit, label), row in patterns.set_index(["layer", "unit", "label"]).iterrows():
        column = unit if layer == "first" else 3 + unit
        own = hidden[labels == label, column]
        assert row["mean"] == pytest.approx(own.mean(dtype=np.float64))
        halves = sorted([row["mean_0"], row["mean_1"]])
        assert halves[0] <= row["mean"] <= halves[1]
    assert places["label"].tolist() == [0, 2, 4] and places["count"].sum() == len(labels)
    named = {f"{name}_{unit}" for name in ("expected", "mean", "deviation") for unit in (1, 2)}
    assert named <= set(places)


def test_halves_are_drawn_from_the_generator_and_hold_every_example_once():
    hidden, plane, labels = shown()
    decode = linear(np.zeros((2, 7)))
    told = [
        expected_patterns(hidden, plane, labels, LAYERS, decode, np.random.default_rng(seed), 11)[0]
        for seed in (0, 0, 1)
    ]
    pd.testing.assert_frame_equal(told[0], told[1])
    assert not told[0]["mean_0"].equals(told[2]["mean_0"])
    both = (told[0]["mean_0"] + told[0]["mean_1"]) / 2
    np.testing.assert_allclose(both, told[0]["mean"], atol=0.5)


def one_by_one(points, labels, places, wanted, count, is_among):
    shares = []
    for row, (place, label) in enumerate(zip(places, wanted, strict=True)):
        distances = np.linalg.norm(points - place, axis=1)
        if is_among:
            distances[row] = np.inf
        shares.append((labels[distances.argsort(kind="stable")[:count]] == label).mean())
    return shares


@given(st.integers(7, 30), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_shares_of_neighbours_are_those_of_a_plain_loop(size, count, seed):
    rng = np.random.default_rng(seed)
    points, labels = rng.normal(size=(size, 2)), rng.integers(3, size=size)
    places, wanted = rng.normal(size=(9, 2)), rng.integers(3, size=9)
    found = neighbourhood_shares(points, labels, places, wanted, count, False)
    assert found.tolist() == one_by_one(points, labels, places, wanted, count, False)
    found = neighbourhood_shares(points, labels, points, labels, count, True)
    assert found.tolist() == one_by_one(points, labels, points, labels, count, True)


def test_of_equal_points_one_stands_for_itself():
    points, labels = np.zeros((9, 2)), np.zeros(9, int)
    assert (neighbourhood_shares(points, labels, points, labels, 4, True) == 1).all()
