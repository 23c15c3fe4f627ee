"""What belongs in the archive of a study: a whole checkout with its results."""

import base64
import binascii
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from glassbox.errors import GlassboxError
from study.archiving.dry_run import Job
from study.deciding import fingerprint

REQUIRED = (
    "CITATION.cff",
    "LICENSE",
    "README.md",
    "Snakefile",
    "config.yaml",
    "config",
    "envs",
    "profiles",
    "rules",
    "scripts",
)
FURTHER = (
    ".ci",
    ".gitignore",
    ".snakemake-workflow-catalog.yml",
    ".zenodo.json",
    "CHANGELOG.md",
    "Makefile",
    "benchmarks",
    "codemeta.json",
    "docs",
    "pyproject.toml",
    "tests",
)
LEFTOVERS = {"__pycache__", ".pytest_cache", ".ruff_cache", ".hypothesis", ".ipynb_checkpoints"}
METADATA = ".snakemake/metadata"
LICENCES = Path(__file__).with_name("licences.yaml")


def code(study: Path) -> dict[str, Path]:
    """The files of the checkout that aren't results, by path.

    Raises GlassboxError when one is missing that every study has.
    """
    missing = [part for part in REQUIRED if not (study / part).exists()]
    if missing:
        raise GlassboxError(f"{study}: not a whole checkout, missing: {', '.join(missing)}")
    parts = [part for part in (*REQUIRED, *FURTHER) if (study / part).exists()]
    return {name: path for part in parts for name, path in _plain_files(study, part)}


def laid_over(study: Path, presets: Sequence[str], code: Collection[str]) -> dict[str, Path]:
    """The files that were laid over the config, in their order, by the paths that they get inside.

    One of the checkout keeps its own; one from elsewhere gets a new one below config/.
    """
    inside = {}
    for place, name in enumerate(presets):
        file = study / name
        if not file.is_file():
            raise GlassboxError(f"{file}: no such file to lay over the config")
        own = os.path.relpath(file, study)
        path = own if own in code else f"config/laid-over-{place}-{file.name}"
        if path in inside or (path != own and path in code):
            raise GlassboxError(f"{file}: would be {path} inside, which is there already")
        inside[path] = file
    return inside


def own_code(study: Path, records: Mapping[str, dict]) -> dict[str, Path]:
    """The files that hold the code of models of a user's own, by path.

    Raises GlassboxError for one outside of the checkout.
    """
    builds = (record["config"].get("build", {}) for record in records.values())
    named = {(build["file"], build["class"]) for build in builds if build.get("file")}
    found = {}
    for file, name in sorted(named):
        for path in fingerprint.files_of_definition(study / file, name):
            if not path.resolve().is_relative_to(study.resolve()):
                raise GlassboxError(
                    f"{path}: not in the checkout, so not inside\n"
                    "  what to do: put it there, and name it by its path from there"
                )
            found[path.resolve().relative_to(study.resolve()).as_posix()] = path
    return found


def made(study: Path, jobs: Iterable[Job]) -> dict[str, Path]:
    """The outputs of all jobs with their logs, and Snakemake's metadata of them."""
    outputs = {output for job in jobs for output in job.outputs}
    logs = {log for job in jobs for log in job.logs if (study / log).exists()}
    files = {name: path for part in outputs | logs for name, path in _plain_files(study, part)}
    metadata = study / METADATA
    for path in metadata.rglob("*") if metadata.is_dir() else []:
        if path.is_file() and _decoded(path.relative_to(metadata)) in outputs:
            files[path.relative_to(study).as_posix()] = path
    return files


def original_files(
    records: Mapping[str, dict], data: Path
) -> tuple[dict[str, Path], dict[str, dict]]:
    """Original data files that may be handed on, by path, and what is known of all of them.

    What is known: sha256, licence, source, and whether the file is inside. A set that
    licences.yaml doesn't name isn't handed on.
    """
    licences = yaml.safe_load(LICENCES.read_text())
    inside, known = {}, {}
    for record in records.values():
        for name, digest in record["inputs"].items():
            if not name.startswith("data:"):
                continue
            path = name.removeprefix("data:")
            terms = licences.get(path.split("/")[0], {})
            allowed = terms.get("inside", False) and (data / path).is_file()
            if allowed:
                inside[f"data/{path}"] = data / path
            known[f"data/{path}"] = {
                "sha256": digest,
                "licence": terms.get("licence", "unknown"),
                "source": terms.get("source", "unknown"),
                "inside": allowed,
            }
    return inside, dict(sorted(known.items()))


def not_handed_on(records: Mapping[str, dict]) -> dict[str, str]:
    """Data sets made of original files that may not be handed on, with their SHA-256."""
    licences = yaml.safe_load(LICENCES.read_text())
    held: dict[str, str] = {}
    before = -1
    while before != len(held):
        before = len(held)
        for record in records.values():
            originals = [name for name in record["inputs"] if name.startswith("data:")]
            folders = {name.removeprefix("data:").split("/")[0] for name in originals}
            closed = any(not licences.get(each, {}).get("inside", False) for each in folders)
            if closed or held.keys() & record["inputs"].keys():
                held |= {
                    name: digest
                    for name, digest in record["outputs"].items()
                    if name.startswith("results/datasets/") and not name.endswith(".json")
                }
    return dict(sorted(held.items()))


def _plain_files(study: Path, part: str) -> Iterator[tuple[str, Path]]:
    """The files of a part of a study by path, leftovers of tools apart."""
    top = study / part
    for path in [top, *(sorted(top.rglob("*")) if top.is_dir() else [])]:
        relative = path.relative_to(study)
        if LEFTOVERS & set(relative.parts) or path.suffix in (".pyc", ".part"):
            continue
        if path.is_symlink():
            raise GlassboxError(f"{path}: a link, which can't be packed; put the file in its place")
        if path.is_file():
            yield relative.as_posix(), path


def _decoded(path: Path) -> str:
    """The output that a file of Snakemake's metadata is about."""
    name = "".join(part.removeprefix("@") for part in path.parts)
    try:
        return base64.b64decode(name, altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
