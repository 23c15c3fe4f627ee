"""Attacks that know an introspection: its signs as functions of inputs, and how they are evaded."""

from argparse import Namespace

import numpy as np
import pytest
import torch
from perceptrons import CPU, some_digits, trained, write_sets

from analyses import introspection as introspecting
from datasets import attack_paths, evading_paths
from glassbox.activations import Activations
from glassbox.analyses.evasion import evasion, log_density_of, signs_of
from glassbox.analyses.introspection import Introspection, Known, descriptions, introspection
from glassbox.analyses.plane import Density
from glassbox.datasets.attack_paths import Steps, targeted_path
from glassbox.models.build import architecture
from glassbox.models.parts import write_parts
from glassbox.models.stack import Feedforward, StackModel, initialise
from glassbox.tables import Examples, read_examples, read_metadata, read_table

torch.set_num_threads(1)
INPUTS, CLASSES, UNITS = 6, 3, 12
SIGNS = ("estimate", "reconstruction", "density")


def network():
    stack = initialise(Feedforward(INPUTS, CLASSES, [8, 4]), [np.random.default_rng(2)])
    return StackModel(stack, INPUTS)


def parts(units=UNITS, seed=0):
    rng, found = np.random.default_rng(seed), {}
    for part, each in descriptions(units, [5]).items():
        made = architecture(each)
        found[part] = made.model(made.start([rng])[0].states()[0])
    return found


def shown(count=40, seed=4):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(count, INPUTS)).astype(np.float32)
    told = {"shape": [INPUTS], "classes": CLASSES}
    examples = Examples(np.arange(count), rng.integers(CLASSES, size=count), values, told)
    return Activations(network, examples)


TOLD = {"layers": None, "floor": 1e-8, "neighbours": 3}


def tables():
    """What an introspection tells of training examples and of others."""
    fitted = Introspection(parts())
    known = introspection(shown(), fitted, **TOLD)
    places = known[["z1", "z2"]].to_numpy()
    among = Known(places, known["answer"].to_numpy())
    return known, introspection(shown(seed=5), fitted, known=among, **TOLD)


def signs():
    return signs_of(network(), parts(), None, tables()[0][["z1", "z2"]].to_numpy())


def test_signs_are_those_that_an_introspection_tells():
    _, others = tables()
    found = signs()(torch.from_numpy(shown(seed=5).examples.values))
    assert tuple(found) == SIGNS
    for name, sign in zip(SIGNS, (1, 1, -1), strict=True):
        np.testing.assert_allclose(found[name], sign * others[name], rtol=1e-3, atol=1e-4)


def test_layers_that_are_not_encoded_do_not_count():
    inputs = torch.from_numpy(shown().examples.values)
    own = parts(4)
    found = signs_of(network(), own, ["hidden-2"], np.eye(2))(inputs)
    hidden = network().read(inputs, ["hidden-2"])["hidden-2"]
    wanted = Introspection(own).estimates(Introspection(own).places(hidden.numpy()))
    np.testing.assert_allclose(found["estimate"], wanted, rtol=1e-5)


def test_densities_have_the_gradient_of_their_logarithm():
    points = np.random.default_rng(0).normal(size=(30, 2))
    density = Density.of(points)
    log_at = log_density_of(density, CPU)
    places = torch.tensor([[0.1, 0.2], [1.5, -2.0], [9.0, 9.0]], requires_grad=True)
    found = log_at(places)
    np.testing.assert_allclose(found.detach(), density.log_at(places.detach().numpy()), rtol=1e-4)
    (slope,) = torch.autograd.grad(found.sum(), places)
    for axis in range(2):
        step = 1e-3 * np.eye(2)[axis]
        there = places.detach().numpy()
        wanted = (density.log_at(there + step) - density.log_at(there - step)) / 2e-3
        np.testing.assert_allclose(slope[:, axis], wanted, rtol=5e-3)


def test_only_what_is_beyond_the_mean_is_evaded_in_deviations():
    usual = {"estimate": np.array([-3.0, -1.0]), "density": np.array([2.0, 6.0])}
    values = {"estimate": torch.tensor([-5.0, -2.0, 1.0]), "density": torch.tensor([8.0, 4, 5])}
    loss = evasion(lambda inputs: values, usual, {"estimate": 0.5, "density": 10.0})
    np.testing.assert_allclose(loss(torch.zeros(3, 1)), [20, 0, 0.5 * 3 + 10 * 0.5])
    alone = evasion(lambda inputs: values, usual, {"estimate": 2.0})
    np.testing.assert_allclose(alone(torch.zeros(3, 1)), [0, 0, 6])


