"""The archive of a finished study: the same bytes anywhere, valid for all, and a whole checkout."""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote, unquote

import archives
import pytest
import validators
import workflow

from glassbox.errors import GlassboxError
from study.archive import main, pack
from study.archiving import contents
from study.archiving.dry_run import Chosen, due_jobs
from study.archiving.unpack import unpack
from study.fixity import check

# There is no address of the project or its authors, and a file's name in a crate is relative.
UNKNOWN = {
    "Application url: The Application SHOULD have a url",
    "Organization: RECOMMENDED url property: The organization SHOULD have a URL.",
    "SoftwareApplication id: The SoftwareApplication id SHOULD be an absolute URI",
}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_another_folder_and_other_time_stamps_give_the_same_bytes(
    packed: Path, packed_study: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(packed_study, tmp_path / "elsewhere"))
    for part in ("README.md", "scripts/models/training.py"):
        os.utime(copy / part)
    (copy / "results" / "left over.txt").write_text("of no job")
    (copy / "logs" / "left over.log").write_text("of no job")
    pack(copy, tmp_path / "another name.tar", archives.CHOSEN)
    assert sha256(tmp_path / "another name.tar") == sha256(packed)


def test_the_public_validators_find_nothing(packed: Path, tmp_path: Path) -> None:
    bag = unpack(packed, tmp_path / "bag")
    assert validators.bagit_says(bag) == ""
    recommended = validators.rocrate_issues(bag, tmp_path / "cache", "RECOMMENDED")
    assert set(recommended) <= UNKNOWN
    snakefile = bag / "data" / "Snakefile"
    snakefile.write_text(snakefile.read_text().upper())
    assert "Snakefile" in validators.bagit_says(bag)
    snakefile.unlink()
    assert any("Snakefile" in issue for issue in validators.rocrate_issues(bag, tmp_path / "cache"))


def test_the_crate_tells_the_run_of_every_job(packed: Path) -> None:
    crate = json.loads(archives.read(packed, "data/ro-crate-metadata.json"))
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    assert len(entities) == len(crate["@graph"])
    records = [name for name in archives.names(packed) if name.startswith("data/results/records/")]
    for name in records:
        record = json.loads(archives.read(packed, name))
        job = quote(name.removeprefix("data/results/records/").removesuffix(".json"))
        action = entities[f"#job/{job}"]
        assert action["instrument"] == {"@id": f"scripts/{record['program']}.py"}
        assert (action["startTime"], action["endTime"]) == (record["started"], record["finished"])
        made = {unquote(each["@id"]) for each in action["result"]}
        assert made == {*record["outputs"], name.removeprefix("data/")}
        for output, digest in record["outputs"].items():
            assert entities[quote(output)]["sha256"] == digest
        config = next(each for each in as_list(action["object"]) if each["@id"][0] == "#")
        assert json.loads(entities[config["@id"]]["value"]) == record["config"]
    assert len(entities["#engine-run"]["object"]) == len(records)
    last = {each["@id"] for each in as_list(entities["#report"]["workExample"])}
    assert any("%40" in each for each in last), "of a checkpoint"
    assert last <= entities.keys()


def as_list(value: object) -> list:
    return value if isinstance(value, list) else [value]


def test_the_unpacked_payload_is_a_study_with_nothing_to_do(packed: Path, tmp_path: Path) -> None:
    subprocess.run(["tar", "xf", packed, "-C", tmp_path], check=True)
    (bag,) = tmp_path.iterdir()
    study = bag / "data"
    assert "Nothing to be done" in workflow.snakemake(study)
    workflow.edit_config(study, {"figures": {"chen2017-3.7": {"colour": "#aa3377"}}})
    workflow.edit_config(study, {"detectors": {"step-likelihood": None}})
    workflow.edit_config(study, {"tables": {"chen2017-3.3": {"methods": ["mlp-2"]}}})
    workflow.edit_config(study, {"analyses": {"predictions": {"of": {"step-likelihood": None}}}})
    due = workflow.would_run(study)
    assert due.pop("all", None) is None or due
    assert due["error_histograms"] == {"results/figures/chen2017-3.7.svg"}
    assert due["error_tables"] == {"results/figures/chen2017-3.3.parquet"}
    assert due.keys() == {
        *("errors", "error_histograms", "error_tables", "bottleneck_widths", "claims", "report"),
        "report_page",
    }


