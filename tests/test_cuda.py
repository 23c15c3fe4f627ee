"""On a GPU all comes out as on the CPU: to the bit where that is exact, else up to rounding."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import torch
from test_attacks import normalised_images
from test_libraries import assert_one_at_a_time, clustered, leaning
from test_models import EVERY, examples, network, orders
from torch.nn.functional import normalize

from glassbox.activations import Activations
from glassbox.analyses import libraries, nearest
from glassbox.analyses.baselines import (
    Mahalanobis,
    MaximumSoftmax,
    NearestPatterns,
    PrincipalComponents,
)
from glassbox.analyses.covariance import correlations
from glassbox.analyses.deviations import layer_deviations
from glassbox.analyses.gradient_ascents import ascent_table, climb, random_starts, signal_table
from glassbox.analyses.learned_filters import network_filters
from glassbox.analyses.libraries import build_libraries
from glassbox.analyses.links import all_node_predictions, hebbian_links
from glassbox.analyses.nearest import most_active, nearest_patterns
from glassbox.analyses.probes import Probe
from glassbox.analyses.redundancy import redundancy
from glassbox.analyses.span import in_their_span
from glassbox.datasets.attacks import Attack, in_space, projected_gradient
from glassbox.devices import choose_device
from glassbox.models.build import architecture, describe
from glassbox.models.model import Model, answers, read_layers
from glassbox.models.moore_penrose import start_output
from glassbox.models.recipe import Recipe
from glassbox.models.stack import Stack, StackModel
from glassbox.models.training import Data, Draws, Trained, train
from glassbox.tables import Examples

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")

CPU = torch.device("cpu")
ROUNDING = {"rtol": 1e-3, "atol": 1e-5}  # of float32 after some steps
LENET = {"kind": "lenet", "kernel": 3, "padding": 1}


@pytest.fixture(scope="module", autouse=True)
def gpu() -> torch.device:
    """The GPU, with the settings that programs run with."""
    return choose_device("cuda", 1)


def test_what_runs_is_reproducible_and_keeps_all_bits_of_float32(gpu):
    assert torch.get_deterministic_debug_mode() == 2
    assert not torch.backends.cuda.matmul.allow_tf32
    inputs = torch.rand(8, 16, 12, 12, generator=torch.Generator().manual_seed(0))
    layer = torch.nn.Conv2d(16, 16, 3)
    wanted = layer.double()(inputs.double())
    found = layer.float().to(gpu)(inputs.to(gpu)).cpu()
    assert (found - wanted).abs().max() < 1e-5


# Networks


def on(device: torch.device, data: Data) -> Data:
    return Data(data.inputs.to(device), data.targets.to(device))


def trained(kind: dict, device: torch.device, recipe: Recipe) -> Trained:
    training, held_out = (on(device, examples(range(3), 80, seed=seed)) for seed in (0, 1))
    stack = network(range(3), kind).to(device)
    return train(stack, training, held_out, recipe, Draws(orders(range(3))))


@EVERY
@pytest.mark.parametrize("stop", ["epochs", "validation-loss", "train-accuracy"])
def test_networks_learn_the_same(kind, stop, gpu):
    recipe = Recipe(10, 0.05, stop, 12, patience=3, momentum=0.5, checkpoints=(0, 2))
    ours, again, wanted = (trained(kind, device, recipe) for device in (gpu, gpu, CPU))
    pd.testing.assert_frame_equal(ours.history, again.history)
    pd.testing.assert_frame_equal(ours.history, wanted.history, rtol=1e-3)
    for found, same, other in zip(
        *(each.model.parameters() for each in (ours, again, wanted)), strict=True
    ):
        assert torch.equal(found, same)
        torch.testing.assert_close(found.cpu(), other, **ROUNDING)
    assert ours.checkpoints[2][1] == wanted.checkpoints[2][1]


def trained_lenet(device: torch.device) -> Model:
    """A LeNet after a few steps of training."""
    kind = architecture(describe(LENET, [8, 8], 10))
    model = kind.start([np.random.default_rng(0)])[0].to(device)
    inputs = kind.inputs(torch.from_numpy(normalised_images(40).reshape(40, 64))).to(device)
    shown = Data(inputs[None], torch.arange(40, device=device)[None] % 10)
    recipe = Recipe(8, 0.05, "epochs", 3, momentum=0.5)
    kept = train(model, shown, shown, recipe, Draws([torch.Generator().manual_seed(0)])).model
    return kind.model(kept.states()[0]).to(device)


def test_an_image_network_learns_the_same_and_its_layers_too(gpu):
    values = normalised_images(30).reshape(30, 64)
    ours, again, wanted = (trained_lenet(device) for device in (gpu, gpu, CPU))
    found, same, expected = (read_layers(each, values) for each in (ours, again, wanted))
    for name, layer in expected.items():
        assert np.array_equal(found[name], same[name])
        np.testing.assert_allclose(found[name], layer, **ROUNDING)
    assert np.array_equal(answers(ours, values), answers(wanted, values))


@pytest.mark.parametrize("space", ["pixels", "normalised"])
def test_attacks_take_the_same_steps(space, gpu):
    values = np.clip(normalised_images(20), 0, 1).reshape(20, 64)
    found = []
    for device in (gpu, gpu, CPU):
        inputs, logits, back = in_space(space, trained_lenet(device), values)
        labels = np.arange(20) % 10
        found.append(back(projected_gradient(logits, inputs, labels, Attack(0.2, 7), 0, device)))
    assert np.array_equal(found[0], found[1])
    near = np.isclose(found[0], found[2], atol=1e-4)
    assert near.mean() > 0.98  # where a gradient is all but 0, rounding may take its sign


def test_an_output_layer_starts_the_same(gpu):
    data, found = examples(range(3), 80), []
    for device in (gpu, CPU):
        stack = network(range(3)).to(device)
        start_output(stack, data.inputs.to(device), data.targets.to(device))
        found.append([each.cpu() for each in stack.layers[-1].stored()])
    torch.testing.assert_close(*found, rtol=1e-3, atol=1e-4)


# Analyses of networks


def labelled(count: int = 60) -> Examples:
    data = examples([0], count)
    labels = data.targets[0].numpy()
    return Examples(np.arange(count), labels, data.inputs[0].numpy(), {"classes": 4, "shape": [6]})


def on_both(
    gpu: torch.device, measure: Callable[[Stack], pd.DataFrame]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    return tuple(measure(network([0]).to(device)) for device in (gpu, CPU))


def as_model(stack: Stack) -> StackModel:
    return StackModel(stack, 6).to(stack.layers[0].weight.device)


def test_ascents_climb_the_same(gpu):
    starts = random_starts([np.random.default_rng(0)], 4, 6, 0.05)

    def climbed(stack: Stack) -> pd.DataFrame:
        at = stack.layers[0].weight.device
        ascent = climb(stack, starts.to(at), rate=0.1, level=0.9, limit=300)
        return ascent_table(ascent, 2).assign(drawn=signal_table(stack, ascent)["value"].sum())

    found, wanted = on_both(gpu, climbed)
    assert wanted["steps"].max() > 5
    near = ["clarity", "probability", "distance", "drawn"]
    pd.testing.assert_frame_equal(found[near], wanted[near], rtol=1e-2)
    assert (found["steps"] - wanted["steps"]).abs().max() <= 1


def test_filters_of_a_network_are_the_same(gpu):
    def filters(stack: Stack) -> pd.DataFrame:
        return pd.DataFrame(network_filters(as_model(stack), labelled())["centred"])

    pd.testing.assert_frame_equal(*on_both(gpu, filters), rtol=1e-3)


def test_units_tell_the_same(gpu):
    def told(stack: Stack) -> pd.DataFrame:
        return redundancy(Activations(lambda: as_model(stack), labelled())).reset_index(drop=True)

    pd.testing.assert_frame_equal(*on_both(gpu, told), atol=0.02)


# Analyses of patterns


@pytest.fixture(params=[False, True], ids=["products", "bounds"])
def wide(request, monkeypatch) -> np.ndarray:
    """Patterns of 1,100 units near a plane, among them duplicates and zero vectors."""
    rng = np.random.default_rng(0)
    flat = clustered(9000, 12, 500, 0.4) @ rng.standard_normal((12, 1100))
    patterns = flat + 4 * rng.standard_normal(1100) + 0.05 * rng.standard_normal((9000, 1100))
    patterns = patterns.astype(np.float32)
    patterns[700:710], patterns[900] = patterns[100:110], 0
    monkeypatch.setattr(libraries, "MANY", dict.fromkeys(libraries.MANY, 256))
    if not request.param:
        monkeypatch.setattr(libraries, "MANY", dict.fromkeys(libraries.MANY, len(patterns)))
        monkeypatch.setattr(nearest, "sketches_are_worth", lambda *_: False)
    return patterns


def test_libraries_are_the_same_to_the_bit(wide, gpu):
    thresholds = [0.6, 0.8, 0.9, 0.97]
    found, wanted = (build_libraries(wide, thresholds, device) for device in (gpu, CPU))
    assert np.array_equal(found.rows, wanted.rows)
    assert np.array_equal(found.member, wanted.member)
    assert 256 < len(found.rows) < 8000


@pytest.mark.parametrize(
    "patterns", [leaning(500), clustered(90, 20, 4, 1.0)], ids=["ties", "clusters"]
)
def test_libraries_are_those_of_one_at_a_time(patterns, gpu):
    assert_one_at_a_time(build_libraries(patterns, [0.5, 0.7, 0.9], gpu), patterns)


def test_the_most_active_are_the_same(wide, gpu):
    built = build_libraries(wide[:8000], [0.8, 0.9], CPU)
    given = wide[8000:], wide, built.rows, built.member, 3
    ours, theirs = (most_active(*given, device) for device in (gpu, CPU))
    near, as_near = (nearest_patterns(wide[:6000], wide, 3, device) for device in (gpu, CPU))
    for shown, rows, found, wanted in (
        (wide[8000:], built.rows, ours, theirs),
        (wide[:6000], np.arange(len(wide)), near, as_near),
    ):
        np.testing.assert_allclose(found.cosines, wanted.cosines, atol=1e-5)
        nodes = wide[rows[found.nodes]].astype(np.float64)  # equal cosines come in any order
        dots = np.einsum("tnkd,nd->tnk", nodes, shown.astype(np.float64))
        norms = np.linalg.norm(nodes, axis=3) * np.linalg.norm(shown, axis=1)[:, None]
        exact = np.divide(dots, norms, out=np.zeros_like(dots), where=norms > 0)
        np.testing.assert_allclose(exact, wanted.cosines, atol=1e-5)


def test_links_and_what_they_predict_are_the_same(gpu):
    patterns, labels = clustered(600, 40, 6, 1.0), np.arange(600) % 5
    built = build_libraries(patterns, [0.5, 0.8], CPU)
    found, wanted = (
        hebbian_links(patterns, built.rows, labels, 5, device, (0.01, 0.1)) for device in (gpu, CPU)
    )
    np.testing.assert_allclose(found, wanted, rtol=1e-3)
    shown = patterns[:50] + 0.1
    given = shown, patterns, built.rows, built.member, wanted[0]
    told = (all_node_predictions(*given, device) for device in (gpu, CPU))
    np.testing.assert_allclose(*told, rtol=1e-3, atol=1e-4)


def test_coordinates_of_patterns_have_their_cosines(gpu):
    rng = np.random.default_rng(0)
    patterns = rng.standard_normal((20_000, 40)) @ rng.standard_normal((40, 3000))
    patterns = torch.from_numpy(patterns.astype(np.float32)).to(gpu)
    found = in_their_span(patterns, 20_000, gpu)
    assert found.shape == (20_000, 40) and found.is_cuda
    some = (normalize(each[:500].double(), dim=1) for each in (found, patterns))
    dots = [(each @ each.T).cpu().numpy() for each in some]
    np.testing.assert_allclose(*dots, atol=1e-6)


@pytest.mark.parametrize("ordered", [True, False])
def test_deviations_are_the_same(ordered, gpu):
    found, wanted = (layer_deviations(labelled(200), ordered, device) for device in (gpu, CPU))
    pd.testing.assert_frame_equal(found, wanted, rtol=1e-6)


@pytest.mark.parametrize(
    "detector", [MaximumSoftmax, NearestPatterns, Mahalanobis, PrincipalComponents, Probe]
)
def test_what_is_odd_is_the_same(detector, gpu):
    patterns, labels = clustered(400, 12, 4, 0.8), np.arange(400) % 4
    found, wanted = (
        detector.fit(patterns[:300], labels[:300], device).oddness(patterns[300:])
        for device in (gpu, CPU)
    )
    np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-4)


def test_correlations_are_the_same(gpu):
    patterns, labels = clustered(5000, 30, 4, 0.8), np.arange(5000) % 4
    for classes in (None, labels):
        found, wanted = (correlations(patterns, classes, device) for device in (gpu, CPU))
        np.testing.assert_allclose(found, wanted, atol=1e-5)
