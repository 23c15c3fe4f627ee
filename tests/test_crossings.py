"""Any model is shown any set of its inputs: crossings of perceptrons, a LeNet, and attacks."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import workflow

from glassbox.tables import read_examples, read_table

ATTACKED = "digits-attacks-normalised"
SIGNALS = "jumps-attacks"
# Signals have no bounds, so that no control is clipping alone.
JUMPS = {"kind": "attack", "of": "jumps/test", "model": "nn-1", "sizes": [0.5, 1e-5], "steps": 2}
LIBRARIES = {
    "kind": "libraries",
    "of": {"digits-5": ["digits/test"], "digits-3": ["digits/test"]},
    "thresholds": {"hidden-1": [0.6], "output": [0.9]},
    "orders": 0,
}
CONSISTENCY = {
    "kind": "consistency",
    "of": {"digits-5": ["digits/test"]},
    "sets": {"set1": {"hidden-1": 0.6, "output": 0.9}},
    "attacks": [ATTACKED],
    "images": 20,
    "mahalanobis": "hidden-1",
}
PROBED = {"lenet-digits@0": ["digits/test"], "lenet-digits@1": ["digits/test"]}
SHOWN = ["digits/test", f"{ATTACKED}/pgd-0.3"]
UNTRAINED = "attacks-on-the-untrained"
CHANGE = {
    "datasets": {
        SIGNALS: JUMPS,
        UNTRAINED: {**JUMPS, "of": "digits/test", "model": "lenet-digits@0", "sizes": [0.3]},
    },
    "models": {
        "digits-3": {
            "build": "mlp",
            "dataset": "digits",
            "hidden": [12],
            "recipe": {"max_epochs": 5},
        },
        "lenet-digits": {"checkpoints": [0, 1]},
    },
    "analyses": {
        "predictions": {
            "of": {
                "digits-5": SHOWN,
                "nn-1": [f"{SIGNALS}/pgd-0.5", f"{SIGNALS}/noise-1e-05"],
                "lenet-digits": SHOWN,
                "lenet-digits@0": [f"{UNTRAINED}/pgd-0.3", f"{UNTRAINED}/noise-0.3"],
            }
        },
        "deviations": {"of": {"lenet-digits": ["digits/test"], "long@10": ["jumps/test"]}},
        "parameters": {"of": ["nn-1", "mlp-2", "long@0", "long@10"]},
        "neighbourhoods": {"of": {"lenet-digits": [f"{ATTACKED}/pgd-0.3"]}},
        "probes": {
            "of": {"digits-5": ["digits/test"], "lenet-digits": [f"{ATTACKED}/pgd-0.3"], **PROBED}
        },
        "libraries-mlp": LIBRARIES,
        "consistency-mlp": CONSISTENCY,
    },
}
TABLES = {
    "deviations": "deviations/lenet-digits/0-1/digits/test",
    "neighbourhoods": f"neighbourhoods/lenet-digits/0-1/{ATTACKED}/pgd-0.3",
    "libraries": "libraries/digits-5/0-1/digits/test/hidden-1",
    "libraries of another": "libraries/digits-3/0-1/digits/test/hidden-1",
    "consistency": "consistency/digits-5/0-1/digits/test",
    "probes": "probes/digits-5/0-1/digits/test",
    "probes on attacks": f"probes/lenet-digits/0-1/{ATTACKED}/pgd-0.3",
    "shown": "predictions/digits-5/0-1/digits/test",
    "attacked": f"predictions/digits-5/0-1/{ATTACKED}/pgd-0.3",
    "of its own": f"predictions/lenet-digits/0-1/{ATTACKED}/pgd-0.3",
    "signals": f"predictions/nn-1/0-1/{SIGNALS}/pgd-0.5",
    "kept": "deviations/long@10/0-1/jumps/test",
    "followed": "deviation_trajectories/long/0-1/jumps/test",
    "weights at first": "parameters/long@0/0-1",
    "probes at first": "probes/lenet-digits@0/0-1/digits/test",
    "probes later": "probes/lenet-digits@1/0-1/digits/test",
    "untrained": f"predictions/lenet-digits@0/0-1/{UNTRAINED}/pgd-0.3",
    "small": f"predictions/nn-1/0-1/{SIGNALS}/noise-1e-05",
}


@pytest.fixture(scope="module")
def folder(finished_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The finished study and crossings, with the tables that are asked for."""
    folder = tmp_path_factory.mktemp("crossings") / "study"
    shutil.copytree(finished_study, folder, symlinks=True)
    workflow.edit_config(folder, CHANGE)
    workflow.snakemake(folder, "--cores", "2", *map(path_of, TABLES.values()))
    return folder


def path_of(table: str) -> str:
    return f"results/analyses/{table}.parquet"


@pytest.fixture(scope="module")
def tables(folder: Path) -> dict:
    return {name: read_table(folder / path_of(table)) for name, table in TABLES.items()}


