"""Autoencoders, estimators and what is told from the plane, against plain loops and torch."""

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from glassbox.activations import Activations
from glassbox.analyses.example_patterns import choose_examples, example_patterns
from glassbox.analyses.hidden_vectors import hidden_vectors
from glassbox.analyses.introspection import (
    Fitting,
    Introspection,
    Known,
    descriptions,
    encoded,
    error_plane,
    fit_introspection,
    introspection,
    log_errors,
    split,
)
from glassbox.analyses.introspection_trajectories import separations, trajectories, variance_ratio
from glassbox.models.autoencoder import KERNELS, InfoVAELoss, mean_discrepancy, start_autoencoders
from glassbox.models.build import architecture
from glassbox.models.stack import Feedforward, StackModel, initialise
from glassbox.tables import Examples

torch.set_num_threads(1)
UNITS, COUNT, REPLICATES = 12, 200, 2
CYCLES = {"batch_size": 32, "learning_rate": 3e-3, "cycle": 200, "max_cycles": 5, "patience": 5}
FITTING = Fitting.in_cycles(
    hidden=[24, 24],
    weight=1.0,
    held_out=0.1,
    autoencoder={**CYCLES, "decay": 1.0},
    estimator={**CYCLES, "decay": 1.0},
)
STREAMS = [(7, "introspection", "a", replicate) for replicate in range(REPLICATES)]


def cloud(seed=0):
    """Hidden vectors that lie near a curved plane, and errors that hang on the place there."""
    rng = np.random.default_rng(seed)
    places = rng.normal(size=(REPLICATES, COUNT, 2))
    spread = rng.normal(size=(2, UNITS))
    hidden = np.tanh(places @ spread) + 0.01 * rng.normal(size=(REPLICATES, COUNT, UNITS))
    errors = -2 + places[..., 0]
    return torch.from_numpy(hidden).float(), torch.from_numpy(errors).float()


@pytest.fixture(scope="module")
def fitted():
    return fit_introspection(*cloud(), FITTING, STREAMS)


def maps(fitted, replicate=0):
    told = descriptions(UNITS, FITTING.hidden)
    state = fitted.states()[replicate]
    return Introspection({part: architecture(told[part]).model(state[part]) for part in told})


OF_DISTANCES = {
    "gaussian": lambda square: np.exp(-square / 4),
    "inverse-multiquadratic": lambda square: 4 / (4 + square),
}


def mean_kernel(name, one, other):
    return np.mean([OF_DISTANCES[name](((x - y) ** 2).sum()) for x in one for y in other])


@pytest.mark.parametrize("name", KERNELS)
def test_the_discrepancy_is_that_of_a_plain_loop(name):
    rng = np.random.default_rng(1)
    one, other = rng.normal(size=(2, 5, 2)), rng.normal(size=(2, 7, 2))
    found = mean_discrepancy(torch.tensor(one), torch.tensor(other), KERNELS[name])
    for place in range(2):
        x, y = one[place], other[place]
        wanted = mean_kernel(name, x, x) + mean_kernel(name, y, y) - 2 * mean_kernel(name, x, y)
        assert float(found[place]) == pytest.approx(wanted)


@pytest.mark.parametrize("name", KERNELS)
def test_the_discrepancy_of_points_from_themselves_is_nothing(name):
    points = torch.randn(1, 9, 2, generator=torch.Generator().manual_seed(0))
    found = mean_discrepancy(points, points, KERNELS[name])
    assert float(found) == pytest.approx(0, abs=1e-6)


def test_the_loss_is_the_error_per_unit_and_the_weighted_discrepancy():
    rng = torch.Generator().manual_seed(3)
    places, decoded, targets = torch.randn(1, 6, 2), torch.randn(1, 6, 4), torch.randn(1, 6, 4)
    found = InfoVAELoss(0.5, "gaussian", [rng]).losses((places, decoded), targets)
    drawn = torch.randn(1, 6, 2, generator=torch.Generator().manual_seed(3))
    drawn[0].normal_(generator=torch.Generator().manual_seed(3))
    wanted = ((decoded - targets) ** 2).sum(2) / 8 + 0.5 * mean_discrepancy(
        places, drawn, KERNELS["gaussian"]
    )
    torch.testing.assert_close(found, wanted)


def test_autoencoders_are_those_of_table_2():
    found = start_autoencoders(2400, [200, 200, 200], 2, [np.random.default_rng(0)])
    shapes = {name: tuple(each.shape) for name, each in found.states()[0].items()}
    weights = [shape for name, shape in shapes.items() if "weight" in name]
    forth = [(200, 2400), (200, 200), (200, 200), (2, 200)]
    assert weights == [*forth, *((inputs, outputs) for outputs, inputs in forth[::-1])]


