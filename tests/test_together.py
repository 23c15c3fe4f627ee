"""Network, autoencoder and estimator in one loop; introspections that are fitted in other ways."""

from argparse import Namespace
from dataclasses import replace

import numpy as np
import pytest
import torch
from perceptrons import CPU, some_digits, trained, write_sets
from scipy import stats

from analyses import introspection_variants
from glassbox.analyses.introspection import Fitting, fit_introspection
from glassbox.analyses.introspection_variants import (
    Learning,
    Seen,
    Shown,
    fit_apart,
    fit_together,
    measures,
    seen_together,
)
from glassbox.analyses.map_quality import kept_neighbours
from glassbox.analyses.outputs import half_squared_error, log_error
from glassbox.analyses.scores import auroc_by
from glassbox.models.autoencoder import InfoVAELoss, mean_discrepancy, start_autoencoders, widened
from glassbox.models.build import architecture, describe
from glassbox.models.losses import LOSSES
from glassbox.models.recipe import Recipe
from glassbox.models.stack import Feedforward, initialise
from glassbox.models.together import Together, TogetherLoss, Watched
from glassbox.models.training import Data, Draws, train
from glassbox.seeds import generator, stream_seed
from glassbox.tables import read_table

torch.set_num_threads(1)
REPLICATES, INPUTS, CLASSES, FLOOR = 2, 6, 3, 1e-6
LOSS = LOSSES["squared-error"]
STREAMS = [(5, "models", "net", each) for each in range(REPLICATES)]
OWN = [(5, "introspection", "net", each) for each in range(REPLICATES)]
CYCLES = {"batch_size": 16, "learning_rate": 3e-3, "cycle": 6, "max_cycles": 2, "patience": 5}
FITTING = Fitting.in_cycles(hidden=[7], held_out=0.2, autoencoder=CYCLES, estimator=CYCLES)
RECIPE = Recipe(16, 3e-3, "cycles", cycle=6, max_cycles=3, patience=5, schedule="triangular")
RECIPE = replace(RECIPE, optimizer="adam")
BUILD = {"kind": "mlp", "hidden": [8, 5], "activation": "elu", "keep": 0.8, "output": "sigmoid"}
NETWORK = architecture(describe(BUILD, [INPUTS], CLASSES))


def some(count, seed):
    rng = np.random.default_rng(seed)
    labels = torch.from_numpy(rng.integers(CLASSES, size=(REPLICATES, count)))
    noise = torch.from_numpy(rng.normal(size=(REPLICATES, count, INPUTS)).astype(np.float32))
    return Data(noise + labels[..., None], labels)


TRAINING, VALIDATION = some(50, 0), some(20, 1)


def together(recipe=RECIPE, layers=None):
    learning = Learning(NETWORK, recipe, LOSS, STREAMS)
    return fit_together(learning, TRAINING, VALIDATION, FITTING, FLOOR, layers, OWN)


def alone(recipe=RECIPE):
    """The networks as `training` has them, which knows of nothing beside them."""
    (started,) = NETWORK.start([generator(*each, "start") for each in STREAMS])
    drawn = (
        [torch.Generator().manual_seed(stream_seed(*each, what)) for each in STREAMS]
        for what in ("order", "noise", "draws")
    )
    return train(started, TRAINING, VALIDATION, recipe, Draws(*drawn), LOSS)


def weights(model):
    return [each.detach().clone() for each in model.parameters()]


def same(one, other):
    return all(torch.equal(*pair) for pair in zip(weights(one), weights(other), strict=True))


def test_the_network_is_the_one_that_it_is_alone():
    found, wanted = together(), alone()
    assert same(found.network, wanted.model)
    (started,) = NETWORK.start([generator(*each, "start") for each in STREAMS])
    assert not same(found.network, started)


def test_until_a_checkpoint_it_is_the_one_that_was_kept_there():
    longer = alone(replace(RECIPE, checkpoints=[2]))
    found = together(replace(RECIPE, max_cycles=2, checkpoints=[2]))
    assert same(found.network, longer.checkpoints[2][0])


def three(layers=None):
    """Networks that drop nothing, with what is beside them, at their start."""
    rngs = [np.random.default_rng(each) for each in range(REPLICATES)]
    network = Feedforward(INPUTS, CLASSES, [8, 5], activation="elu", output="sigmoid")
    network = Watched.of(initialise(network, rngs))
    units = network.watch(TRAINING.inputs, layers)[1].shape[2]
    beside = start_autoencoders(units, [7], 2, rngs), initialise(Feedforward(2, 1, [7]), rngs)
    return Together(network, *beside, layers)


