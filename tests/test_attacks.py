"""Attacks and their controls."""

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from glassbox.datasets.attacks import (
    Attack,
    attack_with_controls,
    clipped,
    in_space,
    projected_gradient,
    random_corner,
    reach,
)
from glassbox.models.build import architecture, describe
from glassbox.models.model import answers
from glassbox.tables import Examples

CPU = torch.device("cpu")


@pytest.fixture
def model():
    build = {"kind": "lenet", "kernel": 3, "padding": 1}
    network = architecture(describe(build, [8, 8], 10))
    return network.model(network.start([np.random.default_rng(0)])[0].states()[0])


@pytest.fixture
def logits(model):
    """From pixels, arranged as images."""
    return lambda pixels: model.logits(model.inputs.normalise(pixels))


def normalised_images(count=6):
    """Inputs of which half lie beyond [0, 1], as normalised images do."""
    return np.random.default_rng(1).uniform(-1, 2, (count, 1, 8, 8)).astype(np.float32)


def advertorch(logits, inputs, labels, attack, first):
    """LinfPGDAttack of advertorch 0.1.5 from a given start: clip to the size, then to [0, 1]."""
    x = torch.from_numpy(inputs)
    delta = (torch.from_numpy(first) - x).requires_grad_()
    for _ in range(attack.steps):
        loss = cross_entropy(logits(x + delta), torch.from_numpy(labels), reduction="sum")
        gradient = torch.autograd.grad(loss, delta)[0]
        with torch.no_grad():
            delta += attack.step * gradient.sign()
            delta.clamp_(-attack.size, attack.size)
            delta.copy_((x + delta).clamp(0, 1) - x)
    return (x + delta).detach().numpy()


@pytest.mark.parametrize("size", [0.1, 0.3, 0.8])
def test_the_attack_takes_the_steps_of_advertorch(logits, size, monkeypatch):
    inputs, labels = normalised_images(), np.arange(6) % 10
    least, most = reach(inputs, Attack(size))
    first = np.random.default_rng(2).uniform(least, most).astype(np.float32)
    centre = ((least + most) / 2).reshape(6, -1)
    monkeypatch.setattr(
        np.random, "uniform", lambda low, high, shape: first.reshape(shape) - centre
    )
    attack = Attack(size, steps=7, step=0.05)
    found = projected_gradient(logits, inputs, labels, attack, 0, CPU)
    wanted = advertorch(logits, inputs, labels, attack, first)
    near = np.isclose(found, wanted, atol=1e-5)
    assert near.mean() > 0.99  # where a gradient is all but 0, rounding may take its sign


def test_the_attack_stays_within_reach_and_raises_the_loss(logits):
    inputs, labels = np.clip(normalised_images(), 0, 1), np.arange(6)
    found = projected_gradient(logits, inputs, labels, Attack(0.2), 0, CPU)
    assert found.min() >= 0 and found.max() <= 1 and found.dtype == np.float32
    assert np.abs(found - inputs).max() <= 0.2 + 1e-6
    losses = [
        cross_entropy(logits(torch.from_numpy(x)), torch.from_numpy(labels)).item()
        for x in (inputs, random_corner(inputs, Attack(0.2), np.random.default_rng(0)), found)
    ]
    assert losses[2] > losses[1] and losses[2] > losses[0] + 0.05


def test_the_attack_depends_on_its_seed_and_not_on_other_draws(logits):
    inputs, labels, attack = normalised_images(), np.arange(6), Attack(0.3, steps=2)
    np.random.seed(5)
    expected = np.random.RandomState(5).random(3)
    one = projected_gradient(logits, inputs, labels, attack, 1, CPU)
    np.testing.assert_array_equal(np.random.random(3), expected)
    np.testing.assert_array_equal(one, projected_gradient(logits, inputs, labels, attack, 1, CPU))
    assert (one != projected_gradient(logits, inputs, labels, attack, 2, CPU)).any()


def test_reach_leaves_one_value_to_what_is_beyond_it():
    inputs = np.array([-0.4, -0.1, 0.5, 1.2, 2.8])
    least, most = reach(inputs, Attack(0.3))
    np.testing.assert_allclose(least, [0, 0, 0.2, 0.9, 1])
    np.testing.assert_allclose(most, [0, 0.2, 0.8, 1, 1])
    least, most = reach(inputs, Attack(0.3, bounds=None))
    np.testing.assert_allclose([inputs - least, most - inputs], 0.3)


def test_controls_clip_alone_and_go_to_random_ends():
    inputs = normalised_images()
    np.testing.assert_array_equal(clipped(inputs, (0, 1)), np.clip(inputs, 0, 1))
    corner = random_corner(inputs, Attack(0.3), np.random.default_rng(0))
    least, most = reach(inputs, Attack(0.3))
    high = corner == most
    assert (high | (corner == least)).all()
    assert 0.4 < high[least < most].mean() < 0.6


def test_spaces_give_the_same_logits_and_lead_back(model):
    values = np.random.default_rng(3).random((3, 64), np.float32)
    for space in ("pixels", "normalised"):
        inputs, logits, back = in_space(space, model, values)
        assert inputs.shape == (3, 1, 8, 8)
        torch.testing.assert_close(
            logits(torch.from_numpy(inputs)), model(torch.from_numpy(values))
        )
        np.testing.assert_allclose(back(inputs), values, rtol=1e-5, atol=1e-6)
    assert inputs.min() < 0 and inputs.max() > 1


def test_a_network_on_signals_is_attacked_the_same_way():
    network = architecture(describe({"kind": "mlp", "hidden": [9]}, [30], 4))
    model = network.model(network.start([np.random.default_rng(0)])[0].states()[0])
    values = np.random.default_rng(3).random((5, 30), np.float32)
    inputs, logits, back = in_space("pixels", model, values)
    wrong = (answers(model, values) + 1) % 4
    found = back(projected_gradient(logits, inputs, wrong, Attack(0.2, 5), 0, CPU))
    assert np.abs(found - values).max() <= 0.2 + 1e-6
    before, after = (
        cross_entropy(model(torch.from_numpy(x)), torch.from_numpy(wrong)) for x in (values, found)
    )
    assert after > before


@pytest.mark.parametrize(("bounds", "kinds"), [((0, 1), {"clip"}), (None, set())])
def test_attacked_examples_say_what_they_are_and_controls_stand_beside(model, bounds, kinds):
    values = np.random.default_rng(3).random((4, 64), np.float32)
    told = {"values": "pixels", "shape": [8, 8]}
    examples = Examples(np.arange(3, 7), np.arange(4), values, told)
    given = examples, model, answers(model, values), "normalised", Attack(0.1, 3, bounds=bounds)
    made = dict(attack_with_controls(*given, (1, "attacks", "model", 0)))
    assert made.keys() == {"pgd", "noise"} | kinds
    for kind, each in made.items():
        assert each.ids.tolist() == [3, 4, 5, 6] and each.labels.tolist() == [0, 1, 2, 3]
        assert each.metadata == {**told, "attack": kind, "space": "normalised", "size": 0.1}
        assert (each.values != values).any() and each.values.shape == values.shape
    again = dict(attack_with_controls(*given, (1, "attacks", "model", 1)))
    assert (again["pgd"].values != made["pgd"].values).any()
    assert (again["noise"].values != made["noise"].values).any()