def test_a_replicate_is_a_plain_network_of_elu_units():
    found = start_autoencoders(UNITS, [5, 4], 2, [np.random.default_rng(i) for i in range(2)])
    state = found.states()[1]
    layers = []
    for part in ("encoder", "decoder"):
        for number in (1, 2, 3):
            weight, bias = (state[f"{part}.{number}.{each}"] for each in ("weight", "bias"))
            layer = nn.Linear(*weight.shape[::-1])
            layer.load_state_dict({"weight": weight, "bias": bias})
            layers += [layer, nn.ELU()] if number < 3 else [layer]
    inputs = torch.randn(2, 9, UNITS)
    places, decoded = found(inputs)
    torch.testing.assert_close(places[1], nn.Sequential(*layers[:5])(inputs[1]))
    torch.testing.assert_close(decoded[1], nn.Sequential(*layers)(inputs[1]))


def test_hidden_vectors_are_got_back_from_a_plane_near_which_they_lie(fitted):
    hidden, _ = cloud()
    own = hidden[0].numpy()
    found = maps(fitted)
    places = found.places(own)
    assert found.reconstruction(own, places).mean() < 0.05 * own.var(axis=0).mean() / 2
    assert np.abs(places.mean(0)).max() < 0.3 and np.abs(places.std(0) - 1).max() < 0.4
    wanted = ((found.decoded(places) - own) ** 2).sum(1) / 2 / UNITS
    np.testing.assert_allclose(found.reconstruction(own, places), wanted, rtol=1e-4)


def test_the_estimator_tells_errors_that_hang_on_the_place(fitted):
    hidden, errors = cloud()
    for replicate in range(REPLICATES):
        found = maps(fitted, replicate)
        estimates = found.estimates(found.places(hidden[replicate].numpy()))
        assert np.corrcoef(estimates, errors[replicate])[0, 1] > 0.95


def test_the_stored_parts_are_those_that_were_trained(fitted):
    hidden, _ = cloud()
    places = encoded(fitted.autoencoders.encoder, hidden)
    for replicate in range(REPLICATES):
        own = maps(fitted, replicate).places(hidden[replicate].numpy())
        np.testing.assert_allclose(own, places[replicate].numpy(), atol=1e-5)


def test_fitting_again_gives_the_same_bytes(fitted):
    again = fit_introspection(*cloud(), FITTING, STREAMS)
    for one, other in zip(fitted.states(), again.states(), strict=True):
        for part in one:
            assert all(torch.equal(one[part][name], other[part][name]) for name in one[part])


def test_held_out_examples_are_others_than_those_that_train():
    inputs = torch.arange(20.0).reshape(2, 10, 1)
    shown, held_out = split(inputs, inputs, 0.3, STREAMS)
    assert shown.targets is shown.inputs and held_out.inputs.shape == (2, 3, 1)
    for replicate in range(2):
        both = torch.cat([shown.inputs[replicate], held_out.inputs[replicate]]).flatten()
        assert sorted(both.tolist()) == inputs[replicate].flatten().tolist()


# What is told of a set


def network(classes=3):
    stack = initialise(Feedforward(6, classes, [8, 4]), [np.random.default_rng(2)])
    return StackModel(stack, 6)


def shown(count=60, seed=4):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(count, 6)).astype(np.float32)
    told = {"shape": [6], "classes": 3}
    examples = Examples(np.arange(count) + 9, rng.integers(3, size=count), values, told)
    return Activations(network, examples)


def test_hidden_vectors_are_the_hidden_layers_side_by_side():
    activations = shown()
    found = hidden_vectors(activations, None)
    assert found.shape == (60, 12)
    np.testing.assert_array_equal(found[:, 8:], activations["hidden-2"])
    np.testing.assert_array_equal(
        hidden_vectors(activations, ["hidden-2"]), activations["hidden-2"]
    )


def test_errors_are_logarithms_that_a_floor_holds():
    activations = shown()
    wanted = np.eye(3)[activations.examples.labels]
    errors = ((activations.probabilities - wanted) ** 2).sum(1) / 2
    np.testing.assert_allclose(log_errors(activations, 1e-8), np.log10(errors), rtol=1e-6)
    assert log_errors(activations, 10.0).tolist() == [1.0] * 60


def few():
    """A fitted introspection of the network's twelve hidden units."""
    told = descriptions(12, [4])
    rng = np.random.default_rng(0)
    parts = {}
    for part, each in told.items():
        made = architecture(each)
        state = made.start([rng])[0].states()[0]
        parts[part] = made.model(state)
    return Introspection(parts)


