"""DeepFool against closed forms, a plain loop and the Adversarial Robustness Toolbox."""

import logging
from argparse import Namespace

import numpy as np
import pandas as pd
import pytest
import torch
from test_attacks import logits, model  # noqa: F401

from analyses import adversarial_distances as program
from glassbox.analyses.adversarial_distances import OVERSHOOT, adversarial_distances
from glassbox.models.model import answers
from glassbox.models.stack import Feedforward, StackModel, initialise
from glassbox.tables import Examples

torch.set_num_threads(1)
WIDTH, CLASSES, COUNT, STEPS = 12, 9, 40, 50


def network(*hidden, seed=0):
    stack = initialise(Feedforward(WIDTH, CLASSES, hidden), [np.random.default_rng(seed)])
    return StackModel(stack, WIDTH)


def shown(count=COUNT, width=WIDTH):
    rng = np.random.default_rng(3)
    values = rng.normal(size=(count, width)).astype(np.float32)
    return Examples(np.arange(count) + 7, rng.integers(CLASSES, size=count), values, {})


def planes(linear, examples):
    """How far each example is from where each class is as likely as its answer: (n, classes)."""
    layer = linear.stack.layers[0]
    weight, bias = layer.weight[0].double().numpy(), layer.bias[0, 0].double().numpy()
    scores = examples.values.astype(np.float64) @ weight + bias
    own = scores.argmax(1)
    slopes = np.linalg.norm(weight[:, None, :] - weight[:, :, None], axis=0)[own]
    gaps = scores.max(1, keepdims=True) - scores
    return np.divide(gaps, slopes, out=np.full_like(gaps, np.inf), where=slopes > 0)


def test_without_hidden_layers_it_is_the_distance_to_the_nearest_plane():
    linear, examples = network(), shown()
    found = adversarial_distances(linear, examples, [1], STEPS)
    wanted = (1 + OVERSHOOT) * planes(linear, examples).min(1)
    np.testing.assert_allclose(found["distance"], wanted, rtol=1e-4)
    assert (found["steps"] == 1).all()


@pytest.mark.parametrize("hidden", [(), (16,), (16, 16, 16)])
def test_the_answer_is_another_just_where_it_is_said_to_be(hidden):
    deep, examples = network(*hidden), shown()
    found = adversarial_distances(deep, examples, [1, 3], STEPS)
    clean = answers(deep, examples.values)
    for apart, rows in found.groupby("apart"):
        assert rows["answer"].tolist() == clean.tolist()
        assert (rows["right"] == (rows["answer"] == rows["label"])).all()
        assert rows["distance"].notna().mean() > 0.9 and (rows["distance"].dropna() > 0).all()
        is_far = (rows["attacked"] - rows["answer"]).abs() >= apart
        assert is_far.tolist() == rows["distance"].notna().tolist()
        np.testing.assert_allclose(rows["norm"], np.linalg.norm(examples.values, axis=1), rtol=1e-6)
    near, far = (rows["distance"].to_numpy() for _, rows in found.groupby("apart"))
    # The nearest boundary of the network made linear need not be the nearest of its own.
    assert (near <= far + 1e-6).mean() > 0.9 and np.nanmean(near) < np.nanmean(far)


def test_what_finds_nothing_within_the_steps_has_no_distance():
    deep, examples = network(16, 16, 16), shown()
    every = adversarial_distances(deep, examples, [3], STEPS)
    some = adversarial_distances(deep, examples, [3], 1)
    slow = (every["steps"] > 1).to_numpy()
    assert slow.any() and not slow.all()
    assert some["distance"].isna().tolist() == slow.tolist()
    near = (some["attacked"] - some["answer"]).abs() < 3
    assert near.tolist() == slow.tolist()
    assert (some["steps"] == 1).all()


def test_a_network_that_says_the_same_of_all_is_not_led_away():
    flat = network()
    flat.stack.layers[0].weight.zero_()
    flat.stack.layers[0].bias[0, 0, 4] = 1
    found = adversarial_distances(flat, shown(), [1], 3)
    assert found["distance"].isna().all() and (found["attacked"] == 4).all()


