"""Filters, units, gradient ascent and trajectories against plain loops and closed forms."""

import numpy as np
import pandas as pd
import pytest
import torch

from glassbox.activations import Activations
from glassbox.analyses.deviation_trajectories import parting, slopes, trajectories
from glassbox.analyses.filters import SMOOTHS, diagonal_share, filter_table, sign_balance
from glassbox.analyses.gradient_ascents import (
    Ascent,
    ascent_table,
    climb,
    jump_clarity,
    random_starts,
    signal_table,
)
from glassbox.analyses.redundancy import (
    COMPONENTS,
    KEPT,
    MEANS,
    ONE,
    ORDER,
    USED,
    answers_of_one,
    layer_redundancy,
)
from glassbox.analyses.unit_activity import unit_activity
from glassbox.models.stack import Feedforward, StackModel, initialise
from glassbox.tables import Examples

torch.set_num_threads(1)
CPU = torch.device("cpu")
LENGTH, CLASSES, FIRST = 40, 5, 18


def network(replicates=2, **kind):
    kind = Feedforward(LENGTH, CLASSES, **kind)
    stack = initialise(kind, [np.random.default_rng(r) for r in range(replicates)])
    for layer in stack.layers[:-1]:
        layer.bias.data += 0.5  # active near 0
    return stack


# Filters


@pytest.mark.parametrize(
    ("weights", "balance"),
    [
        ([1, 2, 1], 1.0),
        ([-3, -1], 1.0),
        ([1, -1], 0.0),
        ([1, -2, 1], 0.0),
        ([1, 1, 1, 1, -1], 0.6),
        ([10, 10, -1], 19 / 21),
    ],
)
def test_the_balance_tells_smoothers_from_derivatives(weights, balance):
    assert sign_balance(np.array(weights, float)) == pytest.approx(balance)
    rarer = min(sum(w for w in weights if w > 0), -sum(w for w in weights if w < 0))
    assert balance == pytest.approx(1 - 2 * rarer / sum(map(abs, weights)))
    assert (balance > SMOOTHS) == (rarer < 0.1 * sum(map(abs, weights)))


def test_a_filter_of_zeros_has_no_balance():
    assert np.isnan(sign_balance(np.zeros(3)))


def test_the_diagonal_share_counts_what_is_near_the_jump():
    weights = np.random.default_rng(1).normal(size=(CLASSES, LENGTH))
    near = sum(
        weights[label, place] ** 2
        for label in range(CLASSES)
        for place in range(LENGTH)
        if abs(place + 1 - (FIRST + label)) <= 2
    )
    assert diagonal_share(weights, FIRST, 2) == pytest.approx(near / (weights**2).sum())
    assert diagonal_share(np.ones((CLASSES, LENGTH)), FIRST, 3) == pytest.approx(7 / LENGTH)


def test_the_table_of_filters_has_every_weight_in_order_and_what_layers_do():
    stack = network(1, convolutions=[3, 5])
    table = filter_table(stack, FIRST).set_index(["depth", "measure", "tap"])["value"].sort_index()
    assert len(table) == 3 + 1 + 5 + 1 + 1
    for layer, taps in ((1, 3), (2, 5)):
        weights = stack.layers[layer - 1].weight[0].detach().double().numpy()
        assert table.loc[layer, "weight"].tolist() == weights.tolist()
        assert list(table.loc[layer, "weight"].index) == list(range(1, taps + 1))
        assert table[layer, "balance", 0] == pytest.approx(sign_balance(weights))
    dense = stack.layers[2].weight[0].detach().numpy().T
    assert table[3, "diagonal", 0] == pytest.approx(diagonal_share(dense, FIRST))


# Units


def test_a_unit_is_dead_when_no_example_makes_it_active():
    values = np.array([[0, 1, 0], [0, 0, 0.5], [0, 3, 0]], np.float32)
    found = unit_activity(Examples(np.arange(3), np.arange(3), values, {"classes": 3}))
    assert found["unit"].tolist() == [0, 1, 2]
    assert found["active"].tolist() == pytest.approx([0, 2 / 3, 1 / 3])
    assert found["mean"].tolist() == pytest.approx([0, 4 / 3, 1 / 6])


