"""The same config gives the same bytes, in whatever order and with however many jobs at once."""

from pathlib import Path

import workflow
import yaml


def test_another_folder_and_another_order_give_the_same_bytes(
    finished_study: Path, tmp_path: Path
) -> None:
    folder = workflow.copy_checkout(tmp_path / "elsewhere")
    figures = [path for path in workflow.results(finished_study) if path.endswith(".svg")]
    for work in reversed(yaml.safe_load((folder / "config.yaml").read_text())["works"]):
        of_work = [path for path in figures if path.startswith(f"results/figures/{work}-")]
        assert of_work
        workflow.snakemake(folder, "--cores", "1", "--", *sorted(of_work, reverse=True))
    workflow.snakemake(folder, "--cores", "1")
    first, second = workflow.results(finished_study), workflow.results(folder)
    assert set(first) == set(second)
    different = [path for path in first if first[path].read_bytes() != second[path].read_bytes()]
    assert different == []
