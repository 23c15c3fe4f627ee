"""Units by the class that they prefer, and in its colour: small networks by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from glassbox.analyses.unit_order import (
    expected_activations,
    normalised,
    preferred_classes,
    sorted_units,
    unit_colours,
    visible,
)

EXPECTED = np.array([[0.5, 2.0, -1.0], [3.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.0, 0.0, 4.0]])
SMALL = arrays(float, (6, 3), elements=st.floats(-2, 4))


def test_expectations_are_those_of_the_column_that_is_asked_for():
    table = pd.DataFrame({"unit": [1, 0, 1, 0], "label": [0, 0, 3, 3], "mean": [1.0, 2, 3, 4]})
    found = expected_activations(table.assign(decoded=0.0), "mean")
    assert found.columns.tolist() == [0, 3]
    assert found.to_numpy().tolist() == [[2, 4], [1, 3]]


def test_a_unit_prefers_the_class_of_its_largest_expectation_and_the_first_of_equals():
    assert preferred_classes(EXPECTED).tolist() == [1, 0, 0, 2]


def test_units_of_one_class_keep_their_order():
    assert sorted_units(np.array([1, 0, 0, 2])).tolist() == [1, 2, 0, 3]


@given(SMALL)
def test_sorting_is_a_permutation_that_sorts(expected):
    preferred = preferred_classes(expected)
    order = sorted_units(preferred)
    assert sorted(order) == list(range(6))
    assert (np.diff(preferred[order]) >= 0).all()


def test_colours_are_means_over_classes_weighted_by_what_is_expected():
    red_green_blue = np.eye(3)
    found = unit_colours(EXPECTED, red_green_blue)
    np.testing.assert_allclose(found, EXPECTED / 3)
    yellow = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]])
    assert unit_colours(EXPECTED, yellow)[0].tolist() == pytest.approx([2.5 / 3, 2.5 / 3, -1 / 3])


@given(SMALL)
def test_colours_of_a_layer_are_colours_and_keep_their_hue(alpha):
    found = visible(alpha)
    assert (found >= 0).all() and (found <= 1).all()
    for own, shown in zip(np.maximum(alpha, 0), found, strict=True):
        np.testing.assert_allclose(shown * own.max(), own * shown.max(), atol=1e-9)


def test_a_layer_is_as_bright_whatever_its_scale_and_black_where_nothing_is_expected():
    alpha = np.linspace(0, 1, 300).reshape(100, 3)
    np.testing.assert_allclose(visible(7 * alpha), visible(alpha))
    assert (visible(alpha).max(axis=1) == 1).sum() == 5
    assert (visible(np.full((2, 3), -1.0)) == 0).all()


def test_a_pattern_is_over_its_largest_size():
    assert normalised(np.array([-4.0, 2, 0])).tolist() == [-1, 0.5, 0]
    assert normalised(np.zeros(3)).tolist() == [0, 0, 0]