def test_a_perceptron_is_shown_an_attack_on_a_lenet(folder: Path, tables: dict) -> None:
    attacked = tables["attacked"]
    assert set(attacked["set"]) == {f"{ATTACKED}/pgd-0.3"} and len(attacked) == 2 * 20
    for replicate in (0, 1):
        images = read_examples(folder / f"results/datasets/{ATTACKED}/{replicate}/pgd-0.3.parquet")
        mine = attacked[attacked["replicate"] == replicate]
        assert mine["label"].tolist() == images.labels.tolist()
    own = tables["of its own"]
    assert (own["predicted"].to_numpy() != attacked["predicted"].to_numpy()).any()
    normal = tables["shown"].groupby("replicate").head(20)
    assert np.abs(attacked["probability"].to_numpy() - normal["probability"].to_numpy()).max() > 0


def test_an_attack_on_signals_is_within_its_size_and_has_no_clipping(folder: Path) -> None:
    for replicate in (0, 1):
        signals = read_examples(folder / f"results/datasets/jumps/{replicate}/test.parquet")
        made = folder / f"results/datasets/{SIGNALS}/{replicate}"
        assert {path.stem for path in made.glob("*.parquet")} == {
            f"{kind}-{size}" for kind in ("pgd", "noise") for size in ("0.5", "1e-05")
        }
        attacked = read_examples(made / "pgd-0.5.parquet")
        apart = np.abs(attacked.values - signals.values[: len(attacked.values)])
        assert 0 < apart.max() <= 0.5 + 1e-5
        assert signals.values.min() < 0 and attacked.values.min() < 0


def test_layers_of_a_lenet_are_told_by_their_names(tables: dict) -> None:
    assert list(tables["deviations"]["layer"].unique()) == ["input", "CN1", "CN2", "FC1", "FC2"]
    assert set(tables["neighbourhoods"]["layer"]) == {"input", "CN1", "CN2", "FC1", "FC2"}
    assert list(tables["probes"]["layer"].unique()) == [
        *(f"hidden-{number}" for number in range(1, 5)),
        "output",
    ]
    assert np.isfinite(tables["deviations"]["value"]).any()
    assert tables["probes on attacks"]["accuracy"].between(0, 1).all()


def test_libraries_of_a_perceptron_are_built_of_its_layers(tables: dict) -> None:
    for name, model in (("libraries", "digits-5"), ("libraries of another", "digits-3")):
        table = tables[name]
        assert set(table["method"]) == {model} and set(table["layer"]) == {"hidden-1"}
        found = table[(table["variant"] == "library") & (table["measure"] == "size")]
        assert (found["value"] > 1).all() and len(found) == 2
        agreement = table[(table["variant"] == "neighbours=1") & (table["measure"] == "top1")]
        assert (agreement["value"] > 0.3).all()


def test_consistency_of_a_perceptron_tells_of_attacks_on_a_lenet(tables: dict) -> None:
    table = tables["consistency"]
    assert set(table["kind"]) == {"pgd", "noise", "clip"} and set(table["space"]) == {"normalised"}
    assert {"CPL, printed", "Mahalanobis", "maximum softmax"} <= set(table["detector"])
    assert table["auroc"].between(0, 1).all() and set(table["set"]) == {"digits/test"}


def test_signals_may_have_attacks_of_tiny_sizes(tables: dict) -> None:
    assert len(tables["signals"]) == len(tables["small"]) == 2 * 200


def test_a_checkpoint_is_a_model_as_any_other(folder: Path, tables: dict) -> None:
    followed = tables["followed"].query("epoch == 10").drop(columns="epoch").reset_index(drop=True)
    kept = tables["kept"].assign(method="long")
    pd.testing.assert_frame_equal(kept[followed.columns], followed)
    biases = tables["weights at first"].query("parameter == 'bias'")
    assert (biases["value"] == 0).all()
    dumps = folder / "results/activations/lenet-digits@0/0-1/digits"
    assert sorted(path.name for path in (dumps / "test/1").iterdir()) == sorted(
        path.name
        for path in (folder / "results/activations/lenet-digits/0-1/digits/test/1").iterdir()
    )
    first, later = tables["probes at first"], tables["probes later"]
    of_output = [each.query("layer == 'FC2'")["accuracy"].mean() for each in (first, later)]
    assert of_output[0] < of_output[1]


def test_an_attack_on_a_checkpoint_is_of_its_weights(folder: Path, tables: dict) -> None:
    untrained = tables["untrained"]
    assert set(untrained["method"]) == {"lenet-digits@0"} and len(untrained) == 2 * 200
    for replicate in (0, 1):
        made = folder / f"results/datasets/{UNTRAINED}/{replicate}"
        assert read_examples(made / "pgd-0.3.parquet").values.shape == (200, 64)
