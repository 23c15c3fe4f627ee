"""How much of the memory of a machine the jobs of a run may ask for together."""

import re

import pytest
import workflow

TARGET = "results/datasets/jumps/0/test.parquet"


@pytest.mark.parametrize("told", [[], ["--resources", "mem_mb=1500"]], ids=["machine", "told"])
def test_jobs_side_by_side_ask_for_no_more_memory_than_there_is(tmp_path, told):
    folder = workflow.copy_checkout(tmp_path / "study")
    said = workflow.snakemake(folder, *told, "--cores", "2", "--", TARGET)
    (limit,) = re.findall(r'Provided resources: mem_mb=Resource\("mem_mb", (\d+)\)', said)
    assert int(limit) == 1500 if told else int(limit) >= 8000
    assert (folder / TARGET).exists()
