"""The shared cache: a hit saves the work, and nothing but the very same job is a hit."""

import json
import shutil
from argparse import Namespace
from pathlib import Path

import pytest
import workflow

from study import record
from study.cache import Cache, key_of


@pytest.fixture
def identity() -> dict:
    return {"program": "training", "config": {"seed": 1}, "inputs": {"a": "0"}, "device": "cpu"}


def make(folder: Path, text: str = "made") -> dict[str, Path]:
    """A file and a folder of outputs."""
    (folder / "dumps/0").mkdir(parents=True)
    (folder / "weights").write_text(text)
    (folder / "dumps/0/layer").write_text(text * 2)
    return {"weights": folder / "weights", "dumps": folder / "dumps"}


def there(folder: Path) -> dict[str, Path]:
    return {"weights": folder / "weights", "dumps": folder / "dumps"}


def test_an_entry_comes_back_whole(tmp_path: Path, identity: dict) -> None:
    cache = Cache(tmp_path / "cache")
    assert cache.restore(identity, there(tmp_path / "b")) is None
    cache.store(identity, make(tmp_path / "a"))
    assert cache.restore(identity, there(tmp_path / "b")) == key_of(identity)
    assert (tmp_path / "b/weights").read_text() == "made"
    assert (tmp_path / "b/dumps/0/layer").read_text() == "mademade"


@pytest.mark.parametrize("part", ["program", "config", "inputs", "device"])
def test_any_other_part_of_the_identity_is_another_job(
    tmp_path: Path, identity: dict, part: str
) -> None:
    cache = Cache(tmp_path / "cache")
    cache.store(identity, make(tmp_path / "a"))
    assert cache.restore({**identity, part: "other"}, there(tmp_path / "b")) is None
    assert not (tmp_path / "b").exists()


def test_a_damaged_entry_is_none_and_is_replaced(tmp_path: Path, identity: dict) -> None:
    cache = Cache(tmp_path / "cache")
    outputs = make(tmp_path / "a")
    cache.store(identity, outputs)
    entry = tmp_path / "cache" / key_of(identity)
    (entry / "dumps/0/layer").write_text("mademadf")
    assert cache.restore(identity, there(tmp_path / "b")) is None
    assert not (tmp_path / "b/dumps").exists()
    cache.store(identity, outputs)
    assert cache.restore(identity, there(tmp_path / "b"))


def test_an_entry_under_anothers_key_is_none(tmp_path: Path, identity: dict) -> None:
    cache = Cache(tmp_path / "cache")
    cache.store(identity, make(tmp_path / "a"))
    other = {**identity, "config": {"seed": 2}}
    shutil.copytree(tmp_path / "cache" / key_of(identity), tmp_path / "cache" / key_of(other))
    assert cache.restore(other, there(tmp_path / "b")) is None


def test_a_cache_that_cannot_be_written_costs_nothing_else(tmp_path: Path, identity: dict) -> None:
    (tmp_path / "file").write_text("")
    made = make(tmp_path / "a")
    Cache(tmp_path / "file/below").store(identity, made)
    assert (tmp_path / "file").read_text() == ""
    assert made["weights"].read_text() == "made"


def test_an_identity_has_every_argument_input_and_the_code(tmp_path: Path) -> None:
    (tmp_path / "in").write_text("x")
    arguments = Namespace(config={"a": 1}, weights=tmp_path / "in", replicates=[0, 1], record=None)
    roles = {"inputs": ["weights"], "outputs": []}
    first = record.identify("activations/activations", arguments, roles)
    (tmp_path / "in").write_text("y")
    arguments.config["a"] = 2
    arguments.replicates = [0]
    second = record.identify("activations/activations", arguments, roles)
    different = {key for key in first if first[key] != second[key]}
    assert different == {"config", "inputs", "options"}
    assert any(name.startswith("glassbox.activations.") for name in first["code"])
    assert first["environment"]["packages"]["torch"]


# A job of every kind on the way from a data set to an analysis.
WAY = {
    "jumps/jumps/0/train.json",
    "training/mlp-2/0-1.json",
    "activations/mlp-2/0-1/jumps/test.json",
    "predictions/mlp-2/0-1/jumps/test.json",
}


def test_another_checkout_takes_models_and_dumps_and_nothing_else(
    finished_study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Studies that lack what is on the way, and one of another seed, in which all of it is new."""
    monkeypatch.setenv("GLASSBOX_CACHE", str(tmp_path / "cache"))
    wanted = "results/analyses/predictions/mlp-2/0-1/jumps/test.parquet"
    weights = "results/models/mlp-2/0-1/weights.safetensors"
    one, two, seed = (
        Path(shutil.copytree(finished_study, tmp_path / name, symlinks=True))
        for name in ("one", "two", "seed")
    )
    workflow.edit_config(seed, {"seed": 2})
    for folder in (one, two, seed):
        for name in WAY:
            workflow.forget(folder, name)
        workflow.snakemake(folder, "--", wanted)
    taken = [from_cache(folder / "results/records") for folder in (one, two, seed)]
    shared = {"training/mlp-2/0-1.json", "activations/mlp-2/0-1/jumps/test.json"}
    assert taken == [set(), shared, set()]
    for name in (wanted, weights):
        assert (one / name).read_bytes() == (two / name).read_bytes()
        assert (one / name).read_bytes() != (seed / name).read_bytes()


def from_cache(records: Path) -> set[str]:
    """The records of jobs that took their outputs from the cache."""
    keys = {path: json.loads(path.read_text())["from_cache"] for path in records.rglob("*.json")}
    return {str(path.relative_to(records)) for path, key in keys.items() if key}