def one_by_one(deep, value, apart):
    """The distance of one example by DeepFool in a plain loop, and its steps."""
    start = torch.from_numpy(value)
    x, total, own = start.clone(), torch.zeros(WIDTH), int(deep(start[None]).argmax())
    for step in range(STEPS + 1):
        scores = deep(x[None])[0]
        if abs(int(scores.argmax()) - own) >= apart:
            return float((x - start).norm()), step
        near = max((k for k in range(CLASSES) if abs(k - own) < apart), key=lambda k: scores[k])
        moves = []
        for k in range(CLASSES):
            if abs(k - own) >= apart:
                gap = lambda x, k=k, near=near: deep(x[None])[0, near] - deep(x[None])[0, k]  # noqa: E731
                slope = torch.autograd.functional.jacobian(gap, x)
                moves.append(-gap(x) / slope.norm() ** 2 * slope)
        total = total + min(moves, key=torch.norm)
        x = start + (1 + OVERSHOOT) * total
    return np.nan, STEPS


@pytest.mark.parametrize("apart", [1, 3])
def test_it_takes_the_steps_of_a_plain_loop(apart):
    deep, examples = network(16, 16, 16), shown(15)
    found = adversarial_distances(deep, examples, [apart], STEPS)
    wanted, steps = zip(*(one_by_one(deep, each, apart) for each in examples.values), strict=True)
    np.testing.assert_allclose(found["distance"], wanted, rtol=1e-3)
    assert found["steps"].tolist() == list(steps)


@pytest.mark.parametrize("hidden", [(16,), (16, 16, 16)])
def test_it_finds_what_the_toolbox_finds(hidden):
    deep, examples = network(*hidden), shown()
    ours = adversarial_distances(deep, examples, [1], STEPS)["distance"].to_numpy()
    moved = toolbox(deep, examples.values)
    theirs = np.linalg.norm(moved.astype(np.float64) - examples.values, axis=1)
    # It goes beyond a boundary at the end alone, and so may take another step, and another way.
    assert (np.abs(ours / theirs - 1) < 1.1 * OVERSHOOT).mean() > 0.9
    assert np.median(np.abs(ours / theirs - 1)) < 0.5 * OVERSHOOT


def toolbox(deep, values):
    from art.attacks.evasion import DeepFool
    from art.estimators.classification import PyTorchClassifier

    logging.getLogger("art").setLevel(logging.ERROR)
    told = deep, torch.nn.CrossEntropyLoss(), (WIDTH,), CLASSES
    estimator = PyTorchClassifier(*told, device_type="cpu")
    attack = DeepFool(estimator, STEPS, OVERSHOOT, CLASSES, len(values), verbose=False)
    return attack.generate(values)


def test_several_blocks_give_what_one_does(monkeypatch):
    deep, examples = network(16, 16), shown()
    one = adversarial_distances(deep, examples, [1], STEPS)
    monkeypatch.setattr("glassbox.analyses.adversarial_distances.AT_ONCE", 5 * WIDTH * CLASSES)
    pd.testing.assert_frame_equal(one, adversarial_distances(deep, examples, [1], STEPS), rtol=1e-4)


def test_images_are_led_away_in_the_values_of_their_set(model):  # noqa: F811
    values = np.random.default_rng(1).random((6, 64), np.float32)
    found = adversarial_distances(model, Examples(np.arange(6), np.arange(6), values, {}), [1], 50)
    assert found["distance"].notna().all() and (found["attacked"] != found["answer"]).all()


def test_examples_are_the_same_for_all_models_of_a_replicate(monkeypatch):
    examples = shown()
    config = {"seed": 1, "stream": ["a", "jumps", "test"], "examples": 10}
    config |= {"apart": [1, 3], "steps": STEPS}
    seen, written = {}, {}
    monkeypatch.setattr(
        program, "write_table", lambda path, frame, *_: written.update({path: frame})
    )
    for name, deep in (("shallow", network()), ("deep", network(16, seed=5))):
        monkeypatch.setattr(program, "shown_of", lambda arguments, m=deep: [(m, examples)] * 2)
        told = {"replicates": [0, 1], "method": name, "set": "jumps/test"}
        program.main(Namespace(config=config, **told, table="t"))
        table = written["t"]
        assert len(table) == 2 * 2 * 10
        seen[name] = [
            rows["example_id"].unique().tolist() for _, rows in table.groupby("replicate")
        ]
    assert seen["shallow"] == seen["deep"]
    assert seen["deep"][0] != seen["deep"][1]