def test_a_unit_alone_tells_what_its_quantiles_tell():
    labels = np.repeat(np.arange(4), 1000)
    rng = np.random.default_rng(5)
    assert answers_of_one(labels + 0.1 * rng.random(4000), labels) > 0.97, "but for one bin of two"
    assert answers_of_one(labels // 2 + 0.1 * rng.random(4000), labels) == pytest.approx(
        0.5, abs=0.03
    )
    assert answers_of_one(rng.random(4000), labels) == pytest.approx(0.25, abs=0.03)
    assert answers_of_one(np.zeros(4000), labels) == 0.25, "a dead unit gives one answer"


def test_a_network_without_some_units_is_one_whose_units_are_gone():
    stack = network(1, hidden=[20, 8])
    inputs = torch.from_numpy(np.random.default_rng(6).normal(size=(60, LENGTH)).astype(np.float32))
    first, second, _ = (each[0].detach().numpy() for each in stack.activations(inputs[None]))
    labels = np.arange(60) % CLASSES
    for layer, values in ((1, first), (2, second)):
        shown = Examples(labels, labels, values, {"classes": CLASSES})
        found = layer_redundancy(stack, layer, shown)
        units = values.shape[1]
        alone = found[found["through"] == ONE]
        assert alone["active"].tolist() == (values > 0).mean(0).tolist()
        assert alone["accuracy"].tolist() == [answers_of_one(unit, labels) for unit in values.T]
        weights = stack.layers[layer].weight[0].detach().numpy()
        used = sorted(range(units), key=lambda u: -values[:, u].mean() * np.linalg.norm(weights[u]))
        for through, ranking in ((USED, used), (ORDER, range(units))):
            parts = found[found["through"] == through].set_index("kept")["accuracy"]
            assert list(parts.index) == [round(share * units) for share in KEPT]
            for kept, accuracy in parts.items():
                smaller = network(1, hidden=[20, 8])
                gone = list(set(range(units)) - set(list(ranking)[:kept]))
                smaller.layers[layer].weight.data[0, gone] = 0
                answers = smaller(inputs[None])[0].argmax(1).numpy()
                assert accuracy == pytest.approx((answers == labels).mean())


def halves(labels):
    """The first example of each label, the third and so on; and the others."""
    found = ([], [])
    for place, label in enumerate(labels):
        found[list(labels[:place]).count(label) % 2].append(place)
    return found


def test_means_and_components_of_some_examples_stand_in_for_the_units_of_others():
    stack = network(1, hidden=[20, 8])
    inputs = torch.from_numpy(np.random.default_rng(7).normal(size=(90, LENGTH)).astype(np.float32))
    stack.layers[-1].bias.data -= stack(inputs[None]).detach().mean(1, keepdim=True)
    first, second, output = (each[0].detach().numpy() for each in stack.activations(inputs[None]))
    labels = output.argmax(1)
    assert len(set(labels)) == CLASSES
    known, asked = halves(labels)
    for depth, values in ((1, first), (2, second)):
        found = layer_redundancy(stack, depth, Examples(labels, labels, values, {"classes": 5}))
        units = values.shape[1]
        means = np.mean([values[each].astype(float) for each in known], axis=0)
        weights = stack.layers[depth].weight[0].detach().numpy()
        used = sorted(range(units), key=lambda u: -means[u] * np.linalg.norm(weights[u]))
        _, _, axes = np.linalg.svd(values[known] - means)
        for kept in (round(share * units) for share in KEPT):
            right = {MEANS: 0, COMPONENTS: 0}
            for each in asked:
                lost = [means[u] if u in used[kept:] else values[each, u] for u in range(units)]
                plane = means + sum((values[each] - means) @ axis * axis for axis in axes[:kept])
                for through, hidden in ((MEANS, lost), (COMPONENTS, plane)):
                    hidden = torch.from_numpy(np.array(hidden, np.float32))[None, None]
                    for layer in stack.layers[depth:-1]:
                        hidden = layer(hidden).relu()
                    answer = stack.layers[-1](hidden)[0, 0].argmax().item()
                    right[through] += answer == labels[each]
            for through, count in right.items():
                (row,) = found[(found["through"] == through) & (found["kept"] == kept)].to_dict(
                    "records"
                )
                assert row["accuracy"] == pytest.approx(count / len(asked))
                assert (row["unit"], np.isnan(row["active"])) == (-1, True)


