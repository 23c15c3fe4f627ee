"""Analyses against plain loops, scipy, pandas and numbers worked out by hand."""

import math
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.spatial import distance
from scipy.stats import norm

from glassbox.analyses.averages import averaged_activations, class_means
from glassbox.analyses.detectors import gaussian_derivative, step_likelihood
from glassbox.analyses.deviations import (
    MEASURES,
    class_pairs,
    inner_deviation,
    inter_deviation,
    layer_deviations,
    mean_euclidean,
)
from glassbox.analyses.errors import absolute_errors, error_measures, least
from glassbox.analyses.predictions import detector_predictions, predictions
from glassbox.datasets.jumps import jump_signals
from glassbox.tables import Examples

CPU = torch.device("cpu")


def examples(values, labels, classes, **metadata):
    values = np.asarray(values, np.float32)
    metadata = {"classes": classes, **metadata}
    return Examples(np.arange(len(values)) + 5, np.asarray(labels), values, metadata)


# Detectors


def loop_derivative(signal, window, tau, first, last):
    """The location whose increase is the largest, with zeros beyond the signal's ends."""
    half = window // 2
    kernel = [math.exp(-((k / tau) ** 2) / 2) for k in range(-half, half + 1)]
    padded = [0.0] * half + signal + [0.0] * half
    smooth = []
    for i in range(len(signal)):
        smooth.append(sum(w * x for w, x in zip(kernel, padded[i:], strict=False)) / sum(kernel))
    return max(range(first, last + 1), key=lambda t: smooth[t - 1] - smooth[t - 2])


def loop_likelihood(signal, height, first, last):
    """The location under which the samples are the most probable."""

    def log_likelihood(t):
        return sum(norm.logpdf(x, height * (i >= t)) for i, x in enumerate(signal, start=1))

    return max(range(first, last + 1), key=log_likelihood)


def some_signals(count=40):
    """Signals that jump anywhere, also where no detector may look."""
    rng = np.random.default_rng(1)
    jumps = np.arange(30) >= rng.integers(30, size=(count, 1))
    return (rng.normal(size=(count, 30)) + 2 * jumps).astype(np.float32)


@pytest.mark.parametrize(("window", "tau"), [(9, 1.5), (19, 2.9), (1, 1.0)])
@pytest.mark.parametrize(("first", "last"), [(6, 25), (2, 30)])
def test_gaussian_derivative_is_that_of_a_loop(window, tau, first, last):
    found = gaussian_derivative(some_signals(), window, tau, first, last)
    wanted = [loop_derivative(s.tolist(), window, tau, first, last) for s in some_signals()]
    assert found.tolist() == wanted


@pytest.mark.parametrize("height", [0.5, 3.0])
@pytest.mark.parametrize(("first", "last"), [(6, 25), (2, 30)])
def test_step_likelihood_is_that_of_a_loop(height, first, last):
    found = step_likelihood(some_signals(12), height, first, last)
    wanted = [loop_likelihood(s, height, first, last) for s in some_signals(12)]
    assert found.tolist() == wanted


def test_detectors_find_every_jump_where_there_is_no_noise():
    rng = np.random.default_rng(1)
    drawn = jump_signals(rng, 1, length=30, first=6, last=25, height=3.0, noise=0.0)
    assert gaussian_derivative(drawn.values, 9, 1.5, 6, 25).tolist() == list(range(6, 26))
    assert step_likelihood(drawn.values, 3.0, 6, 25).tolist() == list(range(6, 26))


@pytest.fixture(scope="module")
def published():
    """Signals as in the thesis, ten times as many."""
    rng = np.random.default_rng(1)
    return jump_signals(rng, 1000, length=100, first=21, last=80, height=3.0, noise=1.0)


def measures_of(locations, signals):
    return error_measures(absolute_errors(locations - 21, signals.labels))