def gradients(model, loss):
    for each in model.parameters():
        each.grad = None
    loss.backward(torch.full_like(loss, 1 / loss.shape[1]))
    return {name: each.grad for name, each in model.named_parameters()}


def prior():
    return [torch.Generator().manual_seed(each) for each in range(REPLICATES)]


def test_each_part_has_the_gradients_of_its_own_loss_alone():
    model = three()
    of_autoencoder = InfoVAELoss(10, "gaussian", prior())
    loss = TogetherLoss(LOSS, "sigmoid", of_autoencoder, FLOOR)
    found = gradients(model, loss.losses(model(TRAINING.inputs), TRAINING.targets))
    seen = model(TRAINING.inputs)
    wanted = gradients(model, LOSS.losses(seen.logits, TRAINING.targets))
    hidden = model.network.watch(TRAINING.inputs, None)[1].detach()
    rebuilt = InfoVAELoss(10, "gaussian", prior()).losses(model.autoencoders(hidden), hidden)
    wanted = {**wanted, **{k: v for k, v in gradients(model, rebuilt).items() if v is not None}}
    outputs = seen.logits.detach().sigmoid().numpy()
    errors = [
        log_error(half_squared_error(*each), FLOOR)
        for each in zip(outputs, TRAINING.targets.numpy(), strict=True)
    ]
    told = model.estimators(model.autoencoders.encoder(hidden).detach())[..., 0]
    wrong = (told - torch.from_numpy(np.stack(errors)).float()).square() / 2
    wanted |= {k: v for k, v in gradients(model, wrong).items() if v is not None}
    assert found.keys() == wanted.keys() and all(each is not None for each in wanted.values())
    for name, each in found.items():
        torch.testing.assert_close(each, wanted[name], msg=name)


def test_the_value_of_the_loss_is_the_networks():
    model = three()
    loss = TogetherLoss(LOSS, "sigmoid", InfoVAELoss(10, "gaussian", prior()), FLOOR)
    seen = model(TRAINING.inputs)
    found = loss.losses(seen, TRAINING.targets)
    torch.testing.assert_close(found, LOSS.losses(seen.logits, TRAINING.targets), rtol=0, atol=0)
    assert torch.equal(
        loss.right(seen, TRAINING.targets), LOSS.right(seen.logits, TRAINING.targets)
    )


def test_the_layers_that_are_named_are_encoded():
    model = three(["hidden-2"])
    logits, hidden = model.network.watch(TRAINING.inputs, model.names)
    assert hidden.shape[2] == 5 and three().network.watch(TRAINING.inputs, None)[1].shape[2] == 13
    wanted = model.network.activations(TRAINING.inputs)
    torch.testing.assert_close(hidden, wanted[1])
    torch.testing.assert_close(logits.sigmoid(), wanted[2])


def test_copies_are_of_all_three_parts():
    model, others = three(), three()
    with torch.no_grad():
        for each in others.parameters():
            each += 1
    model.take(others, torch.tensor([False, True]))
    assert same(model.pick([1]), others.pick([1])) and same(model.pick([0]), three().pick([0]))
    first, second = model.states()
    assert first.keys() == second.keys()
    assert {name.split(".")[0] for name in first} == {"network", "autoencoder", "estimator"}


def test_what_networks_make_of_a_set_is_what_they_answer():
    model = together()
    found = seen_together(model, VALIDATION)
    *hidden, outputs = model.network.eval().activations(VALIDATION.inputs)
    np.testing.assert_allclose(found.hidden, torch.cat(hidden, 2).detach(), rtol=1e-6)
    wanted = outputs.argmax(2) != VALIDATION.targets
    np.testing.assert_array_equal(found.wrong, wanted)


# Fitted one after another


def seen(count=60, seed=3):
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(REPLICATES, count, 9)).astype(np.float32)
    labels = rng.integers(CLASSES, size=(REPLICATES, count))
    return Seen.told(hidden, rng.random((REPLICATES, count, CLASSES)), labels)


def test_variants_are_introspections_with_other_settings():
    training = seen()
    wide = replace(FITTING, width=3.0)
    given = {"usual": (FITTING, FLOOR), "floored": (FITTING, 0.1), "wide": (wide, FLOOR)}
    found = dict(fit_apart(training, given, OWN, CPU))
    assert list(found) == list(given)
    assert found["usual"].autoencoders is found["floored"].autoencoders
    assert not same(found["usual"].estimators, found["floored"].estimators)
    assert not same(found["usual"].autoencoders, found["wide"].autoencoders)
    hidden = torch.from_numpy(training.hidden)
    errors = torch.from_numpy(np.log10(np.maximum(training.errors, FLOOR))).float()
    wanted = fit_introspection(hidden, errors, FITTING, OWN)
    assert same(found["usual"].autoencoders, wanted.autoencoders)
    assert same(found["usual"].estimators, wanted.estimators)


