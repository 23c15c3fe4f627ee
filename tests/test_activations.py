"""Activations against a loop, and the files that keep them."""

import hashlib
from itertools import pairwise

import numpy as np
import pytest
import torch

from glassbox.activations import layer_path, layer_paths, write_dump
from glassbox.digests import content_sha256
from glassbox.errors import GlassboxError
from glassbox.models.model import read_layers
from glassbox.models.stack import Dense, Stack, StackModel
from glassbox.tables import Examples, read_examples

WIDTHS = [6, 8, 7, 4]


def network():
    rng = np.random.default_rng(1)
    pairs = list(pairwise(WIDTHS))
    weights = [torch.from_numpy(rng.normal(size=(1, *pair)).astype(np.float32)) for pair in pairs]
    biases = [torch.from_numpy(rng.normal(size=(1, 1, n)).astype(np.float32)) for _, n in pairs]
    stack = Stack([Dense(*layer) for layer in zip(weights, biases, strict=True)])
    return StackModel(stack, WIDTHS[0])


def activations(model, inputs, rows=None):
    """a^(1) to a^(L)."""
    return list(read_layers(model, inputs, rows=rows).values())


def examples(count=20):
    rng = np.random.default_rng(2)
    values = rng.normal(size=(count, WIDTHS[0])).astype(np.float32)
    metadata = {"values": "signal", "shape": [6], "classes": 4, "first_class": 1, "unit": "volts"}
    return Examples(np.arange(count) * 3, rng.integers(4, size=count), values, metadata)


def test_activations_are_those_of_a_loop_over_examples_and_layers():
    model, inputs = network(), examples().values
    layers = activations(model, inputs)
    assert [layer.shape for layer in layers] == [(20, 8), (20, 7), (20, 4)]
    for row, values in enumerate(inputs):
        for layer, found in enumerate(layers):
            weight = model.stack.layers[layer].weight[0].detach().double().numpy()
            values = (
                values @ weight + model.stack.layers[layer].bias[0, 0].detach().double().numpy()
            )
            share = np.exp(values) / np.exp(values).sum()
            values = np.maximum(values, 0) if layer < 2 else share
            np.testing.assert_allclose(found[row], values, rtol=1e-4, atol=1e-6)


def test_the_output_layer_holds_probabilities():
    *hidden, output = activations(network(), examples().values * 50)
    np.testing.assert_allclose(output.sum(axis=1), 1, rtol=1e-5)
    assert (output >= 0).all()
    assert all((layer >= 0).all() and layer.max() > 1 for layer in hidden)


@pytest.mark.parametrize("rows", [1, 7, 20])
def test_activations_do_not_depend_on_the_block_of_rows(rows):
    inputs = examples().values
    whole, parts = (activations(network(), inputs, n) for n in (4096, rows))
    for one, two in zip(whole, parts, strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-4, atol=1e-6)


@pytest.fixture
def dump(tmp_path):
    shown = examples()
    layers = activations(network(), shown.values)
    digests = write_dump(tmp_path / "dump", shown, layers)
    return tmp_path / "dump", shown, layers, digests


def test_a_dump_has_one_file_per_layer(dump):
    folder, shown, layers, _ = dump
    names = ["layer-1.parquet", "layer-2.parquet", "layer-3.parquet"]
    assert sorted(path.name for path in folder.iterdir()) == names
    for number, layer in enumerate(layers, start=1):
        found = read_examples(layer_path(folder, number))
        np.testing.assert_array_equal(found.values, layer)
        np.testing.assert_array_equal(found.ids, shown.ids)
        np.testing.assert_array_equal(found.labels, shown.labels)
        assert found.metadata["layer"] == number
        assert found.metadata["shape"] == [layer.shape[1]]
        assert (found.classes, found.metadata["first_class"]) == (4, 1)


def test_digests_of_a_dump_are_those_of_its_files_and_of_what_is_read_from_them(dump):
    folder, _, _, digests = dump
    wanted = {}
    for path in layer_paths(folder):
        content = path.read_bytes()
        wanted[path.name] = {
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "content_sha256": content_sha256(read_examples(path).content()),
        }
    assert len(wanted) == 3
    assert digests == wanted


def test_layers_are_found_in_their_order_past_the_tenth(tmp_path):
    values = [np.full((2, 1), layer, np.float32) for layer in range(1, 13)]
    write_dump(tmp_path / "dump", examples(2), values)
    found = [read_examples(path).values[0, 0] for path in layer_paths(tmp_path / "dump")]
    assert found == list(range(1, 13))


def test_a_layer_that_is_not_finite_leaves_no_dump(tmp_path):
    broken = [np.zeros((2, 1), np.float32), np.full((2, 1), np.nan, np.float32)]
    with pytest.raises(GlassboxError, match="NaN"):
        write_dump(tmp_path / "dump", examples(2), broken)
    assert not list(tmp_path.iterdir())