def test_the_filter_of_the_thesis_errs_as_in_the_reference_simulation(published):
    found = measures_of(gaussian_derivative(published.values, 19, 2.9, 2, 100), published)
    reference = {"L1": (0.528, 0.015), "L2": (1.21, 0.22)}
    reference |= {"L1_p99": (0.476, 0.007), "L2_p99": (0.738, 0.008)}
    for name, (value, spread) in reference.items():
        assert found[name] == pytest.approx(value, abs=spread), name


def test_the_bound_for_every_detector_is_that_of_the_reference_simulation(published):
    found = measures_of(step_likelihood(published.values, 3.0, 21, 80), published)
    reference = {"L1": 0.168, "L2": 0.492, "L1_p99": 0.144, "L2_p99": 0.412, "accuracy": 0.86}
    for name, value in reference.items():
        assert found[name] == pytest.approx(value, rel=0.03), name


# Errors and predictions


def test_error_measures_of_a_hundred_errors_worked_out_by_hand():
    errors = np.array([0] * 50 + [1] * 40 + [2] * 9 + [50])
    np.random.default_rng(1).shuffle(errors)
    assert error_measures(errors) == pytest.approx(
        {
            "L1": 108 / 100,
            "L2": math.sqrt((40 + 9 * 4 + 2500) / 100),
            "L1_p99": 58 / 99,
            "L2_p99": math.sqrt((40 + 9 * 4) / 99),
            "q999": 50,
            "maximum": 50,
            "maximum_p99": 2,
            "accuracy": 0.5,
        }
    )


def test_the_tail_begins_where_one_error_in_a_thousand_is_left():
    assert error_measures(np.arange(4001))["q999"] == 3996


@given(hnp.arrays(np.int64, st.integers(2, 500), elements=st.integers(0, 60)))
def test_the_least_99_percent_are_the_lowest_of_the_errors(errors):
    kept = least(errors)
    assert len(kept) == len(errors) * 99 // 100
    assert sorted([*kept, *np.sort(errors)[len(kept) :]]) == sorted(errors)
    assert kept.max() <= np.sort(errors)[len(kept)]


def test_absolute_errors_of_unsigned_classes_do_not_wrap():
    one, two = np.array([3, 9], np.uint8), np.array([5, 2], np.uint8)
    assert absolute_errors(one, two).tolist() == [2, 7]


def test_a_network_answers_its_most_probable_class():
    output = examples([[0.1, 0.7, 0.2], [0.5, 0.2, 0.3]], [1, 2], 3)
    given = SimpleNamespace(
        examples=output, answers=output.values.argmax(axis=1), probabilities=output.values
    )
    wanted = {"example_id": [5, 6], "label": [1, 2], "predicted": [1, 0]}
    found = predictions(given)
    assert found.drop(columns="probability").to_dict("list") == wanted
    assert found["probability"].tolist() == pytest.approx([0.7, 0.5])


def test_a_detector_answers_the_class_of_its_location():
    signals = examples(np.zeros((2, 30)), [0, 4], 10, first_class=21)
    found = detector_predictions(signals, np.array([21, 26]))
    assert found["predicted"].tolist() == [0, 5]
    assert found["example_id"].tolist() == [5, 6]


# Averaged activations


def labelled(count, width, classes, offset=0.0):
    rng = np.random.default_rng(1)
    labels = rng.integers(classes, size=count)
    values = rng.normal(size=(count, width)) * (1 + labels[:, None]) + offset
    return examples(values, labels, classes)


def test_class_means_are_those_of_pandas_and_nan_where_a_class_has_none():
    shown = labelled(200, 6, 5)
    without = shown.labels != 3
    values, labels = shown.values[without], shown.labels[without]
    means = class_means(values, labels, 5)
    wanted = pd.DataFrame(values.astype(float)).groupby(labels).mean()
    np.testing.assert_allclose(means[wanted.index], wanted, rtol=1e-12, atol=1e-14)
    assert np.isnan(means[3]).all()
    assert means.shape == (5, 6)


