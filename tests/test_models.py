"""Networks, their training side by side, and their weights, against plain loops."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import torch
from safetensors import safe_open
from safetensors.numpy import load_file
from torch import nn

from glassbox.devices import choose_device
from glassbox.digests import content_sha256
from glassbox.errors import GlassboxError
from glassbox.models.build import describe, write_description
from glassbox.models.model import answers, read_layers
from glassbox.models.recipe import Recipe
from glassbox.models.stack import Feedforward, StackModel, initialise, join
from glassbox.models.training import Data, Diverged, Draws, _refuse_divergence, evaluate, train
from glassbox.models.weights import kept_epochs, read_model, read_stack, states, write_weights

WIDTHS = [6, 8, 7, 4]
CLOSE = {"rtol": 1e-4, "atol": 1e-6}

torch.set_num_threads(1)  # products this small are slower on several


PERCEPTRON = {"hidden": [8, 7]}
CONVOLUTIONAL = {"convolutions": [3, 5]}
MIXED = {"hidden": [7], "convolutions": [3]}
LINEAR = {"convolutions": [3, 5], "rectified": False}
KINDS = {"mlp": PERCEPTRON, "cnn": CONVOLUTIONAL, "mixed": MIXED, "linear": LINEAR}
EVERY = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
LAYERS = {
    "mlp": {"hidden-1": 8, "hidden-2": 7, "output": 4},
    "cnn": {"conv-1": 6, "conv-2": 6, "output": 4},
    "mixed": {"conv-1": 6, "hidden-1": 7, "output": 4},
    "linear": {"conv-1": 6, "conv-2": 6, "output": 4},
}


def network(replicates, kind=PERCEPTRON):
    """A stack with biases that are not zero."""
    rngs = [np.random.default_rng(r) for r in replicates]
    stack = initialise(Feedforward(6, 4, **kind), rngs)
    for layer in stack.layers:
        drawn = np.stack([rng.normal(size=layer.bias.shape[1:]) for rng in rngs])
        layer.bias.data = torch.from_numpy(drawn).float()
    return stack


def torch_network(stack, kind):
    """The first replicate as layers of torch.nn: the oracle."""
    layers = [nn.Conv1d(1, 1, taps, padding="same") for taps in kind.get("convolutions", [])]
    layers += [nn.Linear(*sizes) for sizes in pairwise([6, *kind.get("hidden", []), 4])]
    for layer, ours in zip(layers, stack.layers, strict=True):
        weight, bias = ours.stored()
        layer.weight.data, layer.bias.data = weight.detach()[0].clone(), bias.detach()[0].clone()
    steps = []
    for layer in layers:
        if isinstance(layer, nn.Conv1d):
            activation = nn.ReLU() if kind.get("rectified", True) else nn.Identity()
            steps += [nn.Unflatten(1, (1, -1)), layer, nn.Flatten(), activation]
        else:
            steps += [layer, nn.ReLU()]
    return nn.Sequential(*steps[:-1])


def examples(replicates, count, classes=4, noise=1.0, seed=0):
    """Inputs around a centre per class, or labels without any pattern if `noise` is infinite."""
    inputs, labels = [], []
    for r in replicates:
        rng = np.random.default_rng([seed, r])
        labels.append(rng.integers(classes, size=count))
        centres = 0 if np.isinf(noise) else np.eye(classes, WIDTHS[0])[labels[-1]] * 3 / noise
        inputs.append(centres + rng.normal(size=(count, WIDTHS[0])))
    return Data(torch.from_numpy(np.float32(inputs)), torch.from_numpy(np.stack(labels)))


def orders(replicates):
    return [torch.Generator().manual_seed(100 + r) for r in replicates]


def trained(replicates, recipe, training, validation, kind=PERCEPTRON):
    stack = network(replicates, kind)
    return train(stack, training, validation, recipe, Draws(orders(replicates)))


def one_of(data, replicate):
    part = slice(replicate, replicate + 1)
    return Data(data.inputs[part], data.targets[part])


def parameters(stack, replicate):
    return [parameter.detach()[replicate].numpy() for parameter in stack.parameters()]


def assert_same_network(one, r, two, s):
    for found, wanted in zip(parameters(one, r), parameters(two, s), strict=True):
        np.testing.assert_allclose(found, wanted, **CLOSE)


# Networks


@EVERY
def test_a_forward_pass_is_that_of_torch_nn_for_every_replicate(kind):
    stack = network(range(3), kind)
    inputs = torch.from_numpy(np.random.default_rng(1).normal(size=(3, 5, 6)).astype(np.float32))
    logits, layers = stack(inputs).detach(), stack.activations(inputs)
    for r in range(3):
        plain = torch_network(stack.pick([r]), kind)
        torch.testing.assert_close(plain(inputs[r]), logits[r], **CLOSE)
        values, found = inputs[r], iter(layers)
        for step in plain:
            values = step(values)
            if isinstance(step, nn.ReLU | nn.Identity):
                torch.testing.assert_close(values, next(found)[r], **CLOSE)
        torch.testing.assert_close(values.softmax(1), next(found)[r], **CLOSE)


def test_a_convolution_weighs_its_neighbours_in_order_and_takes_what_is_beyond_the_ends_as_0():
    stack = network([0], CONVOLUTIONAL)
    signal = [1.0, -2.0, 3.0, 0.5, 2.0, -1.0]
    layer = stack.layers[0]
    found = layer(torch.tensor(signal)[None, None])[0, 0].tolist()
    weights, bias = layer.weight[0].tolist(), layer.bias.item()
    padded = [0.0, *signal, 0.0]
    for place in range(6):
        wanted = bias + sum(weights[k] * padded[place + k] for k in range(3))
        assert found[place] == pytest.approx(wanted, rel=1e-5)


@EVERY
def test_a_replicate_computes_the_same_alone(kind):
    together, data = network(range(5), kind), examples(range(5), 9)
    logits = together(data.inputs)
    for r in range(5):
        alone = network([r], kind)(data.inputs[r : r + 1])
        torch.testing.assert_close(alone[0], logits[r], **CLOSE)


def test_a_network_starts_uniform_within_the_bound_of_glorot_and_without_bias():
    stack = initialise(Feedforward(300, 50, [200]), [np.random.default_rng(r) for r in range(2)])
    for layer, inputs, outputs in zip(stack.layers, (300, 200), (200, 50), strict=True):
        bound = np.sqrt(6 / (inputs + outputs))
        assert layer.weight.shape == (2, inputs, outputs)
        assert 0.99 * bound < layer.weight.abs().max() <= bound * (1 + 1e-6)
        assert layer.weight.var().item() == pytest.approx(bound**2 / 3, rel=0.05)
    assert all((layer.bias == 0).all() for layer in stack.layers)


def test_a_filter_starts_with_its_taps_as_inputs_and_as_outputs():
    kind = Feedforward(20, 3, convolutions=[7, 3])
    stack = initialise(kind, [np.random.default_rng(r) for r in range(400)])
    for layer, taps in zip(stack.layers, (7, 3), strict=False):
        bound = np.sqrt(3 / taps)
        assert layer.weight.shape == (400, taps)
        assert 0.99 * bound < layer.weight.abs().max() <= bound * (1 + 1e-6)


@EVERY
def test_the_start_of_a_replicate_depends_on_its_own_generator_alone(kind):
    together = initialise(Feedforward(6, 4, **kind), [np.random.default_rng(r) for r in range(3)])
    alone = initialise(Feedforward(6, 4, **kind), [np.random.default_rng(2)])
    for one, two in zip(parameters(together, 2), parameters(alone, 0), strict=True):
        np.testing.assert_array_equal(one, two)
    assert not np.array_equal(parameters(together, 0)[0], parameters(together, 1)[0])


@EVERY
def test_stacks_are_joined_and_picked_from_without_a_change(kind):
    whole = network(range(4), kind)
    again = join([whole.pick([0, 1]), whole.pick([2]), whole.pick([3])])
    for r in range(4):
        for one, two in zip(parameters(again, r), parameters(whole, r), strict=True):
            np.testing.assert_array_equal(one, two)
    whole.pick([0]).layers[0].weight.data.zero_()
    assert whole.layers[0].weight[0].abs().max() > 0


# Training

EPOCHS_3 = Recipe(batch_size=8, learning_rate=0.1, stop="epochs", max_epochs=3)


@EVERY
def test_a_replicate_learns_the_same_alone(kind):
    training, validation = examples(range(5), 30), examples(range(5), 20, seed=1)
    together = trained(range(5), EPOCHS_3, training, validation, kind)
    for r in range(5):
        alone = trained([r], EPOCHS_3, one_of(training, r), one_of(validation, r), kind)
        assert_same_network(together.model, r, alone.model, 0)
        ours = together.history[together.history["replicate"] == r]
        for column in alone.history.columns.drop("replicate"):
            np.testing.assert_allclose(ours[column], alone.history[column], rtol=1e-4)


def plain_training(kind, training, validation, epochs):
    """torch.nn and torch.optim on one replicate: its network, and its losses and accuracies."""
    model = torch_network(network([0], kind), kind)
    optimiser = torch.optim.SGD(model.parameters(), lr=0.1)
    criterion = nn.CrossEntropyLoss()
    (inputs,), (labels,), order, rows = training.inputs, training.targets, orders([0])[0], []
    for _ in range(epochs):
        losses, right = [], 0
        for batch in torch.randperm(len(labels), generator=order).split(8):
            logits = model(inputs[batch])
            loss = criterion(logits, labels[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses += [loss.item()] * len(batch)
            right += (logits.argmax(1) == labels[batch]).sum().item()
        logits, answers = model(validation.inputs[0]), validation.targets[0]
        rows.append([np.mean(losses), right / len(labels), criterion(logits, answers).item()])
        rows[-1].append((logits.argmax(1) == answers).double().mean().item())
    return model, np.array(rows)


@EVERY
@pytest.mark.parametrize("epochs", [1, 3])
def test_training_is_that_of_a_plain_loop(kind, epochs):
    training, validation = examples([0], 30), examples([0], 20, seed=1)  # 8 + 8 + 8 + 6
    plain, rows = plain_training(kind, training, validation, epochs)
    recipe = Recipe(batch_size=8, learning_rate=0.1, stop="epochs", max_epochs=epochs)
    found = trained([0], recipe, training, validation, kind)
    ours = torch_network(found.model, kind)
    for one, two in zip(ours.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(one, two, **CLOSE)
    measures = ["train_loss", "train_accuracy", "validation_loss", "validation_accuracy"]
    np.testing.assert_allclose(found.history[measures], rows, rtol=1e-4)


def test_evaluation_is_mean_cross_entropy_and_accuracy_whatever_the_block_of_rows():
    stack, data = network(range(2)), examples(range(2), 23)
    loss, accuracy = evaluate(stack, data, rows=5)
    for r in range(2):
        logits = stack(data.inputs)[r].detach().double().numpy()
        labels = data.targets[r].numpy()
        exponents = np.exp(logits)
        share = exponents[np.arange(23), labels] / exponents.sum(1)
        assert loss[r].item() == pytest.approx(-np.log(share).mean(), rel=1e-5)
        assert accuracy[r].item() == (logits.argmax(1) == labels).mean()


STOP_EARLY = Recipe(8, 0.3, stop="validation-loss", max_epochs=60, patience=4)


TRAINING = """
import sys, torch
from glassbox.models.modules import Alone
from glassbox.models.recipe import Recipe
from glassbox.models.training import Data, Draws, train
data = Data(torch.rand(1, 60, 6), torch.arange(60)[None] % 4)
for optimizer in ("sgd", "adam"):
    recipe = Recipe(10, 0.1, "epochs", 2, optimizer=optimizer)
    train(Alone(torch.nn.Linear(6, 4)), data, data, recipe, Draws([torch.Generator()]))