def test_an_unfinished_study_is_refused_and_the_jobs_are_named(
    packed_study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = Path(shutil.copytree(packed_study, tmp_path / "study"))
    workflow.edit_config(study, {"report": {"title": "Another"}})
    with pytest.raises(SystemExit) as ended:
        options = ["--study", str(study), *archives.CHOSEN.options()]
        main([str(tmp_path / "out.tar"), *options])
    assert "not finished" in str(ended.value)
    assert "results/report/report.html: Params have changed" in str(ended.value)
    assert not list(tmp_path.glob("*.tar*"))


def test_results_that_are_not_as_recorded_are_refused_and_named(
    packed_study: Path, tmp_path: Path
) -> None:
    study = Path(shutil.copytree(packed_study, tmp_path / "study"))
    with (study / "results/report/report.html").open("a") as page:
        page.write("<!-- by hand -->")
    with pytest.raises(GlassboxError, match=r"not as its job made it: results/report/report.html"):
        pack(study, tmp_path / "out.tar", archives.CHOSEN)
    assert not list(tmp_path.glob("*.tar*"))


def test_a_link_and_a_missing_licence_are_refused(packed_study: Path, tmp_path: Path) -> None:
    study = tmp_path / "study"
    shutil.copytree(packed_study, study, ignore=shutil.ignore_patterns("results", ".snakemake"))
    (study / "config" / "mine.yaml").symlink_to("/etc/passwd")
    with pytest.raises(GlassboxError, match=r"mine.yaml: a link"):
        contents.code(study)
    (study / "LICENSE").unlink()
    with pytest.raises(GlassboxError, match="missing: LICENSE"):
        contents.code(study)


def test_every_part_of_the_checkout_is_packed() -> None:
    git = ["git", "ls-files"]
    run = subprocess.run(git, cwd=workflow.ROOT, capture_output=True, text=True)
    if run.returncode:
        pytest.skip("not a git checkout: which files belong to it can't be told")
    assert set(run.stdout.splitlines()) <= contents.code(workflow.ROOT).keys()


def test_what_was_laid_over_goes_inside_wherever_it_lay(packed_study: Path, tmp_path: Path) -> None:
    study = Path(shutil.copytree(packed_study, tmp_path / "study", symlinks=True))
    preset = tmp_path / "elsewhere" / "mine.yaml"
    preset.parent.mkdir()
    preset.write_text("report: {title: Mine}\n")
    workflow.snakemake(study, "--cores", "1", "--configfile", str(preset))
    chosen = Chosen(["../elsewhere/mine.yaml"], archives.CHOSEN.config)
    pack(study, tmp_path / "mine.tar", chosen)
    shutil.rmtree(preset.parent)
    payload = unpack(tmp_path / "mine.tar", tmp_path / "bag") / "data"
    inside = Chosen(**json.loads((payload / "study.json").read_text())["chosen"])
    assert inside.configfile == ["config/laid-over-0-mine.yaml"]
    assert due_jobs(payload, inside) == []
    assert "<h1>Mine</h1>" in (payload / "results/report/report.html").read_text()
    assert {job.rule for job in due_jobs(payload, archives.CHOSEN)} == {"report"}


def test_a_preset_that_is_not_there_is_named(packed_study: Path, tmp_path: Path) -> None:
    with pytest.raises(GlassboxError, match=r"/elsewhere/mine\.yaml: no such file to lay over"):
        chosen = Chosen(["/elsewhere/mine.yaml"], archives.CHOSEN.config)
        pack(packed_study, tmp_path / "out.tar", chosen)


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_leaves_an_environment_alone_that_it_is_linked_to(tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "bin").mkdir(parents=True)
    (other / "bin/python").write_text('#!/bin/sh\necho ran "$@"\n')
    (other / "bin/python").chmod(0o755)
    checkout = tmp_path / "checkout"
    (checkout / "envs").mkdir(parents=True)
    for name in ("Makefile", "envs/requirements.txt"):
        shutil.copy(workflow.ROOT / name, checkout / name)
    (checkout / ".venv").symlink_to(other)
    ended = subprocess.run(
        ["make", "--no-print-directory", "plan", "PYTHON=false"],
        cwd=checkout,
        capture_output=True,
        text=True,
    )
    assert ended.stdout == "ran scripts/study/plan.py\n", ended.stderr
    assert sorted(path.name for path in other.iterdir()) == ["bin"]


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_runs_the_commands_of_the_page() -> None:
    page = (workflow.ROOT / "docs/archive.md").read_text()
    for target, program in (("archive", "archive.py"), ("verify", "verify.py")):
        assert f"make {target}" in page
        command = ["make", "--dry-run", "--no-print-directory", target, "OPTIONS=--configfile x"]
        run = subprocess.run(command, cwd=workflow.ROOT, capture_output=True, text=True)
        assert f'scripts/study/{program} "archive/glassbox.tar"' in run.stdout, run.stderr
        assert run.stdout.rstrip().endswith("--configfile x")


def original(folder: str, output: str, inputs: dict[str, str] | None = None) -> dict:
    sources = {f"data:{folder}/images.gz": "a" * 64} if folder else {}
    digest = output.replace(".parquet", ".json")
    return {
        "inputs": {**sources, **(inputs or {})},
        "outputs": {output: "b" * 64, digest: "c" * 64},
    }


def test_original_data_is_inside_where_its_licence_allows(tmp_path: Path) -> None:
    for folder in ("mnist", "cifar10", "unheard-of"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "images.gz").write_bytes(b"pixels")
    sets = {name: f"results/datasets/{name}/0/train.parquet" for name in ("mnist", "cifar10", "x")}
    shuffled = "results/datasets/shuffled/0/train.parquet"
    records = {
        "1": original("", shuffled, {sets["cifar10"]: "b" * 64}),
        "2": original("mnist", sets["mnist"]),
        "3": original("cifar10", sets["cifar10"]),
        "4": original("unheard-of", sets["x"]),
        "5": original("", "results/analyses/errors.parquet", {shuffled: "b" * 64}),
    }
    inside, known = contents.original_files(records, tmp_path)
    assert inside == {"data/mnist/images.gz": tmp_path / "mnist" / "images.gz"}
    assert {name: each["inside"] for name, each in known.items()} == {
        "data/cifar10/images.gz": False,
        "data/mnist/images.gz": True,
        "data/unheard-of/images.gz": False,
    }
    assert all(each["sha256"] == "a" * 64 for each in known.values())
    held = contents.not_handed_on(records)
    assert held == dict.fromkeys(sorted([sets["cifar10"], sets["x"], shuffled]), "b" * 64)


def test_fixity_needs_nothing_but_python(packed: Path, tmp_path: Path) -> None:
    alone = shutil.copy(workflow.ROOT / "scripts/study/fixity.py", tmp_path)
    run = archives.isolated(alone, packed)
    assert run.returncode == 0, run.stderr
    assert "all as stated" in run.stdout
    assert len(check(packed).digests) == len(archives.names(packed))
