"""Activations against a loop, and the files that keep them."""

import hashlib
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import torch

from glassbox.activations import Activations, layer_path, write_dump
from glassbox.analyses.layers import by_layer
from glassbox.digests import content_sha256
from glassbox.errors import GlassboxError
from glassbox.models.model import read_layers
from glassbox.models.stack import Dense, Stack, StackModel
from glassbox.tables import Examples, read_examples, read_metadata

WIDTHS = [6, 8, 7, 4]


def network(output="softmax"):
    rng = np.random.default_rng(1)
    pairs = list(pairwise(WIDTHS))
    weights = [torch.from_numpy(rng.normal(size=(1, *pair)).astype(np.float32)) for pair in pairs]
    biases = [torch.from_numpy(rng.normal(size=(1, 1, n)).astype(np.float32)) for _, n in pairs]
    layers = [Dense(*layer) for layer in zip(weights, biases, strict=True)]
    stack = Stack(layers, output=output)
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
    digests = write_dump(tmp_path / "dump", Activations(network, shown), widest=7)
    return tmp_path / "dump", shown, digests


def test_a_dump_has_one_file_per_layer_that_is_not_too_wide(dump):
    folder, shown, _ = dump
    assert sorted(path.name for path in folder.iterdir()) == ["hidden-2.parquet", "output.parquet"]
    _, second, last = activations(network(), shown.values)
    wanted = {"hidden-2": (second, 2), "output": (last, 3)}
    for name, (values, depth) in wanted.items():
        found = read_examples(layer_path(folder, name))
        np.testing.assert_array_equal(found.values, values)
        np.testing.assert_array_equal(found.ids, shown.ids)
        np.testing.assert_array_equal(found.labels, shown.labels)
        told = {key: found.metadata[key] for key in ("layer", "depth", "site", "shape")}
        assert told == {"layer": name, "depth": depth, "site": "after", "shape": [values.shape[1]]}
        assert (found.classes, found.metadata["first_class"]) == (4, 1)


def test_digests_of_a_dump_are_those_of_its_files_and_of_what_is_read_from_them(dump):
    folder, _, digests = dump
    wanted = {}
    for path in folder.iterdir():
        content = path.read_bytes()
        wanted[path.name] = {
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "content_sha256": content_sha256(read_examples(path).content()),
        }
    assert len(wanted) == 2
    assert digests == wanted


class Counted(StackModel):
    """A model that counts the examples that go through it."""

    seen = 0

    def read(self, values, names):
        self.seen += len(values)
        return super().read(values, names)


def counted():
    return Counted(network().stack, WIDTHS[0])


def test_an_analysis_cannot_tell_whether_a_layer_is_from_a_dump_or_from_the_network(dump):
    folder, shown, _ = dump
    kept, live = Activations(counted, shown, folder), Activations(counted, shown)
    assert [layer.name for layer in kept.layers] == ["input", "hidden-1", "hidden-2", "output"]
    assert [layer.depth for layer in kept.layers] == [0, 1, 2, 3]
    for layer in kept.layers:
        np.testing.assert_array_equal(kept[layer.name], live[layer.name])
    np.testing.assert_array_equal(kept.answers, live.answers)
    np.testing.assert_array_equal(kept["input"], shown.values)
    assert (kept.model.seen, live.model.seen) == (20, 20), "one pass, whatever is asked for"


def test_what_a_dump_holds_is_read_without_the_network(dump):
    folder, shown, _ = dump
    kept = Activations(counted, shown, folder)
    assert kept.answers.shape == (20,)
    assert kept["hidden-2"].shape == (20, 7)
    assert kept.model.seen == 0


def test_a_dump_tells_which_layers_there_are_and_no_network_is_made(dump):
    folder, shown, _ = dump

    def made():
        raise AssertionError("a network is made")

    kept, live = Activations(made, shown, folder), Activations(network, shown)
    assert kept.layers == live.layers
    assert kept.named(["hidden-2"])[0].units == 7
    assert kept.probabilities.shape == (20, 4)


def test_without_any_file_a_dump_tells_no_layers(tmp_path):
    (tmp_path / "dump").mkdir()
    shown = examples()
    assert (
        Activations(network, shown, tmp_path / "dump").layers == Activations(network, shown).layers
    )


