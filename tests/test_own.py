"""Networks of a user's own: built from a file or package, trained, read, and given weights."""

import logging
from argparse import Namespace

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from glassbox.errors import GlassboxError
from glassbox.models.build import architecture, describe, read_description, write_description
from glassbox.models.model import answers
from glassbox.models.tensors import load_foreign
from glassbox.models.weights import kept_epochs, read_model
from glassbox.tables import Examples, read_table, write_set
from models import training
from study.deciding.fingerprint import files_of_definition, of_definition

CODE = '''
"""A network of a kind that the project has not."""
import torch
from torch import nn

NUMBER = 3

class Wide(nn.Module):
    def __init__(self, channels, classes=4, dropout=0.0):
        super().__init__()
        self.conv = nn.Conv1d(1, channels, 5)
        self.norm = nn.BatchNorm1d(channels)
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(channels * 26, classes)

    def forward(self, signals):
        hidden = torch.relu(self.norm(self.conv(signals)))
        return {"logits": self.fc(self.dropout(hidden.flatten(1)))}
'''


@pytest.fixture
def build(tmp_path):
    (tmp_path / "my_nets.py").write_text(CODE)
    named = {"file": str(tmp_path / "my_nets.py"), "class": "Wide", "arguments": {"channels": 6}}
    return {"kind": "own", **named, "input": [1, 30]}


def untrained(build, classes=4):
    return architecture(describe(build, [30], classes))


