"""The profile for Slurm, as far as no Slurm is needed."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import slurm
import status
import workflow
import yaml

from study.schema.figures import KINDS


def test_the_profile_groups_rules_that_exist_and_sets_what_the_default_one_does() -> None:
    profile = yaml.safe_load((workflow.ROOT / "profiles/slurm/config.yaml").read_text())
    assert set(profile["groups"]) <= set(workflow.rules())
    grouped = {*profile["groups"].values(), *(rule["group"] for rule in workflow.rules().values())}
    assert set(profile["group-components"]) <= grouped
    default = yaml.safe_load((workflow.ROOT / "profiles/default/config.yaml").read_text())
    default.pop("cores")
    assert default.items() <= profile.items(), "what the workflow relies on"


def test_all_figures_share_a_slurm_job() -> None:
    rules = workflow.rules()
    drawn = {name for name, rule in rules.items() if "results/figures/" in str(rule["output"])}
    assert {kind.rule() for kind in KINDS} | {"error_tables"} == drawn
    assert {name for name, rule in rules.items() if rule["group"] == "figures"} == drawn


def asked(folder: Path, *options: str) -> dict[str, int]:
    """The memory in MB that jobs ask for, by their first output."""
    printed = workflow.snakemake(folder, "--dry-run", *options)
    job = re.compile(
        r"^    output: ([^,\n]+).*?^    resources: .*?mem_mb=(\d+)", re.MULTILINE | re.DOTALL
    )
    return {output: int(mb) for output, mb in job.findall(printed)}


def test_jobs_ask_for_the_memory_that_their_images_take(tmp_path: Path) -> None:
    folder = workflow.copy_checkout(tmp_path)
    assert max(asked(folder).values()) == 4000
    published = asked(folder, "--config", "scale=published", "works=[lee2019]")
    of_layers = "results/analyses/libraries/{}.parquet"
    assert 2000 < published[of_layers.format("lenet-digits/0-7/digits/test/CN1")] < 3000
    assert 12000 < published[of_layers.format("lenet/0-0/mnist-all/test/CN1")] < 16000
    assert 3000 < published[of_layers.format("lenet/0-0/mnist-all/test/FC2")] < 4000


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What Snakemake writes for a group of two jobs, the second of which reads what one makes."""
    monkeypatch.chdir(tmp_path)
    parts = {
        "a:x=1": {"outputs": {"a 1": "marks/a"}, "inputs": ["in"], "logs": ["logs/a"]},
        "b:x=1": {"outputs": {"b 1": "marks/b"}, "inputs": ["a 1"], "logs": ["logs/b"]},
    }
    rest = {"runtime": 30, "turns": 3, "asked": "code and config"}
    wanted = {target: {**part, **rest} for target, part in parts.items()}
    slurm.write(slurm.HOME / "wanted.json", json.dumps(wanted))
    Path("in").write_text("an input", encoding="utf-8")
    properties = {
        "type": "group",
        "groupid": "g",
        "threads": 1,
        "resources": {"runtime": 120, "mem_mb": 4000},
    }
    return f"""#!/bin/sh
# properties = {json.dumps(properties)}
cd here && python -m snakemake --target-jobs 'b:x=1' 'a:x=1' --attempt 2 --mode remote && exit 0
"""


def test_a_group_is_read_from_its_script(script: str) -> None:
    job = slurm.Job.of_script(script)
    assert job.targets == ["a:x=1", "b:x=1"]
    assert (job.turn, job.turns, job.mem_mb) == (2, 3, 4000)
    assert job.runtime == 62, "twice the longest member's 30 minutes, and a minute for the other"
    assert job.title == "a 1 and 1 more (g)"
    assert job.slurm_log("7") == "logs/slurm/g/a.1.7.log"


def test_a_python_below_a_folder_with_a_space_is_quoted(script: str) -> None:
    path = Path("script.sh").resolve()
    path.write_text(script.replace("&& python", "&& /a study/.venv/bin/python"))
    job = slurm.Job.of_script(path.read_text())
    job.write(path)
    assert "&& '/a study/.venv/bin/python' -m snakemake" in (job.folder / "job.sh").read_text()


