"""The same config gives the same bytes, in whatever order and with however many jobs at once."""

from pathlib import Path

import workflow


def test_another_folder_and_another_order_give_the_same_bytes(
    finished_study: Path, tmp_path: Path
) -> None:
    folder = workflow.copy_checkout(tmp_path / "elsewhere")
    backwards = sorted(figure_files(finished_study), reverse=True)
    for figure in backwards:
        workflow.snakemake(folder, "--cores", "1", "--", figure)
    workflow.snakemake(folder, "--cores", "1")
    first, second = workflow.results(finished_study), workflow.results(folder)
    assert set(first) == set(second)
    different = [path for path in first if first[path].read_bytes() != second[path].read_bytes()]
    assert different == []


def test_another_seed_gives_other_weights(finished_study: Path, study: Path) -> None:
    workflow.edit_config(study, {"seed": 1})
    weights = "results/models/mlp-2/0-1/weights.safetensors"
    workflow.snakemake(study, "--", weights)
    assert (study / weights).read_bytes() != (finished_study / weights).read_bytes()


def figure_files(folder: Path) -> list[str]:
    return [path for path in workflow.results(folder) if path.startswith("results/figures/")]