def test_an_attack_that_knows_the_signs_ends_less_beyond_what_is_usual():
    known, _ = tables()
    usual = {name: known[name].to_numpy() for name in SIGNS}
    usual["density"] = -usual["density"]
    loss = evasion(signs(), usual, dict.fromkeys(SIGNS, 0.1))
    start = torch.from_numpy(shown(seed=6).examples.values)
    targets = torch.arange(len(start)) % CLASSES
    steps = Steps(30, 0.05, 30, bounds=None)
    _, plain = targeted_path(network().outputs, start, targets, steps)
    _, knowing = targeted_path(network().outputs, start, targets, steps, extra=loss)
    assert loss(knowing).mean() < min(loss(start).mean(), loss(plain).mean() / 2)
    goal = [network().outputs(each)[torch.arange(len(start)), targets] for each in (start, knowing)]
    assert goal[1].mean() > goal[0].mean() + 0.05


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    """The files of a perceptron, its introspection, and what this tells of training digits."""
    folder = tmp_path_factory.mktemp("evading")
    sets = {"train": some_digits(slice(0, 100)), "test": some_digits(slice(100, 130))}
    found = write_sets(folder, sets)
    found |= trained(folder, found["train"], found["test"], [0, 1], epochs=12)
    found |= {name: folder / f"fitted-{name}" for name in ("fitted_model", "fitted_weights")}
    states = {
        each: {part: made.stack.states()[0] for part, made in parts(20, each).items()}
        for each in (0, 1)
    }
    files = found["fitted_model"], found["fitted_weights"], folder / "digest.json"
    write_parts(*files, descriptions(20, [5]), states)
    known = {"table": folder / "known.parquet", "plane": folder / "plane.parquet"}
    given = {"method": "mlp", "set": "digits/train", "replicates": [0, 1], "checkpoint": None}
    given |= {"examples": [found["train"]], "activations": folder / "none", "known": []}
    given |= {"config": {**TOLD, "grid": 4}, "device": lambda: CPU, **found, **known}
    introspecting.main(Namespace(**given))
    return {**found, "known": known["table"], "folder": folder}


def files(examples, replicates):
    """The options of a program that say where a set of each of some replicates goes."""
    digests = [path.with_suffix(".json") for path in examples]
    return {"examples": examples, "digests": digests, "replicates": replicates}


def test_a_program_makes_paths_that_evade_what_is_weighted(attacked):
    folder = attacked["folder"]
    walk = {"images": 5, "examples": None, "steps": 20, "step": 0.02, "every": 10}
    walk |= {"bounds": [0, 1]}
    about = {"of": [attacked["test"]], "checkpoint": None, "device": lambda: CPU}
    about |= {"model": attacked["model"], "weights": attacked["weights"]}
    drawn = {"walk": "fgsm", "seed": 1, "stream": ["datasets"]}
    plain = folder / "plain.parquet"
    attack_paths.main(Namespace(**about, **files([plain], [1]), config={**walk, **drawn}))
    ends = {}
    for weight in (1e-9, 1.0):
        evades = dict.fromkeys(SIGNS, weight)
        given = {**about, "config": {**walk, "layers": None, "evades": evades}}
        given |= {name: attacked[name] for name in ("fitted_model", "fitted_weights")}
        given |= {"known": [attacked["known"]]}
        evading = folder / f"evading-{weight}.parquet"
        evading_paths.main(Namespace(**given, **files([evading], [1])))
        ends[weight] = read_examples(evading)
        assert read_metadata(evading)["evades"] == evades
    block = [folder / f"block-{each}.parquet" for each in (0, 1)]
    evading_paths.main(Namespace(**given, **files(block, [0, 1])))
    assert block[1].read_bytes() == evading.read_bytes() != block[0].read_bytes()
    without = read_examples(plain)
    assert without.origin.keys() == ends[1.0].origin.keys()
    for name, column in without.origin.items():
        np.testing.assert_array_equal(ends[1.0].origin[name], column)
    assert (ends[1e-9].values == without.values).mean() > 0.99, "which is no weight at all"
    assert (ends[1.0].values != without.values).mean() > 0.05
    told = read_table(attacked["known"])
    assert set(told["replicate"]) == {0, 1}
