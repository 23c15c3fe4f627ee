"""What outputs say of single examples, against closed forms."""

import numpy as np
import pytest

from glassbox.analyses.outputs import half_squared_error, largest_output, log_error, margin

OUTPUTS = np.array([[1, 0, 0], [0, 1, 0], [0.5, 0.25, 0.25]], np.float32)


def test_half_squared_error_is_zero_when_right_and_one_when_wrong():
    found = half_squared_error(OUTPUTS, np.array([0, 0, 0]))
    assert found.dtype == np.float64
    assert found == pytest.approx([0, 1, (0.25 + 2 * 0.0625) / 2])


def test_half_squared_error_leaves_the_outputs_as_they_are():
    outputs = OUTPUTS.astype(np.float64)
    half_squared_error(outputs, np.array([0, 1, 2]))
    assert np.array_equal(outputs, OUTPUTS)


def test_an_error_below_the_floor_counts_as_the_floor():
    found = log_error(np.array([0, 1e-9, 1e-3, 1]), 1e-6)
    assert found == pytest.approx([-6, -6, -3, 0])


def test_largest_output_and_margin():
    outputs = np.array([[0.1, 0.9, 0.3], [0.4, 0.4, 0.2]])
    assert largest_output(outputs) == pytest.approx([0.9, 0.4])
    assert margin(outputs) == pytest.approx([0.6, 0])
