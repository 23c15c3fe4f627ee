"""A part of a study is asked for by names and patterns, for a run and its plan alike."""

from pathlib import Path

import pytest
import workflow
from test_plan import program

from study import targets
from study.deciding.jobs import CannotPlan, Job, Plan

MADE = ["results/figures/a.svg", "results/figures/b.svg", "results/records/curves/a.json"]


@pytest.fixture
def study(monkeypatch) -> None:
    """A study that makes three results."""
    jobs = [Job("made", {}, (), (path,), (), "") for path in MADE]
    monkeypatch.setattr(targets, "planned", lambda arguments: Plan(jobs, []))


def test_a_pattern_stands_for_all_that_it_fits(study) -> None:
    assert targets.expanded([], ["results/figures/*"]) == MADE[:2]
    assert targets.expanded([], ["results/*/a.*", MADE[0]]) == [MADE[0], MADE[2]]
    assert targets.expanded([], ["as it is"]) == ["as it is"]


def test_a_pattern_that_fits_nothing_is_answered_with_a_name(study) -> None:
    with pytest.raises(CannotPlan, match=r"no result of this study fits results/figs/\*; did you"):
        targets.expanded([], ["results/figs/*"])


def test_a_run_and_a_plan_are_of_what_is_asked_for(tmp_path: Path) -> None:
    folder = workflow.copy_checkout(tmp_path / "study")
    part = "results/datasets/jumps/0/t*.parquet"
    *_, counted, why, names = program(folder, "plan", "--", part).splitlines()
    assert (counted, why) == ("2 jobs; 2 have to run:", "  not there yet")
    assert set(names.strip().split(", ")) == {"jumps jumps 0 test", "jumps jumps 0 train"}
    said = program(folder, "run", "--cores", "1", "--", part)
    assert "The report" not in said
    made = {path.name for path in (folder / "results/datasets/jumps/0").glob("*.parquet")}
    assert made == {"test.parquet", "train.parquet"}
    assert "nothing to be done" in program(folder, "run", "--cores", "1", "--", part)
    said = program(folder, "run", "--dry-run", "--", "results/datasets/jumps/1/test.parquet")
    assert "1 job; 1 has to run:" in said and not (folder / "results/datasets/jumps/1").exists()
    wrong = "results/datasets/jump/0/test.parquet"
    said = program(folder, "run", "--cores", "1", "--", wrong, check=False)
    assert f"{wrong}: no such result; did you mean results/datasets/jumps/0/test.parquet?" in said


def test_targets_stand_before_all_options_or_behind_a_double_dash() -> None:
    options = ["--configfile", "a.yaml", "--config", "scale=smoke"]
    assert targets.split(["results/a", *options]) == (options, ["results/a"])
    assert targets.split([*options, "--", "results/a"]) == (options, ["results/a"])
    assert targets.split(options) == (options, [])


def test_a_result_in_the_place_of_a_preset_is_named(study, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CannotPlan, match=r"results/a: a result, where a preset is expected"):
        targets.plan_of(["--configfile", "results/a"], [])


def test_a_preset_that_is_not_there_is_answered_with_one(tmp_path: Path) -> None:
    folder = workflow.copy_checkout(tmp_path / "study")
    for name in ("plan", "run"):
        said = program(folder, name, "--configfile", "config/chen2017/mnsit.yaml", check=False)
        wanted = "config/chen2017/mnsit.yaml: no such preset; did you mean"
        assert said == f"{wanted} config/chen2017/mnist.yaml?\n"


@pytest.mark.parametrize("variable", ["HOME", "TMPDIR"])
def test_a_folder_that_cannot_be_written_is_not_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    folder = workflow.copy_checkout(tmp_path / "a $HOME and `b`")
    monkeypatch.setenv(variable, "/proc/none")
    target = "results/datasets/jumps/0/test.parquet"
    assert "1 job; 1 has to run" in program(folder, "plan", "--", target)
    program(folder, "run", "--cores", "1", "--", target)
    assert (folder / target).exists()


def test_a_result_in_the_place_of_a_setting_is_named(study) -> None:
    with pytest.raises(CannotPlan, match=r"results/a: --config takes name=value; put results fi"):
        targets.plan_of(["--config", "scale=smoke", "results/a"], [])
