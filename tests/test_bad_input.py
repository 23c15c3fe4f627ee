"""What a user reads when something is wrong, and what is left alone then."""

import os
from pathlib import Path

import pytest
import workflow

WRONG = {
    "replicats": 3,
    "models": {"mlp-2": {"dataset": "jump", "recipe": {"learning_rate": -1}}},
    "detectors": {"gaussian-derivative": {"kind": "gausian-derivative"}},
}
NO_FILE = {"name": "no-such-file.gz", "sha256": "0" * 64}
MISSING = {
    "datasets": {
        "letters": {
            "kind": "idx",
            "folder": "letters",
            "validation": 10,
            "files": {split: {"images": NO_FILE, "labels": NO_FILE} for split in ("train", "test")},
        }
    },
    "models": {"letters-2": {"build": "mlp", "dataset": "letters", "hidden": [8]}},
    "analyses": {"predictions": {"of": {"letters-2": ["letters/test"]}}},
}


def test_a_wrong_config_is_refused_with_all_its_problems_before_any_job(tmp_path: Path) -> None:
    folder = workflow.copy_checkout(tmp_path)
    workflow.edit_config(folder, WRONG)
    printed = workflow.snakemake(folder, check=False)
    assert "replicats: unknown key; did you mean 'replicates'?" in printed
    assert "models.mlp-2.recipe.learning_rate: found -1" in printed
    assert "detectors.gaussian-derivative.kind: found 'gausian-derivative'" in printed
    assert "did you mean 'gaussian-derivative'?" in printed
    assert not (folder / "results").exists()


def test_names_that_do_not_exist_are_refused(tmp_path: Path) -> None:
    folder = workflow.copy_checkout(tmp_path)
    workflow.edit_config(folder, {"models": {"mlp-2": {"dataset": "jump"}}})
    printed = workflow.snakemake(folder, check=False)
    assert "models.mlp-2.dataset: found 'jump'; did you mean 'jumps'?" in printed


def test_a_missing_file_fails_its_job_and_what_follows_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = workflow.copy_checkout(tmp_path)
    workflow.edit_config(folder, MISSING)
    monkeypatch.setitem(os.environ, "GLASSBOX_DATA", str(tmp_path / "data"))
    wanted = "results/models/letters-2/0-1/weights.safetensors"
    other = "results/datasets/jumps/0/test.parquet"
    printed = workflow.snakemake(folder, "--", wanted, other, check=False)
    assert f"data file missing: {tmp_path}/data/letters/no-such-file.gz" in printed
    assert "0" * 64 in printed
    assert "what to do" in printed
    assert (folder / other).exists()
    assert not (folder / "results/models").exists()