def test_layers_that_nobody_asks_for_are_not_read():
    some = Activations(counted, examples(), only=["hidden-2"])
    assert some["hidden-2"].shape == (20, 7)
    with pytest.raises(KeyError):
        some["hidden-1"]
    assert some.answers.shape == (20,)
    assert some.model.seen == 20


def test_large_layers_wait_on_the_disk_with_the_same_values(monkeypatch):
    wanted = activations(network(), examples().values)
    monkeypatch.setattr("glassbox.models.model.IN_MEMORY", 0)
    for one, two in zip(activations(network(), examples().values), wanted, strict=True):
        np.testing.assert_array_equal(one, two)


def test_probabilities_are_the_softmax_of_logits_and_the_output_of_what_ends_with_it():
    shown = examples()
    ends = Activations(network, shown)
    np.testing.assert_array_equal(ends.probabilities, ends["output"])
    before = replace(ends.layers[-1], site="before")
    logits = Activations(network, shown)
    logits.__dict__["layers"] = (*logits.layers[:-1], before)
    raw = np.exp(ends["output"].astype(float))
    wanted = raw / raw.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(logits.probabilities, wanted, rtol=1e-5)


def test_sigmoid_outputs_are_read_as_such_from_the_network_and_from_its_dump(tmp_path):
    shown, model = examples(), network("sigmoid")
    model_logits = model(torch.from_numpy(shown.values)).numpy()
    write_dump(tmp_path / "dump", Activations(lambda: model, shown), 100)
    for found in (Activations(lambda: model, shown), Activations(None, shown, tmp_path / "dump")):
        assert found.output.output == "sigmoid"
        wanted = 1 / (1 + np.exp(-model_logits.astype(float)))
        np.testing.assert_allclose(found.probabilities, wanted, rtol=1e-5)
        np.testing.assert_array_equal(found["output"], found.probabilities)
        near = np.abs(model_logits) < 8  # beyond, a sigmoid rounds to 1 before long
        assert (found.logits < 17).all()
        np.testing.assert_allclose(found.logits[near], model_logits[near], rtol=1e-3, atol=1e-3)
        np.testing.assert_array_equal(found.answers, model_logits.argmax(axis=1))
    outputs = model.outputs(torch.from_numpy(shown.values)).numpy()
    np.testing.assert_allclose(outputs, wanted, rtol=1e-5)
    raw = Activations(lambda: model, shown)
    raw.__dict__["layers"] = (*raw.layers[:-1], replace(raw.output, site="before"))
    raw.__dict__["_from_model"] = {"output": model_logits}
    np.testing.assert_allclose(raw.probabilities, wanted, rtol=1e-5)
    np.testing.assert_array_equal(raw.logits, model_logits)


@pytest.mark.parametrize(("output", "said"), [("softmax", None), ("sigmoid", "sigmoid")])
def test_a_dump_says_what_makes_its_outputs_where_it_is_no_softmax(tmp_path, output, said):
    write_dump(tmp_path / "dump", Activations(lambda: network(output), examples()), 100)
    layers = read_metadata(layer_path(tmp_path / "dump", "output"))["layers"]
    assert [each.get("output") for each in layers] == [None, None, said]


def test_an_unknown_layer_is_refused_with_those_that_there_are():
    with pytest.raises(GlassboxError, match=r"no layer CN1; .*hidden-1, hidden-2, output"):
        Activations(network, examples()).named(["CN1"])


def test_a_layer_that_is_not_finite_leaves_no_dump(tmp_path):
    broken = network()
    broken.stack.layers[1].bias.data[...] = np.nan
    with pytest.raises(GlassboxError, match="NaN"):
        write_dump(tmp_path / "dump", Activations(lambda: broken, examples()), widest=100)
    assert not list(tmp_path.iterdir())


def test_a_measure_by_layer_says_of_which_layer_it_is():
    def width(shown):
        return pd.DataFrame({"width": [shown.values.shape[1]]})

    shown = Activations(network, examples())
    found = by_layer(shown, width)
    assert found.to_dict("list") == {
        "layer": ["input", "hidden-1", "hidden-2", "output"],
        "depth": [0, 1, 2, 3],
        "width": WIDTHS,
    }
    assert by_layer(shown, width, shown.hidden)["layer"].tolist() == ["hidden-1", "hidden-2"]
