"""Runs of the workflow at the smoke scale in copies of this checkout, and what they read."""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import yaml

from study import schema
from study.archiving.dry_run import INDENT
from study.schema import works

ROOT = Path(__file__).resolve().parents[1]
PARTS = ["Snakefile", "config.yaml", "config", "rules", "scripts", "profiles", "envs", "docs"]
SMOKE = ["--config", "scale=smoke"]  # another --config among the arguments takes its place
JOB = re.compile(r"^(?:local)?rule (\w+):\n((?:    .*\n)+)", re.MULTILINE)


def copy_checkout(folder: Path) -> Path:
    """Copy what a run needs of this checkout."""
    ignore = shutil.ignore_patterns("__pycache__")
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy2
        options = {"ignore": ignore} if (ROOT / part).is_dir() else {}
        (folder / part).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / part, folder / part, **options)
    return folder


def programs() -> list[Path]:
    """The programs that rules run."""
    others = {"glassbox", "jobs", "study"}
    paths = sorted((ROOT / "scripts").glob("*/*.py"))
    return [path for path in paths if path.parent.name not in others]


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "snakemake", *SMOKE, *arguments]


def snakemake(folder: Path, *arguments: str, check: bool = True) -> str:
    """Run Snakemake at the smoke scale and return all that it printed."""
    run = subprocess.run(
        command(*arguments),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert not check or run.returncode == 0, run.stdout[-6000:]
    return run.stdout


RULES = """
include: "Snakefile"
import json
Path("rules.json").write_text(json.dumps({
    each.name: {
        "docstring": each.docstring,
        "shell": each.shellcmd,
        "output": {name: str(path) for name, path in each.output.items()},
        "log": list(map(str, each.log)),
        "benchmark": str(each.benchmark or ""),
        "conda": str(each.conda_env or ""),
        "resources": sorted(each.resources),
        "group": each._group,  # which the property tells for a cluster alone
        "params": {name: value for name, value in each.params.items() if isinstance(value, str)},
    }
    for each in workflow.rules
}))
"""


@cache
def rules() -> dict[str, dict]:
    """What each rule of the workflow says, as Snakemake understands it, but `all`."""
    with tempfile.TemporaryDirectory() as name:
        folder = copy_checkout(Path(name) / "study")
        (folder / "rules.smk").write_text(RULES)
        snakemake(folder, "--snakefile", "rules.smk", "--dry-run", "--quiet")
        found = json.loads((folder / "rules.json").read_text())
    del found["all"]
    return found


def would_run(folder: Path, *arguments: str) -> dict[str, set[str]]:
    """The outputs of the jobs that a run would make now, by rule."""
    return jobs(snakemake(folder, "--dry-run", *arguments))


def jobs(printed: str) -> dict[str, set[str]]:
    """The outputs of the jobs that a dry run names, by rule."""
    found: dict[str, set[str]] = {}
    for rule, body in JOB.findall(INDENT.sub("", printed)):
        outputs = re.search(r"^    output: (.*)$", body, re.MULTILINE)
        if outputs:
            found.setdefault(rule, set()).add(outputs[1].split(", ")[0])
    return found


def forget(folder: Path, name: str) -> None:
    """Remove what a job made, and its record, named by its path below results/records."""
    record = folder / "results/records" / name
    for output in json.loads(record.read_text())["outputs"]:
        (folder / output).unlink()
    record.unlink()


def edit_config(folder: Path, change: dict) -> None:
    """Lay `change` over config.yaml, as its user would."""
    path = folder / "config.yaml"
    config = works.laid_over(yaml.safe_load(path.read_text()), change)
    path.write_text(yaml.safe_dump(config, sort_keys=False))


def content(*changes: dict, **asked: object) -> dict:
    """The whole config of the default study, with changes laid over it.

    asked: other values for keys of config.yaml, such as `scale` and `works`.
    """
    user = {**yaml.safe_load((ROOT / "config.yaml").read_text()), **asked}
    laid = works.layers(user, ROOT / "config")
    return works.merged([*laid, *(("", change) for change in changes)])


def preset(name: str) -> dict:
    """A file of a work that is no scale, to lay over one."""
    return yaml.safe_load((ROOT / "config" / name).read_text())


@cache
def configured(file: str) -> schema.Config:
    """The config of a scale's file, or the published scale with a file that is laid over it."""
    path = Path(file)
    is_scale = path.stem in ("laptop", "published")
    over = [] if is_scale else [preset(file.removeprefix("config/"))]
    scale = path.stem if is_scale else "published"
    return schema.load(content(*over, scale=scale, works=[path.parent.name]))


def results(folder: Path) -> dict[str, Path]:
    """All files of results by their relative path, without records and Snakemake's time stamps."""
    files = {
        str(path.relative_to(folder)): path
        for path in (folder / "results").rglob("*")
        if path.is_file() and path.name != ".snakemake_timestamp"
    }
    return {name: path for name, path in files.items() if not name.startswith("results/records/")}


def incomplete(folder: Path) -> set[str]:
    """The outputs that Snakemake had begun and not finished."""
    markers = (folder / ".snakemake/incomplete").rglob("*")
    return {base64.b64decode(marker.name).decode() for marker in markers if marker.is_file()}
