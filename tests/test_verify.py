"""Verification by somebody else: each kind of damage is found and named by the step for it."""

import json
import random
import shutil
import tarfile
from pathlib import Path

import archives
import pandas as pd
import pytest
import workflow

from study import fixity
from study.archiving.unpack import unpack
from study.verify import main

TABLE = "results/analyses/errors.parquet"
FIGURE = "results/figures/chen2017-3.7.svg"
RECORD = "results/records/error_histograms/chen2017-3.7.json"
REPORT = "results/report/report.html"
WEIGHTS = "results/models/mlp-2/0-1/weights.safetensors"


@pytest.fixture(scope="module")
def unpacked(packed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack(packed, tmp_path_factory.mktemp("unpacked") / "bag")


@pytest.fixture
def bag(unpacked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(unpacked, tmp_path / "bag"))


def verify(capsys: pytest.CaptureFixture[str], *arguments: Path | str) -> tuple[int, str]:
    """The exit code of verification and what it said."""
    code = main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_an_untouched_archive_passes_every_step(
    packed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = verify(capsys, packed, "--closure", "--replay", FIGURE)
    assert code == 0, said
    assert "all as stated" in said
    assert "all follows" in said
    assert "2 files made again: 1 bytes, 1 content, 0 within, 0 different" in said


def test_a_folder_is_verified_as_it_is_and_left_alone(
    bag: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in bag.rglob("*")}
    assert verify(capsys, bag, "--closure")[0] == 0
    assert {path: path.stat().st_mtime_ns for path in bag.rglob("*")} == before


@pytest.mark.parametrize(
    "name",
    [f"data/{TABLE}", f"data/{WEIGHTS}", "data/config.yaml", "bag-info.txt", "manifest-sha256.txt"],
)
def test_one_flipped_bit_is_found_and_named(packed: Path, tmp_path: Path, name: str) -> None:
    start, size = archives.place(packed, name)
    damaged = flipped(packed, tmp_path / "damaged.tar", start + size // 2)
    run = archives.isolated(fixity.__file__, damaged)
    assert run.returncode == 1
    assert f"altered   {name}" in run.stdout


def test_a_flipped_bit_is_found_wherever_it_is(packed: Path, tmp_path: Path) -> None:
    draw = random.Random(1)
    for _ in range(30):
        damaged = flipped(packed, tmp_path / "damaged.tar", draw.randrange(packed.stat().st_size))
        try:
            assert fixity.check(damaged).problems
        except fixity.Refused as refused:
            assert str(refused)


def test_a_flipped_bit_behind_a_long_name_is_found(packed: Path, tmp_path: Path) -> None:
    with tarfile.open(packed) as tar:
        member = next(
            each for each in tar if each.pax_headers and each.offset_data > each.offset + 512
        )
    damaged = flipped(packed, tmp_path / "damaged.tar", member.offset + 1023)
    with pytest.raises(fixity.Refused, match="followed by bytes that are no entry"):
        fixity.check(damaged)


def flipped(archive: Path, damaged: Path, place: int) -> Path:
    """A copy of an archive with one bit changed."""
    shutil.copy(archive, damaged)
    with damaged.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 4]))
    return damaged


def test_a_missing_an_extra_and_an_altered_file_are_named(bag: Path) -> None:
    (bag / "data" / FIGURE).unlink()
    (bag / "data" / "results" / "new.txt").write_text("new")
    (bag / "data" / "Makefile").write_text("all:\n")
    (bag / "data" / "link").symlink_to("/etc/passwd")
    found = {(problem.what, problem.path) for problem in fixity.check(bag).problems}
    assert found == {
        ("missing", f"data/{FIGURE}"),
        ("extra", "data/results/new.txt"),
        ("altered", "data/Makefile"),
        ("extra", "data/link"),
        ("altered", "bag-info.txt"),
    }