@pytest.mark.parametrize("name", ["gaussian", "inverse-multiquadratic"])
def test_a_wider_kernel_sees_points_as_if_they_were_nearer(name):
    rng = torch.Generator().manual_seed(0)
    one, other = (torch.randn(1, 9, 2, generator=rng) for _ in range(2))
    found = mean_discrepancy(one, other, widened(name, 4.0))
    wanted = mean_discrepancy(one / 4, other / 4, widened(name, 1.0))
    torch.testing.assert_close(found, wanted)


def test_measures_are_those_of_the_places_and_estimates():
    training, others = seen(), seen(40, 4)
    rng = np.random.default_rng(0)
    places, known = (rng.normal(size=(REPLICATES, n, 2)) for n in (40, 60))
    estimates = rng.normal(size=(REPLICATES, 40))
    rows = np.arange(0, 40, 2)
    found = measures(Shown(known, places, estimates), training, others, rows, 1)
    assert found["auroc"] == auroc_by(estimates[1], others.wrong[1])
    kept = kept_neighbours(others.hidden[1][rows], places[1][rows])
    assert found["trustworthiness"] == kept
    assert found["deviation"] == pytest.approx(np.abs(places[1].std(axis=0) - 1).max())
    ranked = stats.spearmanr(estimates[1], others.errors[1]).statistic
    assert found["rank correlation"] == pytest.approx(ranked)
    near = np.linalg.norm(places[1][:, None] - known[1], axis=2).argsort(axis=1)[:, :6]
    hit = (training.labels[1][near] == others.labels[1][:, None]).mean()
    assert found["hit"] == pytest.approx(hit)


# The program


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("variants")


NUMBERS = [0, 1]
NOTHING = dict.fromkeys(("weight", "kernel", "width", "floor", "replicates"))
VARIANTS = {
    "together": {**NOTHING, "together": True},
    "usual": {**NOTHING, "together": False},
    "weight-1": {**NOTHING, "weight": 1.0, "together": False, "replicates": 1},
}


def test_a_program_measures_every_variant_of_every_replicate(folder):
    sets = {"train": some_digits(slice(0, 100)), "test": some_digits(slice(100, 160))}
    paths = write_sets(folder, sets)
    paths |= trained(folder, paths["train"], paths["test"], NUMBERS, epochs=4)
    recipe = {"batch_size": 20, "learning_rate": 0.1, "momentum": 0.5, "stop": "epochs"}
    recipe |= {"max_epochs": 4}
    config = {"seed": 1, "stream": ["introspection", "mlp"], "layers": None, "points": 50}
    config |= {"hidden": [6], "autoencoder": CYCLES, "estimator": CYCLES, "held_out": 0.2}
    config |= {"weight": 10.0, "kernel": "gaussian", "width": 1.0, "floor": FLOOR}
    config |= {"variants": VARIANTS}
    learning = {"recipe": recipe, "stream": [1, "models", "mlp"], "limit": "max_epochs"}
    about = {"method": "mlp", "set": "digits/test", "replicates": NUMBERS, "checkpoint": None}
    files = {"model": paths["model"], "weights": paths["weights"], "activations": folder / "none"}
    files |= {"training": [paths["train"]], "training_activations": folder / "none"}
    files |= {"examples": [paths["test"]], "validation": [paths["test"]]}
    given = {**about, **files, "config": {**config, "learning": learning}}
    given |= {"table": folder / "table.parquet", "device": lambda: CPU}
    introspection_variants.main(Namespace(unfinished=None, **given))
    table = read_table(folder / "table.parquet")
    assert list(table) == ["method", "replicate", "set", "variant", "measure", "value"]
    made = table.groupby("variant")["replicate"].unique().map(list).to_dict()
    assert made == {"together": NUMBERS, "usual": NUMBERS, "weight-1": NUMBERS[:1]}
    counts = table.groupby(["replicate", "variant"])["measure"].nunique()
    assert (counts == 7).all() and len(table) == (2 + 2 + 1) * 7
    table = table[table["replicate"] == 0]
    values = table.pivot_table(index="measure", columns="variant", values="value", dropna=False)
    for one, other in (("together", "usual"), ("usual", "weight-1")):
        assert not np.allclose(values[one], values[other], equal_nan=True)