assert "torch._dynamo" not in sys.modules
"""


def test_training_loads_no_compiler():
    subprocess.run([sys.executable, "-c", TRAINING], check=True)


@pytest.fixture(scope="module")
def stopped():
    """Three replicates that learn a little and then over-fit, each at its own pace."""
    training = examples(range(3), 30, noise=4.0)
    validation = examples(range(3), 30, noise=4.0, seed=1)
    return trained(range(3), STOP_EARLY, training, validation), training, validation


def test_early_stopping_ends_a_replicate_patience_epochs_after_its_least_loss(stopped):
    history = stopped[0].history
    ends = []
    for _, ours in history.groupby("replicate"):
        best = ours["validation_loss"].to_numpy().argmin() + 1
        assert ours["epoch"].tolist() == list(range(1, best + 4 + 1))
        assert ours.loc[ours["kept"], "epoch"].tolist() == [best]
        assert ours["done"].all()
        ends.append(len(ours))
    assert len(set(ends)) > 1, "one replicate must go on when another is done"
    assert 4 + 1 < max(ends) < 60


def test_early_stopping_keeps_the_weights_of_the_least_validation_loss(stopped):
    result, training, validation = stopped
    kept = result.history[result.history["kept"]]
    loss, accuracy = evaluate(result.model, validation)
    np.testing.assert_allclose(loss, kept["validation_loss"], rtol=1e-6)
    np.testing.assert_allclose(accuracy, kept["validation_accuracy"])
    for r, epoch in enumerate(kept["epoch"]):
        recipe = Recipe(8, 0.3, stop="epochs", max_epochs=epoch)
        until = trained([r], recipe, one_of(training, r), one_of(validation, r))
        assert_same_network(result.model, r, until.model, 0)


def test_the_limit_of_epochs_ends_early_stopping_undone(stopped):
    _, training, validation = stopped
    recipe = Recipe(8, 0.3, stop="validation-loss", max_epochs=4, patience=4)
    history = trained(range(3), recipe, training, validation).history
    assert history["epoch"].tolist() == [1, 2, 3, 4] * 3
    assert not history["done"].any()
    for _, ours in history.groupby("replicate"):
        assert ours["kept"].to_numpy().argmax() == ours["validation_loss"].to_numpy().argmin()


def test_train_accuracy_ends_a_replicate_when_it_classifies_all_training_examples_right():
    training = examples(range(3), 40, noise=1.2)
    recipe = Recipe(8, 0.3, stop="train-accuracy", max_epochs=200)
    result = trained(range(3), recipe, training, training)
    assert evaluate(result.model, training)[1].tolist() == [1, 1, 1]
    ends = result.history.groupby("replicate")["epoch"].max()
    assert result.history.loc[result.history["kept"], "epoch"].tolist() == ends.tolist()
    assert result.history["done"].all()
    assert 1 < ends.min() < ends.max() < 200
    for r, epoch in ends.items():
        short = Recipe(8, 0.3, stop="train-accuracy", max_epochs=epoch - 1)
        earlier = trained([r], short, one_of(training, r), one_of(training, r))
        assert not earlier.history["done"].any()


def test_a_replicate_ends_in_company_when_it_would_have_ended_alone():
    training = examples(range(3), 40, noise=1.2)
    recipe = Recipe(8, 0.3, stop="train-accuracy", max_epochs=200)
    together = trained(range(3), recipe, training, training).history
    ends = together.groupby("replicate")["epoch"].max()
    for r, end in ends.items():
        alone = trained([r], recipe, one_of(training, r), one_of(training, r)).history
        assert alone["epoch"].max() == end


def test_a_replicate_that_is_done_does_not_fail_the_others_by_diverging_later():
    losses = torch.tensor([[1.0, torch.nan], [1.0, torch.nan]])
    _refuse_divergence(losses, torch.tensor([False, True]), 7, EPOCHS_3)
    with pytest.raises(Diverged) as error:
        _refuse_divergence(losses, torch.tensor([True, False]), 7, EPOCHS_3)
    assert error.value.replicates == [1]


def test_train_accuracy_that_is_not_reached_ends_at_the_limit_undone():
    noise = examples(range(2), 40, noise=np.inf)
    result = trained(range(2), Recipe(8, 0.01, "train-accuracy", 3), noise, noise)
    assert not result.history["done"].any()
    assert result.history.loc[result.history["kept"], "epoch"].tolist() == [3, 3]


def test_a_number_of_epochs_is_trained_in_full_and_its_last_weights_are_kept():
    data = examples(range(2), 20)
    history = trained(range(2), EPOCHS_3, data, data).history
    assert history["epoch"].tolist() == [1, 2, 3] * 2
    assert history["kept"].tolist() == [False, False, True] * 2
    assert history["done"].all()


def test_history_has_a_row_per_replicate_and_epoch():
    data = examples(range(2), 20)
    history = trained(range(2), EPOCHS_3, data, data).history
    assert history["replicate"].tolist() == [0, 0, 0, 1, 1, 1]
    assert list(history) == [
        *("replicate", "epoch", "train_loss", "train_accuracy"),
        *("validation_loss", "validation_accuracy", "kept", "done"),
    ]
    assert (history["kept"].dtype, history["done"].dtype) == (bool, bool)
    assert pd.Index(history.index).equals(pd.RangeIndex(6))


@pytest.mark.parametrize("what", ["training", "validation"])
def test_divergence_names_the_replicate_the_epoch_and_the_learning_rate(what):
    sets = {name: examples(range(3), 20) for name in ("training", "validation")}
    sets[what].inputs[1] *= 1e38
    with pytest.raises(Diverged, match=r"in epoch 1 at learning rate 0\.1") as error:
        trained(range(3), EPOCHS_3, **sets)
    assert error.value.replicates == [1]


def test_a_checkpoint_is_the_network_after_that_epoch_and_changes_nothing(stopped):
    result, training, validation = stopped
    ends = result.history.groupby("replicate")["epoch"].max()
    between = int(ends.min()) + 1  # an epoch that not all replicates go on to
    recipe = replace(STOP_EARLY, checkpoints=[0, 2, between, 99])
    again = trained(range(3), recipe, training, validation)
    pd.testing.assert_frame_equal(again.history, result.history)
    assert list(again.checkpoints) == [0, 2, between]
    assert_same_network(again.checkpoints[0][0], 1, network([1]), 0)
    for epoch, (stack, places) in again.checkpoints.items():
        assert places == ends.index[ends >= epoch].tolist()
        if epoch:
            recipe = Recipe(8, 0.3, stop="epochs", max_epochs=epoch)
            for here, r in enumerate(places):
                until = trained([r], recipe, one_of(training, r), one_of(validation, r))
                assert_same_network(stack, here, until.model, 0)
    assert len(again.checkpoints[between][1]) < 3


# Models


def arrays(count=5):
    return np.random.default_rng(1).normal(size=(count, 6)).astype(np.float32)


@pytest.mark.parametrize("name", KINDS)
def test_a_replicate_of_a_stack_is_a_model_whose_layers_have_names(name):
    stack, values = network([0], KINDS[name]), torch.from_numpy(arrays())
    model = StackModel(stack, 6)
    assert {layer.name: layer.units for layer in model.layers} == LAYERS[name]
    assert [(layer.depth, layer.site) for layer in model.layers] == [
        (1, "after"),
        (2, "after"),
        (3, "after"),
    ]
    assert torch.equal(model(values), stack(values[None])[0])
    found = model.read(values, LAYERS[name])
    for layer, wanted in zip(LAYERS[name], stack.activations(values[None]), strict=True):
        assert torch.equal(found[layer], wanted[0])
    torch.testing.assert_close(found["output"], model(values).softmax(1))
    assert list(model.read(values, ["output"])) == ["output"]
    assert answers(model, arrays()).tolist() == model(values).argmax(1).tolist()


def test_layers_are_read_in_blocks_and_in_their_order():
    model = StackModel(network([0]), 6)
    whole, parts = read_layers(model, arrays(9)), read_layers(model, arrays(9), rows=2)
    assert list(whole) == ["hidden-1", "hidden-2", "output"]
    for name, values in whole.items():
        np.testing.assert_allclose(parts[name], values, **CLOSE)
    assert list(read_layers(model, arrays(), ["output", "hidden-1"])) == ["hidden-1", "output"]
    with pytest.raises(GlassboxError, match="no layer CL1; the network has hidden-1, hidden-2, ou"):
        read_layers(model, arrays(), ["CL1"])
    with pytest.raises(GlassboxError, match="no examples"):
        read_layers(model, arrays(0))


def test_examples_of_another_size_are_refused():
    with pytest.raises(GlassboxError, match=r"5 values are shown to a network for 6, shape \(6,\)"):
        StackModel(network([0]), 6)(torch.zeros(2, 5))


def test_gradients_flow_to_examples_and_to_no_weight():
    stack = network([0])
    values = torch.from_numpy(arrays()).requires_grad_()
    model = StackModel(stack, 6)
    model.read(values, ["hidden-2"])["hidden-2"].sum().backward()
    assert values.grad.abs().max() > 0
    assert all(parameter.grad is None for parameter in stack.parameters())


# Weights


class Files:
    """Weights with their digest and description in a folder."""

    def __init__(self, folder):
        self.weights, self.digest = folder / "w", folder / "w.json"
        self.description = folder / "model.json"

    def write(self, stack, replicates, kind=PERCEPTRON, checkpoints=()):
        tensors = states(stack, replicates)
        for epoch, (kept, present) in dict(checkpoints).items():
            tensors |= states(kept, present, epoch)
        write_weights(self.weights, self.digest, tensors, stack.metadata)
        build = {"kind": "cnn-1d" if "convolutions" in kind else "mlp", **kind}
        write_description(self.description, describe(build, [6], 4))

    def read(self, replicate, checkpoint=None):
        return read_model(self.description, self.weights, replicate, checkpoint)


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


@EVERY
def test_weights_are_read_as_they_were_written(files, kind):
    stack = network([0, 1], kind)
    files.write(stack, [3, 4], kind)
    for place, replicate in enumerate((3, 4)):
        found = read_stack(files.description, files.weights, replicate)
        for one, two in zip(parameters(found, 0), parameters(stack, place), strict=True):
            np.testing.assert_array_equal(one, two)
        inputs = torch.from_numpy(arrays())
        torch.testing.assert_close(
            files.read(replicate)(inputs), stack.pick([place])(inputs[None])[0]
        )


def test_what_is_read_is_what_the_description_says_and_not_what_tensors_look_like(files):
    files.write(network([0], LINEAR), [0], LINEAR)
    values = torch.from_numpy(arrays())
    assert files.read(0).read(values, ["conv-1"])["conv-1"].min() < 0
    files.write(network([0], LINEAR), [0], CONVOLUTIONAL)
    assert files.read(0).read(values, ["conv-1"])["conv-1"].min() == 0


def test_weights_of_another_network_are_named(files):
    files.write(network([0], MIXED), [5])
    with pytest.raises(GlassboxError) as error:
        files.read(5)
    for said in ("w, replicate 5 does not fit", "1.weight (1, 1, 3), not (8, 6)"):
        assert said in str(error.value)
    files.write(network([0], {"hidden": [8]}), [5])
    with pytest.raises(GlassboxError, match=r"missing: 3\.bias, 3\.weight"):
        files.read(5)
    files.write(network([0]), [5], {"hidden": [8]})
    with pytest.raises(GlassboxError, match=r"extra: 3\.bias, 3\.weight"):
        files.read(5)


def test_filters_lie_in_the_file_as_torch_has_them(files):
    files.write(network([0, 1], CONVOLUTIONAL), [3, 4])
    tensors = load_file(files.weights)
    shapes = {name: tensor.shape for name, tensor in tensors.items() if name.startswith("4.")}
    assert shapes["4.1.weight"] == (1, 1, 3)
    assert shapes["4.2.weight"] == (1, 1, 5)
    assert shapes["4.3.weight"] == (4, 6)
    assert shapes["4.1.bias"] == shapes["4.2.bias"] == (1,)


def test_checkpoints_are_read_as_they_were_written(files):
    late, early = network([0, 1], MIXED), network([1], MIXED)
    files.write(late, [5, 6], MIXED, {10: (late, [5, 6]), 9: (early, [6])})
    assert_same_network(files.read(6).stack, 0, late, 1)
    assert kept_epochs(files.weights, 5) == [10]
    assert kept_epochs(files.weights, 6) == [9, 10]
    assert_same_network(files.read(6, 9).stack, 0, early, 0)
    assert_same_network(files.read(6, 10).stack, 0, late, 1)
    with pytest.raises(GlassboxError, match="w holds no checkpoint of replicate 7"):
        kept_epochs(files.weights, 7)
    with pytest.raises(GlassboxError, match="w holds no replicate 5 after epoch 9"):
        files.read(5, 9)


def test_weights_lie_in_the_file_as_outputs_by_inputs(files):
    stack = network([0, 1])
    files.write(stack, [3, 4])
    tensors = load_file(files.weights)
    assert len(tensors) == 2 * 3 * 2
    hidden = np.random.default_rng(1).normal(size=6).astype(np.float32)
    logits = stack(torch.from_numpy(hidden).expand(2, 1, 6))[1, 0].detach()
    for layer in (1, 2, 3):
        weight, bias = tensors[f"4.{layer}.weight"], tensors[f"4.{layer}.bias"]
        assert weight.shape == (WIDTHS[layer], WIDTHS[layer - 1])
        hidden = weight @ hidden + bias
        hidden = np.maximum(hidden, 0) if layer < 3 else hidden
    np.testing.assert_allclose(hidden, logits, rtol=1e-4, atol=1e-5)


def test_weights_have_the_same_bytes_wherever_and_whenever_they_are_written(tmp_path):
    places = [Files(tmp_path / "one"), Files(tmp_path / "another/folder")]
    for place in places:
        place.write(network(range(2)), [0, 1])
    assert places[0].weights.read_bytes() == places[1].weights.read_bytes()
    assert places[0].description.read_bytes() == places[1].description.read_bytes()
    with safe_open(places[0].weights, framework="np") as file:
        assert file.metadata() is None


def test_the_digest_of_weights_is_that_of_their_file_and_of_its_tensors(files):
    files.write(network(range(2)), [0, 1])
    content = files.weights.read_bytes()
    assert json.loads(files.digest.read_text()) == {
        "w": {
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "content_sha256": content_sha256(sorted(load_file(files.weights).items())),
        }
    }


def test_a_replicate_that_is_not_there_is_named(files):
    files.write(network([0]), [12])
    with pytest.raises(GlassboxError, match="w holds no replicate 2"):
        files.read(2)


def test_products_are_asked_to_be_reproducible_wherever_they_run(monkeypatch):
    monkeypatch.delenv("CUBLAS_WORKSPACE_CONFIG", raising=False)
    threads = torch.get_num_threads()
    choose_device("auto", threads)
    assert torch.are_deterministic_algorithms_enabled()
    assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":4096:8"
