"""The training loop, its optimisers, schedules, losses, noise and stops, against plain loops."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn.functional import mse_loss, one_hot

from glassbox.models.losses import LOSSES, SquaredError
from glassbox.models.modules import Alone
from glassbox.models.recipe import Recipe
from glassbox.models.stack import Feedforward, Stack, initialise
from glassbox.models.training import Data, Draws, _Keeper, _Run, evaluate, train

WIDTH, CLASSES = 6, 4
NET = {"hidden": [8, 7], "activation": "elu", "output": "sigmoid"}
CLOSE = {"rtol": 1e-4, "atol": 1e-6}
SQUARED = LOSSES["squared-error"]

torch.set_num_threads(1)  # products this small are slower on several


def network(replicates, outputs=CLASSES, **settings):
    described = Feedforward(WIDTH, outputs, **{**NET, **settings})
    return initialise(described, [np.random.default_rng(r) for r in replicates])


def examples(replicates, count, seed=0):
    """Inputs around a centre per class."""
    inputs, labels = [], []
    for r in replicates:
        rng = np.random.default_rng([seed, r])
        labels.append(rng.integers(CLASSES, size=count))
        inputs.append(np.eye(CLASSES, WIDTH)[labels[-1]] + rng.normal(size=(count, WIDTH)))
    return Data(torch.from_numpy(np.float32(inputs)), torch.from_numpy(np.stack(labels)))


def generators(replicates, kind):
    return [torch.Generator().manual_seed(10 * kind + r) for r in replicates]


def draws(replicates):
    return Draws(*(generators(replicates, kind) for kind in range(3)))


def trained(replicates, recipe, settings=NET, loss=SQUARED):
    training, validation = examples(range(3), 30), examples(range(3), 20, seed=1)
    here = list(replicates)
    shown, held_out = (
        Data(each.inputs[here], each.targets[here]) for each in (training, validation)
    )
    return train(network(here, **settings), shown, held_out, recipe, draws(here), loss)


def torch_network(stack):
    """The first replicate by torch.nn: the oracle."""
    steps = []
    for layer in stack.layers:
        weight, bias = (each.detach()[0].clone() for each in layer.stored())
        steps += [nn.Linear(*weight.shape[::-1]), nn.ELU()]
        steps[-2].weight.data, steps[-2].bias.data = weight, bias
    return nn.Sequential(*steps[:-1])


def assert_same_weights(one, two):
    for found, wanted in zip(one.parameters(), two.parameters(), strict=True):
        np.testing.assert_array_equal(found.detach(), wanted.detach())


CYCLES = Recipe(
    *(8, 0.05, "cycles"),
    patience=5,
    optimizer="adam",
    schedule="triangular",
    cycle=7,
    decay=0.9,
    max_cycles=5,
)

# Schedules


@given(
    step=st.integers(0, 10**6),
    half=st.integers(1, 5000),
    decay=st.floats(0.5, 1),
    peak=st.floats(1e-6, 1),
)
def test_a_triangular_rate_is_smiths_between_zero_and_a_peak_that_decays(step, half, decay, peak):
    recipe = replace(CYCLES, learning_rate=peak, cycle=2 * half, decay=decay)
    cycle = np.floor(1 + step / (2 * half))  # Smith 2017 §3.2
    x = np.abs(step / half - 2 * cycle + 1)
    wanted = peak * max(0, 1 - x) * decay ** (cycle - 1)
    assert recipe.rate(step) == pytest.approx(wanted, rel=1e-9, abs=1e-9 * peak)


def test_the_rates_of_two_cycles_by_hand():
    recipe = replace(CYCLES, learning_rate=1.0, cycle=4, decay=0.5)
    assert [recipe.rate(step) for step in range(8)] == [0, 0.5, 1, 0.5, 0, 0.25, 0.5, 0.25]
    sawtooth = replace(recipe, schedule="sawtooth")
    found = [sawtooth.rate(step) for step in range(8)]
    assert found == [0, 0.25, 0.5, 0.75, 0, 0.125, 0.25, 0.375]
    assert {replace(recipe, schedule="constant").rate(step) for step in range(8)} == {1.0}


# Losses


def test_the_squared_error_is_half_the_squared_distance_from_the_unit_vector():
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(2, 5, CLASSES)), rng.integers(CLASSES, size=(2, 5))
    found = SQUARED.losses(torch.from_numpy(logits), torch.from_numpy(labels))
    outputs = 1 / (1 + np.exp(-logits))
    np.testing.assert_allclose(found, ((outputs - np.eye(CLASSES)[labels]) ** 2).sum(2) / 2)
    right = SQUARED.right(torch.from_numpy(logits), torch.from_numpy(labels))
    np.testing.assert_array_equal(right, outputs.argmax(2) == labels)


def plain_training(stack, training, validation, recipe):
    """torch.optim.Adam on one replicate, cycle by cycle: its network, and rows of history."""
    model = torch_network(stack)
    optimiser = torch.optim.Adam(model.parameters())
    (inputs,), (labels,) = training.inputs, training.targets
    order = generators([0], 0)[0]

    def batches():
        while True:
            yield from torch.randperm(len(labels), generator=order).split(recipe.batch_size)

    def losses(inputs, labels):
        outputs, wanted = model(inputs).sigmoid(), one_hot(labels, CLASSES).float()
        return mse_loss(outputs, wanted, reduction="none").sum(1) / 2

    def right(inputs, labels):
        return (model(inputs).argmax(1) == labels).double()

    rows, given, step = [], batches(), 0
    for _ in range(recipe.max_cycles):
        seen = []
        for _ in range(recipe.cycle):
            batch = next(given)
            loss = losses(inputs[batch], labels[batch])
            seen.append(torch.stack([loss.detach(), right(inputs[batch], labels[batch])]))
            optimiser.zero_grad()
            loss.mean().backward()
            optimiser.param_groups[0]["lr"] = recipe.rate(step)
            optimiser.step()
            step += 1
        with torch.no_grad():
            held_out = validation.inputs[0], validation.targets[0]
            looked = [each(*held_out).double().mean().item() for each in (losses, right)]
        rows.append([*torch.cat(seen, 1).mean(1).tolist(), *looked])
    return model, np.array(rows)


@pytest.mark.parametrize("schedule", ["triangular", "sawtooth", "constant"])
def test_cycles_with_adam_are_those_of_a_plain_loop_over_passes_that_go_on(schedule):
    training, validation = examples([0], 30), examples([0], 20, seed=1)  # 8 + 8 + 8 + 6
    recipe = replace(CYCLES, schedule=schedule)
    plain, rows = plain_training(network([0]), training, validation, recipe)
    found = train(network([0]), training, validation, recipe, draws([0]), SQUARED)
    measures = ["train_loss", "train_accuracy", "validation_loss", "validation_accuracy"]
    np.testing.assert_allclose(found.history[measures], rows, rtol=1e-4)
    kept = found.history.loc[found.history["kept"], "epoch"].item()
    assert kept == rows[:, 2].argmin() + 1
    if kept == recipe.max_cycles:
        for one, two in zip(
            torch_network(found.model).parameters(), plain.parameters(), strict=True
        ):
            torch.testing.assert_close(one, two, **CLOSE)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.integers(1, 5))
def test_cycles_end_when_the_validation_loss_has_risen_patience_times_on_end(losses, patience):
    stack = network([0])
    keeper = _Keeper(stack, replace(CYCLES, patience=patience), SQUARED)
    for number, loss in enumerate(losses, start=1):
        keeper.see(number, torch.zeros(1), torch.tensor([loss], dtype=torch.float64), None)
        last = losses[max(0, number - patience - 1) : number]
        over = len(last) == patience + 1 and all(np.diff(last) > 0)
        assert keeper.done.item() == over
        if over:
            break
    assert keeper.period.item() == np.argmin(losses[:number]) + 1
    assert keeper.last.item() == number


def test_a_history_has_cycles_for_periods_and_checkpoints_are_after_them():
    found = trained(range(2), replace(CYCLES, checkpoints=[0, 2]))
    assert found.history["epoch"].tolist() == [1, 2, 3, 4, 5] * 2
    assert list(found.checkpoints) == [0, 2]
    short = trained(range(2), replace(CYCLES, max_cycles=2, checkpoints=[2]))
    assert_same_weights(found.checkpoints[2][0], short.checkpoints[2][0])


# Noise and dropout


DROPPING = {**NET, "keep": 0.8}
NOISY = replace(CYCLES, noise=1.0)


def test_a_replicate_draws_the_same_whatever_trains_beside_it():
    together = trained(range(3), NOISY, DROPPING)
    for r in range(3):
        alone = trained([r], NOISY, DROPPING)
        for one, two in zip(together.model.parameters(), alone.model.parameters(), strict=True):
            np.testing.assert_allclose(one.detach()[r], two.detach()[0], **CLOSE)


def test_noise_is_white_with_a_deviation_of_its_own_for_every_batch_and_replicate():
    data = Data(torch.full((2, 5000, WIDTH), 3.0), torch.zeros(2, 5000, dtype=torch.int64))
    recipe = replace(NOISY, batch_size=5000, noise=0.5)
    run = _Run(network(range(2)), data, recipe, draws(range(2)), SQUARED)
    noise = torch.stack([run._shown(run.batches.next().inputs) - 3 for _ in range(40)])
    deviations = noise.flatten(2).std(2)
    assert len(set(deviations.flatten().tolist())) == 80
    assert 0 <= deviations.min() < 0.05 and 0.45 < deviations.max() < 0.505
    assert deviations.mean() == pytest.approx(0.25, abs=0.06)
    standard = (noise / deviations[:, :, None, None]).flatten()
    assert standard.mean() == pytest.approx(0, abs=0.01)
    assert (standard**4).mean() == pytest.approx(3, abs=0.05)


def test_dropout_keeps_values_at_their_mean_in_training_and_does_nothing_in_use():
    stack = network(range(2), hidden=[300, 200], keep=0.8)
    stack.draw_from(generators(range(2), 1))
    inputs = torch.rand(2, 50, WIDTH)
    plain = Stack(stack.layers, keep=1, output="sigmoid").activations(inputs)
    for found, wanted in zip(stack.eval().activations(inputs), plain, strict=True):
        assert torch.equal(found, wanted)
    first, second, _ = stack.train().activations(inputs)
    factor = (first / plain[0]).detach()
    kept = factor != 0
    assert kept.float().mean() == pytest.approx(0.8, abs=0.01)
    assert torch.allclose(factor[kept], torch.tensor(1.25))
    assert (second == 0).float().mean() == pytest.approx(0.2, abs=0.01)
    assert not torch.equal(kept[0], kept[1])


def test_layers_drop_what_is_said_of_each():
    stack = network(range(2), hidden=[300, 200, 100], keep=[0.9, 1, 0.5])
    stack.draw_from(generators(range(2), 1))
    inputs = torch.rand(2, 50, WIDTH)
    for found, keep in zip(stack._factors(inputs), (0.9, 1, 0.5), strict=True):
        assert torch.allclose(found[found != 0], torch.tensor(1 / keep))
        assert (found != 0).float().mean() == pytest.approx(keep, abs=0.02)
    values = stack.train().activations(inputs)
    assert not any(torch.equal(each[0], each[1]) for each in values)
    assert stack.pick([1]).keep == stack.keep


def test_one_share_for_all_layers_draws_what_as_many_equal_ones_do():
    alike, each = (trained(range(2), CYCLES, {**NET, "keep": keep}) for keep in (0.8, [0.8, 0.8]))
    assert_same_weights(alike.model, each.model)


def test_a_module_draws_from_its_own_seed_whatever_was_drawn_before():
    data, found = examples([0], 30), []
    for number in range(2):
        torch.rand(number)
        layers = nn.Linear(WIDTH, 8), nn.Dropout(0.5), nn.Linear(8, CLASSES)
        with torch.no_grad():
            for each in (layers[0], layers[2]):
                each.weight.copy_(torch.linspace(-1, 1, each.weight.numel()).view_as(each.weight))
                each.bias.zero_()
        found.append(train(Alone(nn.Sequential(*layers)), data, data, CYCLES, draws([0])).model)
    assert_same_weights(*found)


def test_validation_sees_neither_noise_nor_dropout():
    result = trained(range(2), replace(NOISY, checkpoints=[5]), DROPPING)
    last = result.history[result.history["epoch"] == 5]
    held_out = examples(range(2), 20, seed=1)
    found = evaluate(result.checkpoints[5][0], held_out, SQUARED)
    np.testing.assert_allclose(found[0], last["validation_loss"], rtol=1e-6)


# Other losses, and targets that are no labels


def test_targets_may_be_values_of_which_none_is_right():
    rng = np.random.default_rng(0)
    inputs = torch.from_numpy(rng.normal(size=(2, 200, WIDTH)).astype(np.float32))
    data = Data(inputs, inputs[:, :, :1] - inputs[:, :, 1:2])
    recipe = replace(CYCLES, cycle=100, max_cycles=3)
    result = train(
        network(range(2), outputs=1), data, data, recipe, draws(range(2)), SquaredError()
    )
    assert (result.history.groupby("replicate")["validation_loss"].last() < 0.05).all()
    assert result.history["validation_accuracy"].isna().all()
    outputs = result.model(inputs)
    wanted = ((outputs - data.targets) ** 2).sum(2).mean(1) / 2
    kept = result.history.loc[result.history["kept"], "validation_loss"]
    np.testing.assert_allclose(wanted.detach(), kept, rtol=1e-5)


class Bottleneck(Stack):
    """Gives its inputs back, and what it has of them in its first layer."""

    def forward(self, inputs):
        values = self._hidden(inputs)
        return self.layers[-1](values[-1]), values[1]


class Reconstruction(SquaredError):
    """The error of the inputs given back, and how far a batch's code is from normal numbers."""

    def __init__(self, generators):
        self.generators = generators

    def losses(self, outputs, targets):
        back, code = outputs
        drawn = torch.stack([torch.randn(code.shape[1:], generator=g) for g in self.generators])
        distance = (code.mean(1) - drawn.mean(1)).square().sum(1)
        return super().losses(back, targets) + distance[:, None]


def test_a_loss_may_take_more_than_an_output_and_draw_by_itself():
    inputs = examples(range(2), 100).inputs
    data = Data(inputs, inputs)
    start = network(range(2), outputs=WIDTH, hidden=[8])
    model = Bottleneck(start.layers, keep=0.9)
    recipe = replace(CYCLES, cycle=50, max_cycles=4)
    loss = Reconstruction(generators(range(2), 4))
    history = train(model, data, data, recipe, draws(range(2)), loss).history
    first, last = (history.loc[history["epoch"] == at, "validation_loss"] for at in (1, 4))
    assert (last.to_numpy() < first.to_numpy()).all()