def test_a_layer_that_varies_along_few_directions_needs_as_many_components():
    rng = np.random.default_rng(9)
    directions = rng.normal(size=(3, 12)) + 2
    values = (rng.random((200, 3)) @ directions).astype(np.float32) + 5
    stack = network(1, hidden=[12])
    shown = torch.from_numpy(values)[None]
    stack.layers[1].bias.data -= stack.layers[1](shown).detach().mean(1, keepdim=True)
    labels = stack.layers[1](shown)[0].argmax(1).numpy()
    found = layer_redundancy(stack, 1, Examples(labels, labels, values, {"classes": CLASSES}))
    by_kept = found[found["through"] == COMPONENTS].set_index("kept")["accuracy"]
    assert len(set(labels)) > 1
    assert by_kept[[3, 6, 9, 12]].tolist() == [1, 1, 1, 1]
    assert by_kept[1] < 1


# Gradient ascent


def plain_ascent(stack, start, label, rate, level, limit):
    """One signal at a time: it ends, and the steps that it took."""
    signal, steps = start.clone(), 0
    for _ in range(limit):
        signal = signal.detach().requires_grad_()
        output = stack(signal[None, None]).softmax(dim=2)[0, 0, label]
        if output.item() > level:
            break
        (gradient,) = torch.autograd.grad(output, signal)
        if (gradient == 0).all():
            break
        signal, steps = signal + rate * gradient, steps + 1
    output = stack(signal[None, None]).softmax(dim=2)[0, 0, label].item()
    return signal.detach(), steps, output


@pytest.mark.parametrize("kind", [{"hidden": [12]}, {"convolutions": [5]}, {}], ids=str)
def test_an_ascent_is_that_of_a_plain_loop_over_classes_and_replicates(kind):
    stack = network(**kind)
    starts = random_starts([np.random.default_rng(r) for r in (3, 4)], CLASSES, LENGTH, 0.05)
    assert starts.shape == (2, CLASSES, LENGTH)
    assert 0.045 < starts.abs().max() <= 0.05
    found = climb(stack, starts, rate=0.5, level=0.7, limit=60)
    for replicate in range(2):
        for label in range(CLASSES):
            start = starts[replicate, label]
            signal, steps, output = plain_ascent(
                stack.pick([replicate]), start, label, 0.5, 0.7, 60
            )
            torch.testing.assert_close(found.inputs[replicate, label], signal, rtol=1e-3, atol=1e-4)
            assert found.steps[replicate, label] == steps
            assert found.probability[replicate, label] == pytest.approx(output, rel=1e-3)
            assert found.reached[replicate, label] == (output > 0.7)
    assert len(found.steps.unique()) > 1, "some signals must go on when others are done"


def test_a_signal_that_does_not_get_there_says_so():
    starts = torch.zeros(2, CLASSES, LENGTH)
    found = climb(network(), starts, rate=1e-6, level=0.999, limit=3)
    assert not found.reached.any()
    assert (found.steps == 3).all()
    dead = network(hidden=[4])
    dead.layers[0].bias.data -= 100
    stuck = climb(dead, starts, rate=1.0, level=0.999, limit=3)
    assert not stuck.reached.any()
    assert (stuck.steps == 0).all()
    torch.testing.assert_close(stuck.inputs, starts)


def test_the_clarity_of_a_jump_is_its_z_score_among_the_increases():
    rng = np.random.default_rng(5)
    signal = rng.normal(size=LENGTH) * 0.1
    signal[19:] += 4  # location 20, 1-based
    increases = np.diff(signal)
    others = np.delete(increases, 18)
    found = jump_clarity(np.stack([signal, signal]), np.array([20, 23]))
    assert found["clarity"][0] == pytest.approx((increases[18] - others.mean()) / others.std())
    assert found["clarity"][1] < 1 < 20 < found["clarity"][0]
    assert found["offset"].tolist() == [0, -3]


def test_drops_around_a_jump_are_measured_in_units_of_the_range():
    signal = np.zeros(LENGTH)
    signal[15:20] = -1  # the five samples before location 21
    signal[20:25] = 3
    found = jump_clarity(signal[None], np.array([21]))
    assert found["before"][0] == pytest.approx(1 / 4)
    assert found["after"][0] == pytest.approx(3 / 4)
    assert np.isnan(jump_clarity(signal[None], np.array([10]))["before"][0])
    assert np.isnan(jump_clarity(np.zeros((1, LENGTH)), np.array([21]))["clarity"][0])