def test_a_table_says_of_each_example_what_the_parts_say():
    activations, fitted = shown(), few()
    told = {"layers": None, "floor": 1e-8, "neighbours": 3}
    table = introspection(activations, fitted, **told)
    hidden = hidden_vectors(activations, None)
    places = fitted.places(hidden)
    np.testing.assert_array_equal(table[["z1", "z2"]].to_numpy(), places)
    np.testing.assert_array_equal(table["estimate"], fitted.estimates(places))
    np.testing.assert_allclose(table["norm"], np.linalg.norm(hidden, axis=1), rtol=1e-6)
    assert (table["right"] == (table["answer"] == table["label"])).all()
    assert table["example_id"].tolist() == activations.examples.ids.tolist()
    assert np.isfinite(table.drop(columns="right").to_numpy(float)).all()


def test_other_sets_are_seen_among_the_training_examples():
    training, other, fitted = shown(), shown(seed=5), few()
    told = {"layers": None, "floor": 1e-8, "neighbours": 3}
    own = introspection(training, fitted, **told)
    known = Known(own[["z1", "z2"]].to_numpy(), own["answer"].to_numpy())
    among = introspection(other, fitted, known=known, **told)
    alone = introspection(other, fitted, **told)
    assert not among["density"].equals(alone["density"])
    assert among["estimate"].equals(alone["estimate"])
    again = introspection(training, fitted, known=known, **told)
    assert (again["hit"] != own["hit"]).any(), "each is its own neighbour among others"


def test_the_plane_holds_all_places(fitted):
    hidden, _ = cloud()
    found = maps(fitted)
    places = found.places(hidden[0].numpy())
    plane = error_plane(found, places, 20)
    assert len(plane) == 400
    for unit, name in enumerate(("z1", "z2")):
        assert plane[name].min() < places[:, unit].min()
        assert plane[name].max() > places[:, unit].max()
    np.testing.assert_array_equal(
        plane["estimate"], found.estimates(plane[["z1", "z2"]].to_numpy())
    )


# Single examples, and trajectories


@pytest.mark.parametrize(("wrong", "count"), [(0, 6), (2, 6), (30, 6), (58, 6), (60, 7)])
def test_half_of_the_chosen_examples_are_wrong_where_there_are_as_many(wrong, count):
    right = np.arange(60) >= wrong
    rows = choose_examples(right, count, np.random.default_rng(1))
    assert len(set(rows)) == count and (np.diff(rows) > 0).all()
    few = max(count // 2, count - (60 - wrong))
    assert (~right[rows]).sum() == min(wrong, few)


def test_patterns_of_examples_are_their_hidden_values():
    activations = shown()
    told = {"layers": None, "floor": 1e-8, "neighbours": 3}
    table = introspection(activations, few(), **told)
    rows = np.array([3, 8])
    layers = activations.hidden
    found = example_patterns(hidden_vectors(activations, None), table, rows, layers)
    assert len(found) == 2 * 12
    for (layer, example, unit), value in found.set_index(["layer", "example_id", "unit"])[
        "value"
    ].items():
        assert value == activations[layer][example - 9, unit]
    assert found.drop_duplicates("example_id")["estimate"].tolist() == (
        table["estimate"].iloc[rows].tolist()
    )


def test_trajectories_have_a_row_per_epoch_and_example():
    places = {0: np.zeros((3, 2)), 5: np.ones((3, 2))}
    found = trajectories(places, np.array([4, 5, 6]), np.array([0, 1, 0]))
    assert found["epoch"].tolist() == [0, 0, 0, 5, 5, 5]
    assert found[["z1", "z2"]].to_numpy().tolist() == [[0, 0]] * 3 + [[1, 1]] * 3


def test_the_variance_ratio_is_that_of_the_analysis_of_variance():
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 4], 20)
    points = rng.normal(size=(60, 3)) + labels[:, None]
    frame = pd.DataFrame(points)
    within = frame.groupby(labels).transform(lambda column: column - column.mean())
    total = ((frame - frame.mean()) ** 2).to_numpy().sum()
    inside = (within**2).to_numpy().sum()
    assert variance_ratio(points, labels) == pytest.approx((total - inside) / inside)


def test_classes_that_part_have_more_hits_and_a_greater_ratio():
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], 30)
    noise = rng.normal(size=(60, 2))
    series = {epoch: noise + epoch * labels[:, None] for epoch in (0, 2, 8)}
    found = separations({"map": series}, labels, 6)
    for _, rows in found.groupby("measure"):
        assert rows.sort_values("epoch")["value"].is_monotonic_increasing
    assert found[found["measure"] == "hit"]["value"].between(0, 1).all()
    assert set(found["space"]) == {"map"}