@pytest.mark.parametrize("offset", [0.0, 100.0])
def test_averaged_activations_are_mean_and_variance_of_each_class_and_unit(offset):
    shown = labelled(300, 4, 5, offset)
    found = averaged_activations(shown)
    assert list(found) == ["label", "unit", "mean", "variance"]
    long = pd.DataFrame(shown.values.astype(float)).groupby(shown.labels)
    means, variances = (each.stack() for each in (long.mean(), long.var(ddof=0)))
    assert list(zip(found["label"], found["unit"], strict=True)) == list(means.index)
    np.testing.assert_allclose(found["mean"], means, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found["variance"], variances, rtol=1e-7)


def test_the_variance_of_a_unit_that_is_always_the_same_is_0():
    found = averaged_activations(examples(np.full((9, 1), 0.1), [0] * 9, 1))
    assert found["variance"].tolist() == pytest.approx([0], abs=1e-15)


# Deviations


def with_angle(vectors, measure):
    """The vectors that have a direction (cosine) or a direction about their mean (correlation)."""
    if measure == "cosine":
        return vectors[(vectors != 0).any(axis=1)]
    if measure == "correlation":
        return vectors[(vectors != vectors[:, :1]).any(axis=1)]
    return vectors


def inner_oracle(vectors, measure):
    kept = with_angle(np.asarray(vectors, float), measure)
    value = distance.pdist(kept, measure).mean() if len(kept) > 1 else math.nan
    return value, len(vectors) - len(kept)


def inter_oracle(means, pairs, measure):
    both = [means[list(pair)].astype(float) for pair in pairs]
    kept = [pair for pair in both if len(with_angle(pair, measure)) == 2]
    value = np.mean([distance.pdist(pair, measure)[0] for pair in kept]) if kept else math.nan
    return value, len(both) - len(kept)


def close(value):
    return pytest.approx(value, rel=1e-5, abs=1e-12, nan_ok=True)


@st.composite
def vectors(draw, least_count=1):
    """Arrays (n, d) with many zero, constant, parallel and equal vectors among them."""
    count, width = draw(st.integers(least_count, 12)), draw(st.integers(2, 6))
    spread = draw(st.sampled_from([0, 1, 40]))
    steps = hnp.arrays(np.float32, (count, width), elements=st.integers(-spread, spread))
    shift = hnp.arrays(np.float32, (count, 1), elements=st.sampled_from([0, 0, 1, 7]))
    again = hnp.arrays(np.int64, count, elements=st.integers(0, count - 1))
    return ((draw(steps) + draw(shift)) / np.float32(8))[draw(again)]


@settings(deadline=None)
@given(vectors())
@example(np.zeros((3, 4), np.float32))
@example(np.ones((3, 4), np.float32))
@example(np.float32([[1, 2, 3]]))
@example(np.float32([[1, 2, 3]] * 4))
@example(np.float32([[0.1] * 3, [0.1, 0.1, 0.7], [0.3, 0, 0]]))
@example(np.float32([[0, 0], [1, 0], [0, 1], [-1, 0]]))
def test_deviation_within_a_class_is_that_of_scipy(array):
    found = inner_deviation(torch.from_numpy(array))
    for measure in MEASURES:
        value, undefined = inner_oracle(array, measure)
        assert found[measure][0] == close(value), measure
        assert found[measure][1] == undefined, measure


@settings(deadline=None)
@given(vectors(least_count=2), st.booleans())
@example(np.full((3, 3), 0.1, np.float32), True)
def test_deviation_between_classes_is_that_of_scipy(means, ordered):
    pairs = class_pairs(len(means), ordered)
    found = inter_deviation(torch.from_numpy(means), pairs)
    for measure in MEASURES:
        value, undefined = inter_oracle(means, pairs, measure)
        assert found[measure][0] == close(value), measure
        assert found[measure][1] == undefined, measure


@pytest.mark.parametrize("offset", [0.0, 1000.0])
@pytest.mark.parametrize("rows", [1, 7, 128, 300])
def test_distances_are_exact_in_blocks_of_any_size_and_far_from_the_origin(rows, offset):
    array = np.random.default_rng(1).normal(offset, size=(300, 20)).astype(np.float32)
    wanted = distance.pdist(array.astype(float)).mean()
    assert mean_euclidean(torch.from_numpy(array), rows) == close(wanted)


