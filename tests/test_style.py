"""Lint and format of rules and programs, and documentation that the schema makes."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import workflow
import yaml

from study.writing import document


@pytest.mark.parametrize(
    "tool",
    [
        ["ruff", "check", "scripts", "tests", "benchmarks", "profiles"],
        ["ruff", "format", "--check", "scripts", "tests", "benchmarks", "profiles"],
        ["snakefmt", "--check", "Snakefile", "rules", "tests/slurm/Snakefile"],
    ],
    ids=["ruff-check", "ruff-format", "snakefmt"],
)
def test_formatting_is_clean(tool: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, "-m", *tool], cwd=workflow.ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_lint_is_clean(tmp_path: Path) -> None:
    folder = workflow.copy_checkout(tmp_path / "study")
    assert "Congratulations, your workflow is in a good condition" in workflow.snakemake(
        folder, "--lint"
    )


def test_every_rule_has_docstring_log_benchmark_and_resources() -> None:
    for name, rule in workflow.rules().items():
        for wanted in ("docstring", "log", "benchmark", "conda", "output"):
            assert rule[wanted], f"{name} lacks {wanted}"
        assert {"mem_mb", "runtime", "disk_mb"} <= set(rule["resources"]), name


def rules() -> dict[str, dict]:
    """The rules by name; those of attacks, one per set and block, are of three kinds."""
    of_attack = re.compile("^(attacks|attack_paths|evading_paths)_digits_.*$")
    return {of_attack.sub(r"\1", name): rule for name, rule in workflow.rules().items()}


def test_every_rule_has_the_program_of_its_name() -> None:
    for name, rule in rules().items():
        command = rule["shell"].replace("{params.program:q}", rule["params"].get("program", ""))
        (program,) = re.findall(rf"python (scripts/\w+/{name}\.py) ", command)
        assert (workflow.ROOT / program).is_file(), name


def test_every_rule_has_code_a_log_and_a_record_of_its_own() -> None:
    assert len({rule["params"]["code"] for rule in rules().values()}) == len(rules())
    for name, rule in rules().items():
        for path in (rule["output"]["record"], *rule["log"], rule["benchmark"]):
            assert re.match(rf"(results/records|logs)/{name}[./]", path), name


def test_the_documentation_is_that_of_the_schema() -> None:
    assert document.page() == (workflow.ROOT / "docs/config.md").read_text()
    assert document.json_schema() == (workflow.ROOT / "config/schema.json").read_text()


def test_conda_gets_the_pins_of_the_environment() -> None:
    file = workflow.ROOT / "envs/environment.yaml"
    assert document.conda_environment() == file.read_text()
    python, pip, packages = yaml.safe_load(file.read_text())["dependencies"]
    wanted = (workflow.ROOT / "envs/requirements.txt").read_text().splitlines()
    wanted = [line.split()[0] for line in wanted if line and line[0] not in "#-"]
    assert (python, pip, packages["pip"]) == ("python=3.11", "pip", wanted)


def test_the_library_knows_nothing_of_the_workflow() -> None:
    library = workflow.ROOT / "scripts/glassbox"
    for path in set(library.rglob("*.py")) - {library / "__init__.py"}:  # which asks the reader
        text = path.read_text()
        assert "snakemake" not in text.lower(), path
        assert not re.search(r"(from|import) (study|jobs|argparse)\b", text), path
        assert "results/" not in text, path


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_runs_the_commands_of_the_readme() -> None:
    readme = (workflow.ROOT / "README.md").read_text()
    for target in ("study", "test"):
        assert f"make {target}" in readme
        run = subprocess.run(
            ["make", "--dry-run", target], cwd=workflow.ROOT, capture_output=True, text=True
        )
        assert run.returncode == 0, run.stderr


STAGES = ["datasets", "models", "activations", "analyses", "claims", "figures", "maps", "report"]


def test_no_stage_of_the_library_imports_a_later_one() -> None:
    library = workflow.ROOT / "scripts/glassbox"
    for path in library.rglob("*.py"):
        stage = path.relative_to(library).with_suffix("").parts[0]
        later = STAGES[STAGES.index(stage) + 1 :] if stage in STAGES else STAGES
        imported = re.findall(r"^ *from glassbox\.(\w+)", path.read_text("utf-8"), re.MULTILINE)
        assert not set(later) & set(imported), path
