"""A training that is killed goes on from its last state, to the bytes that it would have had."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import workflow

from glassbox.datasets.images import digits
from glassbox.tables import Examples, write_examples

ADAM = {"batch_size": 32, "learning_rate": 0.003, "optimizer": "adam", "noise": 0.5}
ADAM |= {"schedule": "triangular", "cycle": 50, "decay": 0.98, "loss": "squared-error"}
ADAM |= {"stop": "cycles", "max_cycles": 40, "patience": 5}
ELU = {"kind": "mlp", "hidden": [30, 20], "activation": "elu", "keep": 0.9, "output": "sigmoid"}
EPOCHS = {"batch_size": 64, "learning_rate": 0.05, "momentum": 0.5, "stop": "epochs"}
LENET = {"kind": "lenet", "kernel": 3, "padding": 1}
MOMENTUM = {"batch_size": 32, "learning_rate": 0.1, "momentum": 0.9, "patience": 40}
WIDTHS = {"widths": [4, 6], "dense": [16]}

MODELS = {
    "perceptrons side by side with Adam, cycles, dropout and noise": {"build": ELU, "recipe": ADAM},
    "LeNets in turn over epochs": {"build": LENET, "recipe": {**EPOCHS, "max_epochs": 12}},
    "an all-convolutional network with dropout": {
        "build": {"kind": "all-cnn", **WIDTHS, "keep": 0.8, "output": "sigmoid"},
        "recipe": {**ADAM, "cycle": 20, "max_cycles": 12},
    },
    "perceptrons that end each at its time": {
        "build": {"kind": "mlp", "hidden": [20]},
        "recipe": {**MOMENTUM, "stop": "validation-loss", "max_epochs": 400},
    },
}
OUTPUTS = ("weights", "digest", "model", "history")


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    pixels, labels = digits()
    values = np.float32(pixels.reshape(len(pixels), -1))
    for name, part in (("train", slice(0, 500)), ("validation", slice(500, 700))):
        metadata = {"shape": [8, 8], "classes": 10}
        shown = Examples(np.arange(len(labels))[part], labels[part], values[part], metadata)
        write_examples(folder / name, shown)
    return folder


def command(examples: Path, folder: Path, config: dict, *options: str) -> list[str]:
    folder.mkdir(exist_ok=True)
    named = {"train": examples / "train", "validation": examples / "validation"}
    named |= {name: folder / "made" / name for name in OUTPUTS}
    files = [str(word) for name, path in named.items() for word in (f"--{name}", path)]
    program = [sys.executable, str(workflow.ROOT / "scripts/models/training.py")]
    kept = ["--unfinished", str(folder / "unfinished"), *(options or ["--save-every", "0"])]
    return [*program, "--config", json.dumps(config), *files, *kept, "--device", "cpu"]


def config_of(name: str, **changes) -> dict:
    config = {"name": "new", "seed": 3, "stream": "models", "replicates": [0, 1, 2]}
    return {**config, "start": "glorot", "checkpoints": [0, 2], **MODELS[name], **changes}


def train(*arguments) -> str:
    ended = subprocess.run(command(*arguments), capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return ended.stderr


def kill_on_the_way(examples: Path, folder: Path, config: dict, states: int = 1) -> None:
    """Kill a training as soon as it has kept the states of so many parts."""
    process = subprocess.Popen(command(examples, folder, config), stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while len(list((folder / "unfinished").glob("*/*.pt"))) < states:
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not (folder / "made").exists(), "it was to be killed before it was through"


def made(folder: Path) -> dict[str, bytes]:
    return {name: (folder / "made" / name).read_bytes() for name in OUTPUTS}


@pytest.mark.parametrize("name", MODELS)
def test_a_killed_training_goes_on_to_the_same_bytes(examples, tmp_path, name):
    config, whole, cut = config_of(name), tmp_path / "whole", tmp_path / "cut"
    assert "going on" not in train(examples, whole, config, "--save-every", "1000")
    kill_on_the_way(examples, cut, config)
    assert "going on after" in train(examples, cut, config)
    assert made(cut) == made(whole)
    assert not (cut / "unfinished").exists()


def test_of_networks_that_train_in_turn_those_that_are_through_are_not_trained_again(
    examples, tmp_path
):
    config, cut = config_of("LeNets in turn over epochs"), tmp_path / "cut"
    kill_on_the_way(examples, cut, config, states=2)
    assert "going on after epoch 12" in train(examples, cut, config)


@pytest.mark.parametrize("what", ["recipe", "data"])
def test_the_state_of_another_training_is_not_taken_and_removed(examples, tmp_path, what):
    name = "perceptrons that end each at its time"
    kill_on_the_way(examples, tmp_path, config_of(name))
    (other,) = (tmp_path / "unfinished").iterdir()
    if what == "data":
        examples = tmp_path / "others"
        examples.mkdir()
        values, labels = np.float32(np.eye(40, 64)), np.arange(40) % 10
        for each in ("train", "validation"):
            metadata = {"shape": [8, 8], "classes": 10}
            write_examples(examples / each, Examples(np.arange(40), labels, values, metadata))
    limit = {"max_epochs": 5} if what == "recipe" else {}
    recipe = {**MODELS[name]["recipe"], **limit}
    assert "going on" not in train(examples, tmp_path, config_of(name, recipe=recipe))
    assert not other.exists()


def test_a_state_that_cannot_be_read_is_said_and_left(examples, tmp_path):
    config = config_of("perceptrons that end each at its time")
    kill_on_the_way(examples, tmp_path, config)
    (state,) = (tmp_path / "unfinished").glob("*/*.pt")
    state.write_bytes(state.read_bytes()[:1000])
    said = train(examples, tmp_path, config)
    assert "is not gone on from" in said and "going on after" not in said