def test_ordered_classes_pair_with_their_neighbours_and_others_with_all():
    assert class_pairs(60, ordered=True) == [(c, c + 1) for c in range(59)]
    assert class_pairs(10, ordered=False) == list(combinations(range(10), 2))
    assert len(class_pairs(10, ordered=False)) == 45


def values_of(frame):
    return {(row.scope, row.measure): row.value for row in frame.itertuples()}


@pytest.mark.parametrize(("ordered", "classes"), [(True, 7), (False, 4)])
def test_deviations_of_a_layer_are_those_of_loops_over_classes_and_pairs(ordered, classes):
    shown = labelled(150, 6, classes, offset=0.5)
    shown.values[:20] = np.maximum(shown.values[:20], 2)  # constant vectors among others
    found = layer_deviations(shown, ordered, CPU)
    numbers = values_of(found)
    counts = {(row.scope, row.measure): row.undefined for row in found.itertuples()}
    groups = [shown.values[shown.labels == label] for label in range(classes)]
    means = np.stack([group.mean(axis=0, dtype=float) for group in groups])
    near = [(c, c + 1) for c in range(classes - 1)]
    pairs = near if ordered else list(combinations(range(classes), 2))
    for measure in MEASURES:
        inner = [inner_oracle(group, measure) for group in groups]
        assert numbers["inner", measure] == close(np.mean([value for value, _ in inner]))
        assert counts["inner", measure] == sum(undefined for _, undefined in inner)
        value, undefined = inter_oracle(means, pairs, measure)
        assert (numbers["inter", measure], counts["inter", measure]) == (close(value), undefined)
    level = np.mean([np.abs(vector).sum() for vector in shown.values.astype(float)])
    assert numbers["level", "mean_l1"] == close(level)
    for scope in ("inner", "inter"):
        wanted = numbers[scope, "euclidean"] / level
        assert numbers[scope, "normalised"] == close(wanted)
    assert counts["inner", "correlation"] > 0
    assert len(found) == len(numbers) == 9


@pytest.mark.filterwarnings("ignore:Mean of empty slice")
def test_a_class_of_one_example_has_no_deviation_within_and_counts_between():
    shown = examples([[0, 0], [0, 4], [3, 0]], [0, 0, 1], 2)
    numbers = values_of(layer_deviations(shown, True, CPU))
    assert numbers["inner", "euclidean"] == 4
    assert numbers["inter", "euclidean"] == pytest.approx(math.sqrt(9 + 4))


def test_a_class_without_examples_takes_no_part():
    shown = examples([[0, 1], [0, 2], [5, 1], [6, 1], [9, 9]], [0, 0, 1, 1, 3], 4)
    numbers = values_of(layer_deviations(shown, True, CPU))
    assert numbers["inter", "euclidean"] == pytest.approx(math.hypot(5.5, 0.5))


@pytest.mark.filterwarnings("ignore:Mean of empty slice")
def test_a_layer_that_is_silent_has_distance_0_and_neither_angles_nor_a_level_to_divide_by():
    found = layer_deviations(examples(np.zeros((4, 3)), [0, 0, 1, 1], 2), True, CPU)
    numbers = values_of(found)
    assert numbers["level", "mean_l1"] == 0
    assert numbers["inner", "euclidean"] == numbers["inter", "euclidean"] == 0
    for measure in ("cosine", "correlation", "normalised"):
        assert math.isnan(numbers["inner", measure])
        assert math.isnan(numbers["inter", measure])
    assert found["undefined"].tolist() == [0, 0, 4, 4, 0, 0, 1, 1, 0]


def test_a_single_class_has_nothing_between_classes():
    numbers = values_of(layer_deviations(examples([[0, 1], [3, 5]], [0, 0], 3), False, CPU))
    assert numbers["inner", "euclidean"] == 5
    assert math.isnan(numbers["inter", "euclidean"])
