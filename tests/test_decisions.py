"""What has to be made again, as the records and the files tell, whatever Snakemake remembers."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import workflow

from glassbox.processors import mixture
from study import schema
from study.deciding import packages
from study.deciding.decisions import Decisions
from study.deciding.jobs import Job
from study.deciding.known_code import KnownCode
from study.deciding.known_files import KnownFiles
from study.deciding.reasons import of_arguments
from study.deciding.sections import Sections

MATCH = "nothing would run"
ERRORS = "results/analyses/errors.parquet"
VERDICTS = "results/claims/verdicts.parquet"
DUMP = "results/activations/lenet-digits/0-1/digits/test/0/FC1.parquet"
TRAINED = "results/records/training/mlp-2/0-1.json"


def plan(folder: Path, *arguments: str, **environment: str) -> str:
    """The plan of the smoke study in a folder."""
    return say(folder, "plan", *arguments, **environment)


def say(folder: Path, program: str, *arguments: str, **environment: str) -> str:
    ended = subprocess.run(
        [sys.executable, f"scripts/study/{program}.py", *workflow.SMOKE, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env=os.environ | environment,
    )
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    return ended.stdout


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, path
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_results_that_match_are_adopted_without_metadata(study: Path) -> None:
    shutil.rmtree(study / ".snakemake")
    said = plan(study)
    assert "read, since they are new here or were touched: " in said
    assert MATCH in said
    assert "read, since" not in plan(study)
    assert "nothing to be done" in say(study, "run")
    assert "Nothing to be done" in workflow.snakemake(study)


FORGETTING = {
    "no metadata": lambda study: shutil.rmtree(study / ".snakemake"),
    "cleaned up": lambda study: workflow.snakemake(study, "--cleanup-metadata", ERRORS, VERDICTS),
    "touched": lambda study: workflow.snakemake(study, "--touch", "--forceall"),
}


@pytest.mark.parametrize("forget", FORGETTING.values(), ids=FORGETTING)
def test_a_change_is_seen_whatever_snakemake_forgot(study: Path, forget) -> None:
    workflow.edit_config(study, {"datasets": {"jumps": {"noise": 0.3}}})
    replace(study / "scripts/glassbox/analyses/deviations.py", "torch.float64", "torch.double")
    replace(study / "scripts/glassbox/claims/chen2017/claims.yaml", "year: 2017", "year: 2018")
    forget(study)
    said = plan(study)
    assert re.search(r"config: datasets\.jumps\.noise: [\d.]+ -> 0\.3\n", said)
    assert "code: glassbox.analyses.deviations." in said
    assert "input: scripts/glassbox/claims/chen2017/claims.yaml changed" in said
    assert "missing metadata" not in said
    assert re.search(r"by the records of such jobs, \d+ (s|min) of work on one core", said)


def test_a_file_that_is_gone_does_not_hide_that_its_config_changed(study: Path) -> None:
    workflow.edit_config(study, {"models": {"mlp-2": {"recipe": {"learning_rate": 0.02}}}})
    (study / "results/models/mlp-2/0-1/weights.safetensors").unlink()
    assert "models.mlp-2.recipe.learning_rate" in plan(study, "--", VERDICTS)


def test_a_missing_file_is_missed_after_a_run_of_a_part(study: Path) -> None:
    say(study, "run", "--", VERDICTS)
    figure, signals = "results/figures/chen2017-3.7.svg", "results/datasets/jumps/0/train.parquet"
    for name in (figure, signals):
        (study / name).unlink()
    assert MATCH in plan(study, "--", VERDICTS), "what it was made of is what it was"
    (study / DUMP).unlink()
    assert f"not as its job made it: {DUMP} is gone" in plan(study, "--", VERDICTS)
    said = plan(study)
    assert "not there yet\n" in said
    assert "jumps jumps 0 train" in said
    assert "error_histograms chen2017-3.7" in said
    say(study, "run")
    assert all((study / name).exists() for name in (figure, signals, DUMP))
    assert MATCH in plan(study)


def in_place(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


def another_table(path: Path) -> None:
    shutil.copy(path.with_name("verdicts.parquet"), path)


ALTERING = {DUMP: in_place, ERRORS: in_place, "results/claims/parts.parquet": another_table}


@pytest.mark.parametrize("is_kept", [False, True], ids=["new time", "time kept"])
def test_altered_files_are_found_and_named(study: Path, is_kept: bool) -> None:
    plan(study)  # knows all files
    before = {name: (study / name).read_bytes() for name in ALTERING}
    for name, alter in ALTERING.items():
        times = (study / name).stat()
        alter(study / name)
        if is_kept:
            os.utime(study / name, ns=(times.st_atime_ns, times.st_mtime_ns))
    said = plan(study)
    for name in ALTERING:
        assert f"not as its job made it: {name}" in said
    assert "3 have to run" in said
    say(study, "run")
    assert {name: (study / name).read_bytes() for name in ALTERING} == before
    assert MATCH in plan(study)


def test_a_file_that_no_job_made_in_a_folder_of_dumps_is_found(study: Path) -> None:
    shutil.copy(study / DUMP, (study / DUMP).with_name("FC9.parquet"))
    assert f"{DUMP.replace('FC1', 'FC9')}, which no job made" in plan(study)


def test_what_was_made_of_a_forgery_is_made_again(study: Path) -> None:
    true = (study / ERRORS).read_bytes()
    in_place(study / ERRORS)
    record = study / "results/records/claims.json"
    told = json.loads(record.read_text())
    told["inputs"][ERRORS] = KnownFiles(study / "none.json").digest(study / ERRORS)
    record.write_text(json.dumps(told))
    said = say(study, "run")
    assert (study / ERRORS).read_bytes() == true
    assert "made from what is different now\n    claims" in said
    assert MATCH in plan(study)


WIRING = {
    "roles exchanged": (
        "models.smk",
        " --train {input.train:q} --validation {input.validation:q}",
        " --train {input.validation:q} --validation {input.train:q}",
        "told: --train results/datasets",
    ),
    "outputs exchanged": (
        "claims.smk",
        " --verdicts {output.verdicts:q} --parts {output.parts:q}",
        " --verdicts {output.parts:q} --parts {output.verdicts:q}",
        "told: --parts results/claims/parts.parquet -> results/claims/verdicts.parquet",
    ),
    "order": (
        "report.smk",
        "--figures {input.figures:q}",
        "--figures $(printf '%s ' {input.figures:q})",
        "command: that of the rule report_page changed",
    ),
    "another option": (
        "analysis_data.smk",
        "*network_of(w.model), *replicates_told(w)]",
        '*network_of(w.model), "--checkpoint", "0", *replicates_told(w)]',
        "told: --checkpoint (not set) -> 0",
    ),
    "a variable in front": (
        "claims.smk",
        '"python scripts/claims/claims.py',
        '"PYTHONHASHSEED=1 python scripts/claims/claims.py',
        "command: that of the rule claims changed",
    ),
}


@pytest.mark.parametrize(("rule", "old", "new", "why"), WIRING.values(), ids=WIRING)
def test_what_a_job_is_told_counts_in_full_and_in_order(
    study: Path, rule: str, old: str, new: str, why: str
) -> None:
    replace(study / "rules" / rule, old, new)
    assert why in plan(study)


TOLD = {
    "nothing": ("--set a/b --x 1", []),
    "place": ("--set a/b --x 1 --device cuda --threads 4 --record results/r.json", []),
    "another value": ("--set a/c --x 1", ["told: --set a/b -> a/c"]),
    "another value of several": ("--set a/b --x 1 2", ["told: --x (not set) -> 2"]),
    "a flag": ("--set a/b --x 1 --best", ["told: --best is given"]),
    "an option less": ("--set a/b", ["told: --x 1 -> (not set)"]),
    "another input": (
        "--set a/b --x 1 --y results/new",
        ["input: results/new is new"],
    ),
}


@pytest.mark.parametrize(("now", "reasons"), TOLD.values(), ids=TOLD)
def test_what_a_job_is_told_otherwise_is_named(now: str, reasons: list[str]) -> None:
    record = {"program": "a/b", "arguments": ["--set", "a/b", "--x", "1"]}
    job = Job("rule", {}, ("results/new",), (), f"python scripts/a/b.py {now} > logs/a 2>&1")
    assert list(of_arguments(job, record)) == reasons


def test_inputs_that_exchange_their_roles_are_named() -> None:
    record = {"program": "a/b", "arguments": ["--x", "results/a", "--y", "results/b"]}
    command = "python scripts/a/b.py --x results/b --y results/a > logs/a 2>&1"
    job = Job("rule", {}, ("results/a", "results/b"), (), command)
    assert list(of_arguments(job, record)) == [
        "told: --x results/a -> results/b",
        "told: --y results/b -> results/a",
    ]


def test_what_snakemake_puts_before_every_command_counts(study: Path) -> None:
    snakefile = study / "Snakefile"
    snakefile.write_text(
        snakefile.read_text().replace(
            "fingerprint_commands()", 'shell.prefix("export LC_ALL=C; ")\nfingerprint_commands()'
        )
    )
    assert "command: that of the rule claims changed" in plan(study)


def test_other_versions_count_where_they_are_imported(study: Path) -> None:
    other = {"openTSNE": "0.9", "scipy": "0.1", "Jinja2": "0.1", "ruff": "0.1"}
    for record in (study / "results/records").rglob("*.json"):
        told = json.loads(record.read_text())
        told["environment"]["packages"] |= other
        record.write_text(json.dumps(told))
    said = plan(study)
    assert re.search(
        r"  package: opentsne 0.9 -> \S+\n  package: scipy .*\n    .*projections \d", said
    )
    assert "package: jinja2 0.1 -> " in said
    assert "ruff" not in said
    due = said.partition("behind them")[0]
    assert not re.search(r"\btraining \d", due), "torch needs Jinja2, but not to train"
    assert "jumps 8" not in said


def test_another_python_counts(study: Path) -> None:
    record = study / "results/records/claims.json"
    told = json.loads(record.read_text())
    told["environment"]["python"] = "3.10.9"
    record.write_text(json.dumps(told))
    assert "Python 3.10 -> 3.11\n    claims" in plan(study)
    told["environment"]["python"] = "3.11.0"
    record.write_text(json.dumps(told))
    assert MATCH in plan(study), "a patch of Python is none of another language"


def test_a_mixture_is_of_what_can_round_differently() -> None:
    one = {"device": "cpu: A", "instructions": ["openblas Haswell", "torch AVX2"]}
    other = {"device": None, "instructions": ["openblas SkylakeX"]}
    assert mixture([one, one, {"device": None}]) is None
    assert mixture([one, one, other]) == "openblas on Haswell (2 jobs), on SkylakeX (1 jobs)"


def test_a_device_counts_for_nothing_but_a_mixture_is_told(study: Path) -> None:
    record = study / TRAINED
    told = json.loads(record.read_text())
    told["device"] = "cuda: NVIDIA H100"
    record.write_text(json.dumps(told))
    said = plan(study)
    assert MATCH in said
    assert "the results are from a mixture of processors: " in said
    assert "on cuda: NVIDIA H100 (1 jobs)" in said
    say(study, "run")
    times = (study / "logs/times.js").read_text(encoding="utf-8")
    assert "Made on a mixture of processors" in times
    assert "NVIDIA H100 (1 jobs)" in times


def test_threads_of_the_shell_do_not_leak_in(study: Path) -> None:
    plan(study, OPENBLAS_NUM_THREADS="2")
    target = "results/analyses/silhouettes/lenet-digits/0-1/digits/test.parquet"
    before = (study / target).read_bytes()
    (study / target).unlink()
    environment = {f"{name}_NUM_THREADS": "2" for name in ("OMP", "OPENBLAS", "MKL")}
    say(study, "run", "--", target, **environment)
    assert (study / target).read_bytes() == before


def test_a_lost_record_is_made_anew_without_its_job(study: Path) -> None:
    before = json.loads((study / TRAINED).read_text())
    weights = study / "results/models/mlp-2/0-1/weights.safetensors"
    times = weights.stat()
    (study / TRAINED).unlink()
    said = plan(study)
    assert f"{TRAINED} is lost, and is made anew: results/records/" in said
    assert MATCH in said
    say(study, "run")
    after = json.loads((study / TRAINED).read_text())
    assert after["adopted"].startswith("results/records/")
    same = {"outputs", "inputs", "config", "code", "fingerprint", "command", "files", "roles"}
    assert {key: after[key] for key in same} == {key: before[key] for key in same}
    assert weights.stat().st_mtime_ns == times.st_mtime_ns
    assert MATCH in plan(study)


def test_a_lost_record_of_an_altered_file_means_to_do_the_job(study: Path) -> None:
    (study / TRAINED).unlink()
    in_place(study / "results/models/mlp-2/0-1/weights.safetensors")
    assert f"its record is lost, and no other tells what lies here: {TRAINED}" in plan(study)


def test_a_lost_record_of_what_was_made_of_other_data_means_to_do_the_job(study: Path) -> None:
    """As after a run that made the data anew and was killed before it trained."""
    workflow.edit_config(study, {"datasets": {"jumps": {"noise": 0.3}}})
    say(study, "run", "--", "results/datasets/jumps/0/train.parquet")
    (study / TRAINED).unlink()
    said = plan(study)
    assert f"its record is lost, and no other tells what lies here: {TRAINED}" in said
    assert "is made anew" not in said


def test_a_record_that_was_made_anew_says_nothing_of_processors(study: Path) -> None:
    (study / TRAINED).unlink()
    say(study, "run")
    record = json.loads((study / TRAINED).read_text())
    assert (record["instructions"], record["device"]) == ([], None)


@pytest.mark.parametrize("option", ["-n", "-np", "--dry-run"])
def test_a_dry_run_writes_no_record(study: Path, option: str) -> None:
    (study / TRAINED).unlink()
    assert f"{TRAINED} is lost" in say(study, "run", option)
    assert not (study / TRAINED).exists()


def test_another_rules_record_tells_nothing_of_a_job_of_ones_own(study: Path) -> None:
    record = study / "results/records/error_histograms/chen2017-3.7.json"
    other = study / "results/records/tsne/chen2017-3.7.json"
    other.parent.mkdir(exist_ok=True)
    record.rename(other)  # as if the figure had been of another kind
    assert "its record is lost, and no other tells" in plan(study)


def test_half_a_record_is_as_good_as_none(study: Path) -> None:
    readers = sorted((study / "results/records/report_page").glob("*.json"))
    halves = {
        **{f"report_page/{path.stem}": "" for path in readers},  # else they tell of what they read
        "report": "",
        "claims": "{}",
        "error_tables/chen2017-3.3": "[1]",
        "error_histograms/chen2017-3.7": '{"outputs": {}, "inputs": {}}',
    }
    for name, half in halves.items():
        (study / f"results/records/{name}.json").write_text(half)
    said = plan(study)
    for name in halves:
        record = f"results/records/{name}.json"
        assert f"its record is lost, and no other tells what lies here: {record}" in said


@pytest.fixture
def known(tmp_path: Path) -> KnownFiles:
    path = tmp_path / "a"
    path.write_bytes(b"one")
    os.utime(path, ns=(0, 0))
    return KnownFiles(tmp_path / "kept.json")


def test_files_are_read_once_and_again_where_their_state_differs(
    known: KnownFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    monkeypatch.setattr(
        "study.deciding.known_files.SETTLED", -(10**18)
    )  # nothing is too new to keep
    first = known.digest(path)
    known.keep()
    again = KnownFiles(known.file)
    assert again.digest(path) == first
    assert not again.read
    path.write_bytes(b"two")
    os.utime(path, ns=(0, 0))
    assert again.digest(path) != first
    assert again.read == {str(path): 3}
    path.unlink()
    assert again.digest(path) is None
    again.keep()
    assert not KnownFiles(known.file).known


def test_what_changed_just_now_is_read_again(known: KnownFiles, tmp_path: Path) -> None:
    path = tmp_path / "a"
    first = known.digest(path)
    path.write_bytes(b"two")
    os.utime(path, ns=(0, 0))
    assert known.digest(path) != first, "though all may have happened within a tick of the clock"


def test_a_file_that_keeps_nothing_of_use_costs_reading(tmp_path: Path) -> None:
    (tmp_path / "kept.json").write_text('{"a": 3}')
    assert KnownFiles(tmp_path / "kept.json").known == {}


def test_a_file_that_cannot_be_read_is_not_as_it_was_made(
    known: KnownFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> str:
        raise PermissionError

    monkeypatch.setattr("study.deciding.known_files.file_sha256", refuse)
    assert known.digest(tmp_path / "a") not in (None, hashlib.sha256(b"one").hexdigest())


def test_a_package_without_metadata_counts_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "left-1.0.dist-info").mkdir()
    (tmp_path / "left-1.0.dist-info/RECORD").write_text("left.py,,\n")
    monkeypatch.syspath_prepend(tmp_path)
    for each in (packages.versions, packages._packages, packages._installed):
        each.cache_clear()
    found = packages.versions(("left", "torch"))
    assert "torch" in found and "left" not in found


def test_a_job_without_a_record_is_left_to_snakemake(tmp_path: Path) -> None:
    known = KnownCode(workflow.ROOT, tmp_path / "c"), KnownFiles(tmp_path / "f")
    decisions = Decisions(*known, Sections(schema.load(workflow.content())))
    assert decisions.own_reasons(Job("all", {}, ("a",), (), "")) == []