def test_tables_of_an_ascent_have_a_row_per_class_and_a_signal_per_layer():
    stack = network(convolutions=[3, 5])
    starts = random_starts([np.random.default_rng(r) for r in (3, 4)], CLASSES, LENGTH, 0.05)
    ascent = climb(stack, starts, rate=0.5, level=0.9, limit=5)
    table = ascent_table(ascent, FIRST)
    assert table["location"].tolist() == [*range(FIRST, FIRST + CLASSES)] * 2
    row = table[(table["replicate"] == 1) & (table["label"] == 2)].iloc[0]
    moved = (ascent.inputs - ascent.starts)[1, 2].norm().item()
    assert row["distance"] == pytest.approx(moved, rel=1e-5)
    signals = signal_table(stack, ascent)
    assert sorted(signals["depth"].unique()) == [0, 1, 2]
    one = signals[(signals["replicate"] == 1) & (signals["label"] == 2)]
    assert one["sample"].tolist() == [*range(1, LENGTH + 1)] * 3
    layers = [ascent.inputs, *stack.activations(ascent.inputs)[:2]]
    for layer, values in enumerate(layers):
        shown = one[one["depth"] == layer]["value"]
        np.testing.assert_allclose(shown, values[1, 2].detach(), rtol=1e-6)


def test_layers_without_a_unit_per_sample_are_not_shown():
    stack = network(hidden=[12])
    zeros = torch.zeros(2, CLASSES, LENGTH)
    ascent = Ascent(zeros, zeros, zeros[..., 0], zeros[..., 0], zeros[..., 0] > 1)
    assert signal_table(stack, ascent)["depth"].unique().tolist() == [0]


# Trajectories


def test_a_trajectory_has_the_deviations_of_every_layer_at_every_checkpoint():
    rng = np.random.default_rng(6)
    values = rng.normal(size=(20, LENGTH)).astype(np.float32)
    metadata = {"classes": CLASSES, "shape": [LENGTH]}
    shown = Examples(np.arange(20), np.arange(20) % CLASSES, values, metadata)
    early, late = (network(1, hidden=[9]) for _ in range(2))
    late.layers[0].weight.data *= 2
    stacks = {0: early, 7: late}
    series = {e: Activations(lambda s=s: StackModel(s, LENGTH), shown) for e, s in stacks.items()}
    found = trajectories(series.items(), ordered=True, device=CPU)
    names = ["input", "hidden-1", "output"]
    assert found.groupby("epoch")["layer"].unique().map(list).tolist() == [names] * 2
    level = found[found["measure"] == "mean_l1"].set_index(["epoch", "depth"])["value"]
    assert level[0, 0] == level[7, 0] == pytest.approx(np.abs(values).sum(1).mean())
    for epoch, model in stacks.items():
        hidden = model.activations(torch.from_numpy(values)[None])[0].detach()
        assert level[epoch, 1] == pytest.approx(hidden.abs().sum(2).mean().item(), rel=1e-5)


def profiles(slope, replicates=4, epochs=(0, 1, 10, 100), spread=0.01):
    """Trajectories whose slopes over layers at each epoch are given, with a little noise."""
    rng = np.random.default_rng(7)
    rows = [
        (epoch, replicate, layer, "inner", "cosine", 2 * (1 + value * layer))
        for epoch, wanted in zip(epochs, slope, strict=True)
        for replicate in range(replicates)
        for value in [wanted + spread * rng.normal()]
        for layer in range(4)
    ]
    return pd.DataFrame(rows, columns=["epoch", "replicate", "depth", "scope", "measure", "value"])


def test_slopes_are_relative_to_the_input_and_leave_out_the_output():
    found = slopes(profiles([0.1, -0.2, 0.3, 0.4], spread=0.0), "inner", "cosine")
    assert found.index.tolist() == [0, 1, 10, 100]
    np.testing.assert_allclose(found, np.repeat([[0.1], [-0.2], [0.3], [0.4]], 4, axis=1))


@pytest.mark.parametrize(
    ("memorising", "epoch"),
    [
        ([0.0, 0.0, 0.5, 0.6], 10),
        ([0.5, 0.0, 0.5, 0.6], 10),
        ([0.5, 0.5, 0.5, 0.6], 0),
        ([0.0, 0.5, 0.5, 0.0], None),
        ([0.0, -0.5, -0.5, -0.6], None),
    ],
)
def test_networks_part_at_the_epoch_from_which_on_they_differ(memorising, epoch):
    one, other = (slopes(profiles(each), "inner", "cosine") for each in (memorising, [0] * 4))
    other = other + 0.003 * np.random.default_rng(8).normal(size=other.shape)
    assert parting(one, other) == epoch


def test_one_replicate_never_parts():
    one = slopes(profiles([1, 1, 1, 1], replicates=1), "inner", "cosine")
    assert parting(one, one - 1) is None