def test_a_submission_answers_the_same_request_and_no_other(script: str) -> None:
    first = slurm.Job.of_script(script)
    Path("script.sh").write_text(script, encoding="utf-8")
    first.write(Path("script.sh").resolve())
    assert slurm.Job.of_script(script).before == [first.key]
    assert first.answers(slurm.Job.of_script(script))
    Path("a 1").write_text("made in the group itself, so no input of the group", encoding="utf-8")
    assert first.answers(slurm.Job.of_script(script))
    Path("in").write_text("another input, of another size", encoding="utf-8")
    assert not first.answers(slurm.Job.of_script(script))
    assert first.holds_its_claims() and not first.is_left_over()


def test_a_job_is_left_over_until_snakemake_has_recorded_it(script: str) -> None:
    job = slurm.Job.of_script(script)
    Path("script.sh").write_text(script, encoding="utf-8")
    job.write(Path("script.sh").resolve())
    for output in job.outputs:
        Path(output).touch()
    slurm.write(job.folder / "exit", "0")
    assert job.is_left_over()
    Path("marks/a").unlink()
    assert not job.is_left_over()


def test_a_job_notes_its_own_number_before_its_end(script: str) -> None:
    job = slurm.Job.of_script(script)
    Path("script.sh").write_text(script, encoding="utf-8")
    job.write(Path("script.sh").resolve())
    (job.folder / "job.sh").write_text("exit 0\n", encoding="utf-8")
    program = workflow.ROOT / "profiles/slurm/job.py"
    environment = os.environ | {"SLURM_JOB_ID": "37"}
    subprocess.run([sys.executable, "-BSE", program, job.key], check=True, env=environment)
    assert (job.number, job.exit) == ("37", 0)
    assert slurm.Job.of_number("37") == job


def test_what_a_job_needs_outlives_the_run_that_submitted_it(script: str) -> None:
    folder = Path("tmp.x").resolve()
    folder.mkdir()
    (folder / "job").write_text(script + f"# --wait-for-files-file {folder}/job.waitforfiles.txt")
    (folder / "job.waitforfiles.txt").write_text(f"{folder}\nin")
    job = slurm.Job.of_script(script)
    job.write(folder / "job")
    kept = job.folder.resolve()
    assert f"--wait-for-files-file {kept}/job.sh.waitforfiles.txt" in (kept / "job.sh").read_text()
    assert (kept / "job.sh.waitforfiles.txt").read_text() == f"{kept}\nin"


@pytest.mark.parametrize(
    ("state", "printed", "words"),
    [
        ("OUT_OF_MEMORY", "", "out of memory; it had 4000 MB"),
        (
            "FAILED",
            "error: Job 7 exceeded memory limit (2 > 1), being killed",
            "memory",
        ),
        ("FAILED", "slurmstepd: error: Detected 1 oom_kill event in StepId=7.batch.", "memory"),
        ("TIMEOUT", "", "out of time; its limit was 62 minutes"),
        ("NODE_FAIL", "", "its node n2 was lost"),
        ("CANCELLED by 1001", "", "cancelled by user 1001"),
        ("CANCELLED", "", "cancelled with scancel"),
        ("CANCELLED+", "", "cancelled with scancel"),
        ("PREEMPTED", "", "another job took its place"),
        ("", "", "Slurm no longer knows the job"),
        ("LAUNCH_FAILED", "", "Slurm says LAUNCH_FAILED"),
    ],
)
def test_causes_are_told_in_words(script: str, state: str, printed: str, words: str) -> None:
    job = slurm.Job.of_script(script)
    assert words in status.cause(job, state, {}, printed, "n2")


@pytest.mark.parametrize(
    ("message", "passes"),
    [
        ("sbatch: error: Unable to contact slurm controller (connect failure)", True),
        ("Batch job submission failed: Socket timed out on send/recv operation", True),
        ("Batch job submission failed: Zero Bytes were transmitted or received", True),
        ("error: QOSMaxSubmitJobPerUserLimit", True),
        ("Batch job submission failed: Invalid partition name specified", False),
        ("Batch job submission failed: Requested node configuration is not available", False),
        ("Batch job submission failed: Invalid account or account/partition combination", False),
    ],
)
def test_what_passes_is_waited_for(message: str, passes: bool) -> None:
    assert bool(slurm.PASSING.search(message)) == passes
