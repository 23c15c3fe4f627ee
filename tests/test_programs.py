"""Programs by hand: wrong input ends in words, not in a traceback, and leaves nothing behind."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
import workflow

from glassbox.analyses.detectors import step_likelihood
from glassbox.datasets.jumps import jump_signals
from glassbox.seeds import generator
from glassbox.tables import read_examples, read_table

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
PROGRAMS = workflow.programs()
STAGES = {path.stem: path.parent.name for path in PROGRAMS}
JUMPS = {"length": 20, "first": 5, "last": 12, "height": 3.0, "noise": 1.0, "per_class": 10}
RECIPE = {"batch_size": 20, "learning_rate": 1e30, "momentum": 0.0, "stop": "epochs"}
MODEL = {"name": "mlp-2", "replicates": [4, 5], "recipe": {**RECIPE, "max_epochs": 9}, "seed": 1}
MODEL |= {"stream": "models", "build": {"kind": "mlp", "hidden": [8]}}
MODEL |= {"start": "glorot", "checkpoints": []}


def run(program, config, *arguments):
    command = [
        sys.executable,
        SCRIPTS / STAGES[program] / f"{program}.py",
        "--config",
        json.dumps(config),
    ]
    return subprocess.run([*command, *arguments], capture_output=True, text=True)


def fails(program, config, *arguments):
    """What a program says that ends with an error of the user's."""
    ended = run(program, config, *arguments)
    assert ended.returncode == 1, ended.stderr
    assert "Traceback" not in ended.stderr
    assert "error: " in ended.stderr
    return ended.stderr


def draw(folder, split="train"):
    config = {**JUMPS, "seed": 1, "stream": ["datasets", "jumps", 0, split]}
    files = folder / f"{split}.parquet", folder / f"{split}.json"
    ended = run("jumps", config, "--output", files[0], "--digest", files[1])
    assert ended.returncode == 0, ended.stderr
    return files


def errors_of_draws(output, draws, *replicates):
    detector = {"kind": "step-likelihood", "height": 3.0, "first": 5, "last": 12}
    stream = ["experiments", "some"]
    config = {"detector": detector, "signals": JUMPS, "draws": draws, "seed": 1, "stream": stream}
    identity = ["--method", "best", "--set", "jumps/test", "--replicates", *map(str, replicates)]
    ended = run("detector_draws", config, "--table", output, *identity)
    assert ended.returncode == 0, ended.stderr
    return read_table(output).set_index(["replicate", "draw", "measure"])


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    return draw(tmp_path_factory.mktemp("drawn"))


def trains(examples, folder, *arguments):
    """What training says that fails."""
    sets = ["--train", examples, "--validation", examples]
    outputs = ["--weights", folder / "w", "--digest", folder / "d", "--history", folder / "h"]
    return fails("training", MODEL, *sets, *outputs, "--model", folder / "m", *arguments)


def test_a_set_drawn_again_elsewhere_has_the_same_bytes(drawn, tmp_path):
    for one, two in zip(drawn, draw(tmp_path), strict=True):
        assert one.read_bytes() == two.read_bytes()
    assert read_examples(drawn[0]).values.shape == (80, 20)


def test_a_draw_is_the_same_whatever_else_is_drawn(tmp_path):
    few, more = (
        errors_of_draws(tmp_path / "few", 2, 1),
        errors_of_draws(tmp_path / "more", 3, 0, 1, 2),
    )
    assert list(few.columns) == ["method", "set", "value"]
    pd.testing.assert_frame_equal(more.loc[few.index], few)
    names = [1, "experiments", "some", 2, 1]
    examples = jump_signals(generator(*names), **JUMPS)
    answers = step_likelihood(examples.values, 3.0, 5, 12)
    assert more.loc[(2, 1, "L1"), "value"] == np.abs(answers - 5 - examples.labels).mean()
    assert len(set(more["value"].xs("L1", level="measure"))) > 3


def test_training_that_diverges_names_network_replicates_epoch_and_learning_rate(drawn, tmp_path):
    said = trains(drawn[0], tmp_path, "--device", "cpu")
    for part in ("mlp-2", "replicates [4, 5]", "epoch 1", "learning rate 1e+30"):
        assert part in said
    assert "lower models.mlp-2.recipe.learning_rate" in said
    assert not list(tmp_path.iterdir())


# Which make or train networks, or compute with torch.
WITH_TORCH = {
    "analyses": "adversarial_distances consistency deviations expected_patterns "
    "fit_introspection fit_probes gradient_ascents introspection "
    "introspection_trajectories introspection_variants libraries map_quality misclassification "
    "misclassified_places neighbourhoods neuron_maps parameters pattern_changes probes "
    "projection_trajectories projections",
    "datasets": "attack_paths attacks evading_paths",
    "models": "pretrained training",
}
IMPORTING = """
import runpy, sys
for path in sys.argv[1:]:
    runpy.run_path(path, run_name="imported")
    assert "torch" not in sys.modules, path
"""


def test_a_program_that_runs_no_network_starts_without_torch():
    """Those of dumps load it only for a layer that no dump holds."""
    with_torch = {
        f"{stage}/{name}.py" for stage, names in WITH_TORCH.items() for name in names.split()
    }
    others = [path for path in PROGRAMS if path.relative_to(SCRIPTS).as_posix() not in with_torch]
    assert len(PROGRAMS) - len(others) == len(with_torch)
    command = [sys.executable, "-c", IMPORTING, *map(str, others)]
    environment = os.environ | {"PYTHONPATH": str(SCRIPTS)}
    ended = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU, so it is not refused")
def test_a_gpu_that_is_not_there_is_said_at_once(tmp_path):
    missing = tmp_path / "not read before"
    said = trains(missing, tmp_path, "--device", "cuda")
    assert "torch finds no GPU" in said
    assert "set device: auto or cpu, or run where a GPU is visible" in said
    assert not list(tmp_path.iterdir())


def test_an_altered_data_file_is_named_with_both_checksums(tmp_path, monkeypatch):
    monkeypatch.setenv("GLASSBOX_DATA", str(tmp_path / "data"))
    file = tmp_path / "data" / "mnist" / "images"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"altered")
    files = {name: {"name": name, "sha256": "0" * 64} for name in ("images", "labels")}
    config = {
        "kind": "idx",
        "folder": "mnist",
        "size": 28,
        "split": "test",
        "classes": 10,
        "files": files,
    }
    outputs = ["--output", tmp_path / "out" / "test", "--digest", tmp_path / "out" / "digest"]
    said = fails("images", config, *outputs)
    for part in (file, "0" * 64, hashlib.sha256(b"altered").hexdigest()):
        assert str(part) in said
    assert not (tmp_path / "out").exists()