def test_an_archive_cut_short_is_refused(packed: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.tar"
    cut.write_bytes(packed.read_bytes()[: packed.stat().st_size // 2])
    run = archives.isolated(fixity.__file__, cut)
    assert run.returncode == 2
    assert run.stderr.startswith("refused")


def test_an_edited_table_is_found_by_closure(
    bag: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = pd.read_parquet(bag / "data" / TABLE)
    table.loc[0, "value"] = 0.0
    table.to_parquet(bag / "data" / TABLE)
    edited = archives.repacked(bag, tmp_path / "edited.tar")
    code, said = verify(capsys, edited, "--closure")
    assert code == 1
    assert "all as stated" in said
    assert f"altered   {TABLE}" in said


def test_an_edited_table_with_an_edited_record_is_found_by_what_was_made_of_it(
    bag: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = pd.read_parquet(bag / "data" / TABLE)
    table.loc[0, "value"] = 0.0
    table.to_parquet(bag / "data" / TABLE)
    forge(bag, "results/records/errors.json", TABLE)
    code, said = verify(capsys, archives.repacked(bag, tmp_path / "edited.tar"), "--closure")
    assert code == 1
    assert f"older     results/claims/parts.parquet: made from another {TABLE}" in said


def forge(bag: Path, record: str, *outputs: str) -> None:
    """Let a record and the crate say that the outputs are as they are now."""
    path, crate = bag / "data" / record, bag / "data" / "ro-crate-metadata.json"
    content = json.loads(path.read_text())
    for output in outputs:
        digest = fixity.check(bag).digests[f"data/{output}"]
        crate.write_text(crate.read_text().replace(content["outputs"][output], digest))
        content["outputs"][output] = digest
    path.write_text(json.dumps(content))


def test_a_figure_from_an_older_run_is_found_by_closure(
    bag: Path, study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workflow.edit_config(study, {"detectors": {"gaussian-derivative": {"tau": 2.0}}})
    workflow.snakemake(study, "--", FIGURE)
    for part in (FIGURE, RECORD):
        shutil.copy(study / part, bag / "data" / part)
    forge(bag, RECORD, FIGURE)
    code, said = verify(capsys, archives.repacked(bag, tmp_path / "older.tar"), "--closure")
    assert code == 1
    table = "results/analyses/predictions/gaussian-derivative/0-1/jumps/test.parquet"
    assert f"older     {FIGURE}: made from another {table}" in said


def test_a_report_forged_with_its_record_is_found_by_replay(
    bag: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = bag / "data" / REPORT
    report.write_text(report.read_text().replace("</html>", "<!-- nicer --></html>"))
    forge(bag, "results/records/report.json", REPORT)
    forged = archives.repacked(bag, tmp_path / "forged.tar")
    code, said = verify(capsys, forged, "--closure", "--replay", REPORT)
    assert code == 1
    assert "all follows" in said
    assert f"different {REPORT}  text: value " in said
    assert "nicer" in said


def test_other_code_and_another_config_are_named(
    bag: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    module = bag / "data/scripts/glassbox/analyses/errors.py"
    module.write_text(module.read_text() + "\n\nPRINTED = PRINTED[:1]\n")
    workflow.edit_config(bag / "data", {"report": {"title": "Another"}})
    (bag / "data/results/records/error_histograms/chen2017-3.7.json").unlink()
    (bag / "data/results/claims/mine.parquet").write_bytes(b"mine")
    code, said = verify(capsys, archives.repacked(bag, tmp_path / "other.tar"), "--closure")
    assert code == 1
    lines = said.splitlines()
    assert any(line.startswith("  config    results/records/report.json") for line in lines)
    code_lines = [line for line in lines if line.startswith("  code ")]
    assert {line.split()[1] for line in code_lines} >= {
        "results/records/report_page/chen2017.json:"
    }
    assert all("glassbox.analyses.errors.PRINTED" in line for line in code_lines)
    assert any(line.startswith(f"  missing   {RECORD}") for line in lines)
    assert any(line.startswith(f"  extra     {FIGURE}: no record") for line in lines)
    assert any(line.startswith("  extra     results/claims/mine.parquet") for line in lines)


def test_a_target_that_no_job_makes_is_named(
    packed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = verify(capsys, packed, "--replay", "results/figures/none.svg")
    assert code == 1
    assert "results/figures/none.svg: no job of the archive makes it" in said


def test_fixity_by_the_verifier_needs_nothing_but_python(packed: Path) -> None:
    run = archives.isolated(workflow.ROOT / "scripts/study/verify.py", packed)
    assert run.returncode == 0, run.stderr


def test_a_sound_archive_is_unpacked_and_a_damaged_one_is_not(
    packed: Path, unpacked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(capsys, packed, "--unpack", tmp_path / "out")[0] == 0
    assert fixity.check(tmp_path / "out").digests == fixity.check(unpacked).digests
    assert verify(capsys, packed, "--unpack", tmp_path / "out")[0] == 1
    start, _ = archives.place(packed, "data/LICENSE")
    damaged = flipped(packed, tmp_path / "damaged.tar", start)
    assert verify(capsys, damaged, "--unpack", tmp_path / "other")[0] == 1
    assert not (tmp_path / "other").exists()
