"""What a run would do, in words, and that equal results start nothing behind them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import workflow

from study import schema
from study.deciding import reasons
from study.deciding.jobs import CannotPlan, Job, Plan, certain, planned
from study.deciding.reasons import differences
from study.deciding.sections import Sections
from study.run import ends, remaining

NOISE = "signals += np.float32(height)"
ONCE = "signals += 1 * np.float32(height)"
ANALYSES = {"predictions", "averages"}
WIDE, NOT_WIDE = "layer.units <= widest", "widest >= layer.units"
HIDDEN, INNER = "return self.layers[1:-1]", "return self.layers[1:][:-1]"


def program(folder: Path, name: str, *arguments: str, check: bool = True) -> str:
    """What `scripts/study/<name>.py` prints."""
    ended = subprocess.run(
        [sys.executable, f"scripts/study/{name}.py", *workflow.SMOKE, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert not check or ended.returncode == 0, ended.stdout[-6000:]
    return ended.stdout


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def job(name: str, reads: str = "", own: bool = True) -> Job:
    return Job(name, {}, tuple(reads.split()), (name,), "", reasons=("own",) * own)


def test_a_job_is_certain_only_if_all_that_it_waits_for_are() -> None:
    jobs = [job("d", "c"), job("c", "b a"), job("b", "a", own=False), job("a"), job("e", "a")]
    found = certain(jobs)
    assert [each.rule for each in found] == ["a", "e"]


def test_a_wave_is_asked_for_by_its_ends() -> None:
    assert sorted(ends([job("a"), job("b", "a"), job("c", "a")])) == ["b", "c"]


def test_what_failed_and_what_waits_for_it_is_not_tried_again() -> None:
    jobs = [job("c", "b"), job("b", "a"), job("a"), job("d")]
    assert [each.rule for each in remaining(jobs, {"a"})] == ["d"]


def test_results_elsewhere_are_left_to_snakemake(monkeypatch: pytest.MonkeyPatch) -> None:
    there = job("s3://bucket/results/a.parquet (send to storage)")
    plan = Plan([there], [])
    monkeypatch.setattr("study.deciding.jobs._dry_run", lambda arguments, sender: sender.send(plan))
    with pytest.raises(CannotPlan, match=r"\(s3://bucket/results/a.parquet\).*\n.*--dry-run"):
        planned([])


def test_differences_name_the_key_and_both_values() -> None:
    old = {"recipe": {"rate": 0.1}, "whole": '{"seed": 1, "same": 2}', "gone": None}
    new = {"recipe": {"rate": 0.2}, "whole": '{"seed": 2, "same": 2}', "hidden": [3]}
    assert list(differences(old, new)) == [
        (("gone",), "null", "(not set)"),
        (("hidden",), "(not set)", "[3]"),
        (("recipe", "rate"), "0.1", "0.2"),
        (("whole", "seed"), "1", "2"),
    ]


def test_a_key_of_what_is_built_is_named_as_the_config_has_it() -> None:
    def model(build: dict, seed: int) -> dict:
        return {"build": build, "seed": seed, "weights": {"file": {"name": str(seed)}}}

    old = model({"kind": "mlp", "hidden": [4]}, 1)
    new = model({"kind": "cnn-1d", "hidden": [5]}, 2)
    command = f"python scripts/models/pretrained.py --config '{json.dumps(new)}'"
    changed = Job("pretrained", {"model": "a"}, (), (), command)
    assert list(reasons.of_config(changed, {"config": old}, ("models", "a"))) == [
        "config: models.a.hidden: [4] -> [5]",
        'config: models.a.build: "mlp" -> "cnn-1d"',
        "config: seed: 1 -> 2",
        'config: models.a.weights.file.name: "1" -> "2"',
    ]


PARDO = Sections(schema.load(workflow.content(works=["pardo2019"])))
CHEN = Sections(schema.load(workflow.content(works=["chen2017"])))


@pytest.mark.parametrize(
    ("sections", "rule", "wildcards", "wanted"),
    [
        (PARDO, "training", {"model": "net1-digits"}, "models.net1-digits"),
        (PARDO, "introspection", {"model": "net1-digits"}, "analyses.introspection"),
        (PARDO, "introspection", {"model": "net2-digits"}, "analyses.introspection-net2"),
        (PARDO, "fit_introspection", {"model": "net2-digits"}, "analyses.introspection-net2"),
        (PARDO, "noise", {"dataset": "digits-noise", "split": "noise-0"}, "datasets.digits-noise"),
        (PARDO, "introspection", {"model": "gone"}, "analyses.introspection"),
        (PARDO, "claims", {}, ""),
        (CHEN, "detections", {"detector": "gaussian-derivative"}, "detectors.gaussian-derivative"),
        (CHEN, "detector_draws", {"experiment": "chen2017-3.1-draws"},
         "experiments.chen2017-3.1-draws"),
        (CHEN, "detection_curves", {"figure": "chen2017-3.3"}, "figures.chen2017-3.3"),
        (CHEN, "error_tables", {"table": "chen2017-3.1"}, "tables.chen2017-3.1"),
    ],
)  # fmt: skip
def test_a_plan_names_the_part_of_the_config_that_a_job_is_about(
    sections: Sections, rule: str, wildcards: dict, wanted: str
) -> None:
    assert ".".join(sections.of(Job(rule, wildcards, (), (), ""))) == wanted


def test_a_finished_study_matches_the_request(finished_study: Path) -> None:
    said = program(finished_study, "plan")
    assert said.endswith("Results match the request: nothing would run.\n")
    assert "nothing to be done" in program(finished_study, "run")


def test_a_quiet_run_has_a_plan_too(tmp_path: Path) -> None:
    study = workflow.copy_checkout(tmp_path / "study")
    assert "not there yet" in program(study, "plan", "--quiet")
    ended = program(study, "run", "--quiet", "--", "results/datasets/jumps/0/test.parquet")
    assert (study / "results/datasets/jumps/0/test.parquet").is_file(), ended


def test_the_plan_names_key_function_file_and_missing_output(study: Path) -> None:
    change = {"models": {"mlp-2": {"recipe": {"learning_rate": 0.02}}}}
    workflow.edit_config(study, change | {"figures": {"chen2017-3.7": {"colour": "#aa3377"}}})
    replace(study / "scripts/glassbox/analyses/deviations.py", "torch.float64", "torch.double")
    replace(study / "scripts/glassbox/claims/chen2017/claims.yaml", "year: 2017", "year: 2018")
    (study / "results/datasets/digits/0/test.parquet").unlink()
    said = program(study, "plan")
    assert "models.mlp-2.recipe.learning_rate: 0.01 -> 0.02" in said
    assert 'figures.chen2017-3.7.colour: "#' in said
    assert '-> "#aa3377"' in said
    assert re.search(r"code: glassbox\.analyses\.deviations\.\w+ changed", said)
    assert "input: scripts/glassbox/claims/chen2017/claims.yaml changed" in said
    assert re.search(r"not there yet\n    images digits 0 test", said)
    assert re.search(r"behind them, .*\n.*activations \d", said)


def test_a_new_input_is_named(study: Path) -> None:
    workflow.edit_config(study, {"analyses": {"predictions": {"of": {"mlp-4": ["jumps/test"]}}}})
    new = "results/analyses/predictions/mlp-4/0-1/jumps/test.parquet"
    assert f"input: {new} is new" in program(study, "plan")


# Figures of averages, and of the errors in all predictions.
PART = ["results/figures/chen2017-3.12.svg", "results/figures/chen2017-4.3.svg"]


@pytest.mark.parametrize(
    ("module", "old", "new", "asked", "redone", "behind"),
    [
        ("datasets/jumps.py", NOISE, ONCE, [], {"jumps"}, {"training", "detections", "report"}),
        ("activations.py", WIDE, NOT_WIDE, PART, {"activations"}, ANALYSES),
        ("activations.py", HIDDEN, INNER, PART, ANALYSES, {"errors", "activation_heatmaps"}),
    ],
    ids=["data set", "dump", "analyses"],
)
def test_equal_results_stop_the_cascade_within_one_command(
    study: Path,
    module: str,
    old: str,
    new: str,
    asked: list[str],
    redone: set[str],
    behind: set[str],
) -> None:
    before = {path: file.read_bytes() for path, file in workflow.results(study).items()}
    times = {path: file.stat().st_mtime_ns for path, file in workflow.results(study).items()}
    replace(study / "scripts/glassbox" / module, old, new)
    said = program(study, "run", "--", *asked)
    assert redone <= ran(said)
    assert not ran(said) & behind
    after = workflow.results(study)
    assert {path: file.read_bytes() for path, file in after.items()} == before
    assert any(file.stat().st_mtime_ns != times[path] for path, file in after.items())
    assert "nothing would run" in program(study, "plan", "--", *asked)


def test_what_comes_out_different_goes_on_to_what_reads_it(study: Path) -> None:
    replace(
        study / "scripts/glassbox/datasets/jumps.py", NOISE, "signals += 2 * np.float32(height)"
    )
    wanted = "results/analyses/predictions/step-likelihood/0-1/jumps/test.parquet"
    before = (study / wanted).read_bytes()
    said = program(study, "run", "--", wanted)
    assert set(re.findall(r"^(?:local)?rule (\w+):", said, re.MULTILINE)) == {"jumps", "detections"}
    assert (study / wanted).read_bytes() != before


def test_a_failure_leaves_what_does_not_wait_for_it_done(study: Path) -> None:
    replace(
        study / "scripts/datasets/jumps.py",
        "def main(arguments: Namespace) -> None:\n",
        "def main(arguments: Namespace) -> None:\n    raise SystemExit('no')\n",
    )
    figure = study / "results/figures/chen2017-6.12-digits.svg"
    figure.unlink()
    said = program(study, "run", check=False)
    assert figure.exists()
    assert re.search(r"left undone: \w", said)
    assert (study / "results/models/mlp-2/0-1/weights.safetensors").exists()
    assert re.search(r"not there yet\n    jumps 8\n", program(study, "plan"))


def ran(said: str) -> set[str]:
    """The rules of the jobs that a run started."""
    return set(re.findall(r"^(?:local)?rule (\w+):", said, re.MULTILINE))


def test_what_is_forced_is_redone_with_all_behind_it(study: Path) -> None:
    said = program(study, "run", "--forcerun", "errors")
    assert {"errors", "claims", "report"} <= ran(said)
    assert "left undone" not in said
    assert said.endswith("The report: results/report/report.html\n")


def test_a_run_until_a_rule_ends_there_and_names_no_report(study: Path) -> None:
    workflow.edit_config(study, {"models": {"mlp-2": {"recipe": {"learning_rate": 0.02}}}})
    said = program(study, "run", "--until", "training")
    assert ran(said) == {"training"}
    assert "The report" not in said
    assert "activations" in program(study, "plan")