def signals(count=60, seed=0):
    """Signals of four classes, each with a bump in a place of its own."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(4, size=count)
    values = rng.normal(0, 0.3, (count, 30)).astype(np.float32)
    for row, label in enumerate(labels):
        values[row, 6 * label + 3 : 6 * label + 6] += 2
    return Examples(np.arange(count), labels, values, {"shape": [30], "classes": 4})


def trained(build, folder, dropout=0.0, replicates=(0, 1)):
    """Files of a block that is trained by the program."""
    build["arguments"]["dropout"] = dropout
    files = {name: folder / name for name in ("weights", "digest", "model", "history")}
    for name, seed in (("train", 0), ("validation", 1)):
        files[name] = [folder / f"{name}.parquet"]
        write_set(files[name][0], folder / "set.json", signals(seed=seed))
    recipe = {"batch_size": 10, "learning_rate": 0.05, "momentum": 0.5}
    recipe |= {"stop": "validation-loss", "max_epochs": 12, "patience": 3}
    config = {"name": "mine", "seed": 1, "stream": "models", "build": build, "recipe": recipe}
    config |= {"replicates": list(replicates), "start": "glorot", "checkpoints": [0]}
    told = {"config": config, "device": lambda: torch.device("cpu"), "unfinished": None}
    training.main(Namespace(**told, **files))
    return Namespace(**files)


def test_a_class_of_a_file_trains_and_is_read_like_any_other(build, tmp_path):
    files = trained(build, tmp_path)
    history, shown = read_table(files.history), signals(seed=1)
    for replicate in (0, 1):
        model = read_model(files.model, files.weights, replicate)
        assert [layer.name for layer in model.layers] == ["conv", "norm", "fc"]
        right = (answers(model, shown.values) == shown.labels).mean()
        kept = history[(history["replicate"] == replicate) & history["kept"]]
        assert kept["validation_accuracy"].item() == right > 0.9
    assert kept_epochs(files.weights, 0) == [0]
    one, two = (read_model(files.model, files.weights, r, 0).state_dict() for r in (0, 1))
    assert not torch.equal(one["module.conv.weight"], two["module.conv.weight"])


def test_a_replicate_starts_and_draws_the_same_alone(build, tmp_path):
    for folder in ("both", "alone"):
        (tmp_path / folder).mkdir()
    both = trained(build, tmp_path / "both", dropout=0.5)
    torch.rand(3)  # what others draw does not matter
    alone = trained(build, tmp_path / "alone", dropout=0.5, replicates=[1])
    for checkpoint in (0, None):
        one, two = (read_model(f.model, f.weights, 1, checkpoint) for f in (both, alone))
        for mine, theirs in zip(one.state_dict().values(), two.state_dict().values(), strict=True):
            assert torch.equal(mine, theirs)


def test_making_a_network_disturbs_no_draws(build):
    torch.manual_seed(3)
    wanted = torch.rand(2)
    torch.manual_seed(3)
    untrained(build).start([np.random.default_rng(0)])
    assert torch.equal(torch.rand(2), wanted)


def test_places_and_normalisation_are_what_the_build_says(build):
    build |= {"places": {"first": "conv", "last": "fc"}, "after": ["first"]}
    build |= {"mean": [0.5], "deviation": [2.0]}
    network = untrained(build)
    model = network.model(network.start([np.random.default_rng(0)])[0].states()[0])
    layers = [(layer.name, layer.site) for layer in model.layers]
    assert layers == [("first", "after"), ("last", "before")]
    values = torch.from_numpy(signals().values)
    wanted = model.module.conv((values[:, None] - 0.5) / 2).flatten(1)
    torch.testing.assert_close(model.read(values, ["first"])["first"], wanted)


def test_a_class_of_an_installed_package_is_found():
    named = {"module": "torch.nn", "class": "Linear"}
    build = {"kind": "own", **named, "arguments": {"in_features": 30, "out_features": 4}}
    network = untrained(build)
    model = network.model({"weight": torch.ones(4, 30), "bias": torch.zeros(4)})
    assert model(torch.ones(2, 30)).tolist() == [[30.0] * 4] * 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"file": "absent.py"}, "absent.py: no such file"),
        ({"file": None, "module": "no_such_package.nets"}, "no such module is installed"),
        ({"class": "Broad"}, "no class Broad\n  what to do: name one of Wide"),
        ({"class": "NUMBER"}, "NUMBER is no torch.nn.Module"),
        ({"arguments": {}}, "missing a required argument: 'channels'"),
        ({"arguments": {"chanels": 6}}, "can't be made with (chanels=6)"),
        ({"arguments": {"channels": "six"}}, "mend the model's `arguments`"),
        ({"input": [30]}, "Wide can't take one example of shape (1, 30)"),
        ({"places": {"flat": "flatten"}}, "layer flat: Wide has no module flatten"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(build, change, said):
    with pytest.raises(GlassboxError) as error:
        untrained({**build, **change}).start([np.random.default_rng(0)])
    assert said in str(error.value)


def test_another_number_of_classes_is_refused(build):
    with pytest.raises(GlassboxError, match="Wide gives 4 logits, and the data set has 7 classes"):
        untrained(build, 7).start([np.random.default_rng(0)])


@pytest.mark.parametrize("code", ["import no_such_thing", "class Wide(:"])
def test_code_that_does_not_run_is_named(build, tmp_path, code):
    (tmp_path / "my_nets.py").write_text(code)
    with pytest.raises(GlassboxError, match=r"my_nets\.py: its code does not run: \w+Error"):
        untrained(build).start([np.random.default_rng(0)])


def test_a_description_tells_other_code_apart_and_no_other_words(build, tmp_path):
    def described(code):
        (tmp_path / "my_nets.py").write_text(code)
        code = of_definition(tmp_path / "my_nets.py", "Wide")
        write_description(tmp_path / "model.json", describe(build, [30], 4, code))
        assert read_description(tmp_path / "model.json")["build"] == build
        return (tmp_path / "model.json").read_bytes()

    before = described(CODE)
    assert (
        described(CODE.replace("NUMBER = 3", "NUMBER = 4  # that the class does not need"))
        == before
    )
    assert described(CODE.replace("relu", "tanh")) != before


def test_what_lies_beside_a_file_is_imported_and_counts(build, tmp_path):
    code = CODE.replace("torch.relu", "blend").replace(
        "NUMBER", "from blending import blend\nNUMBER"
    )
    (tmp_path / "my_nets.py").write_text(code)
    (tmp_path / "blending.py").write_text(
        "import torch\n\ndef blend(values):\n    return torch.relu(values)\n"
    )
    network = untrained(build)
    assert network.model(network.start([np.random.default_rng(0)])[0].states()[0]).layers
    found = of_definition(tmp_path / "my_nets.py", "Wide")
    assert {"blending.blend", "my_nets.Wide"} <= set(found)
    assert "my_nets.NUMBER" not in found
    files = files_of_definition(tmp_path / "my_nets.py", "Wide")
    assert sorted(path.name for path in files) == ["blending.py", "my_nets.py"]


# Weights of others


def named(prefix, state):
    return {prefix + name: tensor for name, tensor in state.items()}


@pytest.fixture
def state():
    torch.manual_seed(0)
    return {**nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2)).state_dict()}


def shapes(state):
    return {name: tuple(tensor.shape) for name, tensor in state.items()}


@pytest.mark.parametrize(
    ("wrap", "said"),
    [
        (lambda state: state, []),
        (lambda state: {"state_dict": named("module.", state), "epoch": 3}, ["state_dict", "mod"]),
        (lambda state: {"model_state_dict": state, "loss": 0.1}, ["model_state_dict"]),
        (lambda state: {"model": {"state_dict": state}}, ["model", "state_dict"]),
        (lambda state: named("_orig_mod.module.", state), ["_orig_mod.", "module."]),
        (lambda state: named("model.", state), ["model."]),
    ],
)
def test_wrappers_and_prefixes_are_taken_off_and_said(state, tmp_path, wrap, said, caplog):
    caplog.set_level(logging.INFO)
    torch.save(wrap(state), tmp_path / "net.pt")
    found = load_foreign(tmp_path / "net.pt", shapes(state))
    assert all(torch.equal(found[name], state[name]) for name in state)
    assert len(caplog.messages) == len(said)
    assert all(part in message for part, message in zip(said, caplog.messages, strict=True))


def test_a_prefix_that_is_the_networks_own_stays(tmp_path):
    state = nn.ModuleDict({"model": nn.Linear(3, 2)}).state_dict()
    torch.save(dict(state), tmp_path / "net.pt")
    assert set(load_foreign(tmp_path / "net.pt", shapes(state))) == {"model.weight", "model.bias"}


def test_safetensors_are_taken(state, tmp_path):
    save_file(named("module.", state), tmp_path / "net.safetensors")
    found = load_foreign(tmp_path / "net.safetensors", shapes(state))
    assert all(torch.equal(found[name], state[name]) for name in state)
    (tmp_path / "bad.safetensors").write_bytes(b"no tensors")
    with pytest.raises(GlassboxError, match="not a checkpoint of tensors"):
        load_foreign(tmp_path / "bad.safetensors", shapes(state))


@pytest.mark.parametrize("content", [{}, {"weight": [1, 2]}, [torch.ones(1)], {"state_dict": {}}])
def test_what_holds_no_tensors_is_refused(content, tmp_path):
    torch.save(content, tmp_path / "net.pt")
    with pytest.raises(GlassboxError, match="not a checkpoint of tensors"):
        load_foreign(tmp_path / "net.pt", {"weight": (1,)})
