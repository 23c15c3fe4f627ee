"""Results that nothing makes any more are listed with their size, and removed once agreed to."""

from pathlib import Path

import pytest
import workflow
from test_plan import program

from study import leftovers

MADE = ["results/models/a/0-1/weights.safetensors", "results/activations/a/0-1/jumps/test"]
OLD = ["results/activations/b/0-1/jumps/test/0/hidden.parquet", "results/models/b/weights.json"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Results of a study that was once about another model as well."""
    for name in (MADE[0], f"{MADE[1]}/0/hidden.parquet", *OLD):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"12345")
    (tmp_path / OLD[0]).parents[1].joinpath(".snakemake_timestamp").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(leftovers, "everything", lambda options: MADE)
    return tmp_path


def test_they_are_listed_and_left(folder: Path, capsys: pytest.CaptureFixture) -> None:
    assert leftovers.main(["--config", "scale=smoke"]) == 0
    said = capsys.readouterr().out
    assert all(f"5 B  {name}\n" in said for name in OLD)
    assert "10 B  in 3 files that nothing makes" in said
    assert all((folder / name).exists() for name in OLD)


@pytest.mark.parametrize("answer", ["y", "", "n"])
def test_they_are_removed_once_agreed_to(
    folder: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    monkeypatch.setattr("builtins.input", lambda question: answer)
    assert leftovers.main(["--remove"]) == (0 if answer == "y" else 1)
    assert all((folder / name).exists() == (answer != "y") for name in OLD)
    assert (folder / "results/models/b").exists() == (answer != "y"), "nor are empty folders left"
    assert (folder / MADE[0]).exists()
    assert (folder / MADE[1] / "0/hidden.parquet").exists()


def test_a_finished_study_has_none(finished_study: Path) -> None:
    assert leftovers.KEPT in program(finished_study, "leftovers")


def test_a_model_that_was_renamed_leaves_its_own(study: Path) -> None:
    workflow.edit_config(study, {"analyses": {"silhouettes": None}})
    said = program(study, "leftovers")
    assert "results/analyses/silhouettes/lenet-digits/0-1/digits/test.parquet" in said
    assert "results/records/silhouettes/lenet-digits/0-1/digits/test.json" in said
