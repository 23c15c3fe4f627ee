"""Targeted iterative attacks, step by step, and random walks."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from glassbox.datasets.attack_paths import (
    Steps,
    descent,
    path,
    paths_to_all,
    random_direction,
    random_signs,
    squared_error,
    targeted_path,
)
from glassbox.tables import Examples

CPU = torch.device("cpu")
WEIGHTS = torch.tensor([[1.0, -2.0, 0.5], [0.0, 1.0, -1.0]])  # of two classes


def linear(inputs):
    return inputs @ WEIGHTS.T


def some(count=7, width=3, classes=2):
    rng = np.random.default_rng(4)
    values = rng.random((count, width), np.float32)
    told = {"classes": classes, "shape": [width], "values": "signal"}
    return Examples(np.arange(count) * 5 + 2, np.arange(count) % classes, values, told)


def starts(count=5):
    return torch.from_numpy(np.random.default_rng(2).random((count, 3), np.float32))


def test_the_error_is_half_the_squared_distance_to_the_target():
    inputs, targets = starts(4), torch.tensor([0, 1, 1, 0])
    found = squared_error(linear, targets)(inputs)
    for one, target, input_ in zip(found, targets, inputs, strict=True):
        first, second = linear(input_[None])[0]
        wanted = 0.5 * (
            (first - (target == 0).float()) ** 2 + (second - (target == 1).float()) ** 2
        )
        assert one.item() == pytest.approx(wanted.item(), rel=1e-5)


def test_a_path_on_a_linear_network_is_that_of_the_gradient_in_closed_form():
    start, targets = starts(), torch.tensor([0, 1, 0, 1, 0])
    steps = Steps(9, 0.07, 3, bounds=None)
    found = list(targeted_path(linear, start, targets, steps))
    assert len(found) == len(steps.recorded) == 4
    inputs, kept = start.double().numpy(), [start.double().numpy()]
    matrix, wanted = WEIGHTS.double().numpy(), np.eye(2)[targets]
    for number in range(1, 10):
        inputs = inputs - 0.07 * np.sign((inputs @ matrix.T - wanted) @ matrix)
        if number % 3 == 0:
            kept.append(inputs)
    for ours, theirs in zip(found, kept, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_attacks_come_nearer_to_their_targets():
    targets = torch.tensor([0, 1, 0, 1, 0])
    sigmoid = squared_error(lambda inputs: linear(inputs).sigmoid(), targets)
    softmax = squared_error(lambda inputs: linear(inputs).softmax(1), targets)
    for error, outputs in ((sigmoid, torch.sigmoid), (softmax, lambda each: each.softmax(1))):
        *_, end = targeted_path(lambda x, f=outputs: f(linear(x)), starts(), targets, Steps(20))
        assert (error(end) < error(starts())).all()


@settings(deadline=None, max_examples=40)
@given(
    st.integers(1, 6),
    st.integers(1, 4),
    st.floats(1e-3, 0.5),
    st.sampled_from([None, (0, 1)]),
    st.sampled_from(["fgsm", random_signs, random_direction]),
)
def test_no_path_leads_farther_than_its_steps_or_beyond_its_bounds(
    parts, every, size, bounds, walk
):
    steps, start = Steps(parts * every, size, every, bounds), starts()
    if walk == "fgsm":
        found = list(targeted_path(linear, start, torch.tensor([0, 1, 0, 1, 0]), steps))
    else:
        found = list(path(start, walk(np.random.default_rng(1), start), steps))
    assert torch.equal(found[0], start) and len(found) == parts + 1
    for taken, inputs in zip(steps.recorded, found, strict=True):
        assert (inputs - start).abs().max() <= taken * size + 1e-5
        assert bounds is None or (inputs.min() >= 0 and inputs.max() <= 1)


def test_inputs_beyond_the_bounds_are_brought_to_them_where_they_are_clipped_alone():
    start = torch.tensor([[0.0, 1.0, 0.5]])
    up = lambda inputs: torch.tensor([[-1.0, 1.0, 1.0]])  # noqa: E731
    *_, clipped = path(start, up, Steps(3, 0.4))
    *_, free = path(start, up, Steps(3, 0.4, bounds=None))
    assert clipped.tolist() == [[0, 1, 1]]
    np.testing.assert_allclose(free, [[-1.2, 2.2, 1.7]], rtol=1e-6)


@pytest.mark.parametrize("walk", [random_signs, random_direction])
def test_random_walks_take_steps_of_equal_length_in_every_value(walk):
    start = torch.zeros(50, 40)
    steps = Steps(30, 0.25, bounds=None)
    found = torch.stack(list(path(start, walk(np.random.default_rng(3), start), steps)))
    taken = found.diff(dim=0)
    assert (taken.abs() == 0.25).all(), "which float32 holds exactly"
    assert abs(taken.mean()) < 4.5 * 0.25 / np.sqrt(50 * 40)
    straight = walk is random_direction
    assert (taken == taken[0]).all() == straight
    if not straight:  # the mean square of the displacement grows with the number of steps
        squares = found[-1].square()
        assert squares.mean() == pytest.approx(30 * 0.25**2, rel=4.5 * np.sqrt(2 / 2000))


def test_random_signs_are_those_of_their_stream():
    first, again = (random_signs(np.random.default_rng(1), starts())(starts()) for _ in range(2))
    assert torch.equal(first, again)
    assert not torch.equal(first, random_signs(np.random.default_rng(2), starts())(starts()))


def test_an_attack_that_knows_a_detector_goes_down_both_losses():
    centre = torch.tensor([0.5, 0.5, 0.5])

    def distance(inputs):
        return (inputs - centre).square().sum(1)

    start, targets = starts(), torch.tensor([1, 1, 0, 0, 1])
    steps = Steps(40, 0.005)

    def end(**extra):
        *_, last = targeted_path(linear, start, targets, steps, **extra)
        return last

    naive, knowing, careful = (
        end(),
        end(extra=distance, weight=1.0),
        end(extra=distance, weight=1e6),
    )
    assert torch.equal(naive, end(extra=distance, weight=0.0))
    assert distance(careful).sum() < distance(knowing).sum() < distance(naive).sum()
    error = squared_error(linear, targets)
    assert error(knowing).sum() < error(start).sum()
    alone = list(path(start, descent(distance), steps))[-1]
    np.testing.assert_allclose(careful, alone, atol=0.011)


def walk_to(steps):
    return lambda start, targets: targeted_path(linear, start, targets, steps)


@pytest.mark.parametrize("rows", [1, 5, 500])
def test_a_set_has_a_row_per_example_target_and_record(rows):
    examples, steps = some(), Steps(6, 0.05, 2)
    made = paths_to_all(examples, walk_to(steps), steps, CPU, rows)
    assert made.ids.tolist() == list(range(7 * 2 * 4))
    assert made.origin["step"].tolist() == [0, 2, 4, 6] * 14
    assert made.origin["target"].tolist() == [*[0] * 4, *[1] * 4] * 7
    assert made.origin["origin_id"].tolist() == np.repeat(examples.ids, 8).tolist()
    assert made.labels.tolist() == np.repeat(examples.labels, 8).tolist()
    assert made.values.dtype == np.float32
    for row, id_ in enumerate(examples.ids):
        for target in range(2):
            mine = (made.origin["origin_id"] == id_) & (made.origin["target"] == target)
            start = torch.from_numpy(examples.values[row : row + 1])
            wanted = torch.cat(list(walk_to(steps)(start, torch.tensor([target]))))
            np.testing.assert_allclose(made.values[mine], wanted, atol=1e-6)


def test_a_set_of_paths_leaves_its_examples_as_they_were():
    examples, steps = some(), Steps(4, 0.1, 4)
    before = examples.values.copy()
    made = paths_to_all(examples, walk_to(steps), steps, CPU)
    np.testing.assert_array_equal(examples.values, before)
    starting = made.at(np.flatnonzero(made.origin["step"] == 0))
    np.testing.assert_array_equal(starting.values, np.repeat(before, 2, axis=0))
