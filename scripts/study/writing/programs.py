"""What each program is told and reads, as the workflow runs it: what `--help` says of it.

    python scripts/study/writing/programs.py

writes programs.json beside it from dry runs of the study: by program the keys of its config slice
with their meanings, the options with what the files are, and a command as an example.
"""

import json
import re
import shlex
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts"))

from study.deciding.jobs import Job, planned  # noqa: E402
from study.deciding.told import by_option, without_place  # noqa: E402
from study.reader import paths, pattern_of  # noqa: E402
from study.schema import Config  # noqa: E402
from study.schema.analyses import KINDS as ANALYSES  # noqa: E402
from study.schema.datasets import KINDS as DATASETS  # noqa: E402
from study.schema.figures import KINDS as FIGURES  # noqa: E402
from study.writing.document import _sections as inner_sections  # noqa: E402

FILE = ROOT / "scripts/study/writing/programs.json"
# Options of Snakemake, the later ones for what the earlier don't run.
STUDIES = (
    ["scale=smoke"],
    ["scale=published"],
    ["scale=smoke", "works=[lee2019]", "analyses={probes: {of: {lenet-digits: [digits/test]}}}"],
)
LONG = 300  # characters of a slice that an example has in the command itself
SEVERAL = 2  # files of an option that an example names

# What keys mean that the config has not, or in other words.
KEYS = {
    "bounds": "least and greatest value that a changed input may have; null: any",
    "build": "what is built: its kind and the keys of this, as under models in the config",
    "cells": "how many points in how many dimensions, each embedded so often",
    "codes": "the fingerprint of each rule's code",
    "colour": "of bars or curves, as #rrggbb",
    "colours": "a colour for each class or curve, as #rrggbb",
    "columns": "a column each: the model, the set and the labels that colour its points",
    "data": "the files that figures and tables are made from",
    "filters": "the filters that are drawn, by their names",
    "height": "of the jump",
    "inputs": "length of a signal, in samples",
    "kind": "which kind of the config's section it is",
    "label": "the class that is shown, from 0",
    "layer": "by its name; input is the zeroth",
    "layers": "the layers that are read, by their names; input is the zeroth",
    "left_out": "what the config asks for and no job makes, in sentences",
    "length": "of a signal, in samples",
    "locations": "of the jumps that the signals of the labels have, in samples",
    "method": "the model or detector that is shown",
    "methods": "models and detectors, in this order",
    "model": "the model that is shown",
    "models": "the models that are shown",
    "noise": "standard deviation of the noise",
    "noisy": "sets of the same example with noise, one for each level",
    "odd": "sets of examples that are to be told from those of the set",
    "ordered": "whether classes are in an order, as locations are, so that neighbours are compared",
    "origins": "rule, config slice and data of each figure and table",
    "others": "models that are drawn beside, each with its set",
    "own": "numbers of replicates of models that have another number",
    "pages": "what each page of the report is called, and its file",
    "panels": "a panel for each of these measures",
    "paths": "the set of attacks' paths that play, dataset/split",
    "per_class": "examples of each class by set",
    "period": "what checkpoints are counted in: epochs or cycles",
    "printed": "what the works print, by method and measure",
    "recipe": "how it is trained: the keys of models.<name>.recipe",
    "replicate": "whose draw and model it is",
    "replicates": "how many count, or are drawn",
    "scale": "the study's scale",
    "seed": "the study's seed, from which all random draws come",
    "set": "the set that is shown, dataset/split",
    "sets": "the sets that are shown, dataset/split",
    "settings": "what the config says of the settings that claims rest on, by work",
    "shape": "of an image: rows, columns and channels",
    "shown": "figures and tables that show a claim, by claim",
    "shown_on": "the page of the report that has the figure: a work, or own",
    "signals": "what the signals are like that are drawn: the keys of a data set of jumps",
    "size": "height and width of an image",
    "sizes": "widths of the bottlenecks that are drawn",
    "stream": "what names the random draws, beside seed and replicate",
    "sweeps": "families of shapes, each along one parameter",
    "title": "of the report",
    "titles": "of figures and tables",
    "walk": "the steps that are taken: towards a class, or at random",
    "whole": "the whole config, as JSON",
    "widest": "layers of more values are left out, and read by running the model",
    "work": "the work whose page it is; null: the page of the user's own models",
}
# The rule of a section of the config which has a second program.
SECTIONS = {"evading_paths": "attack_paths"}


def described() -> dict[str, dict]:
    """By program: keys with their meanings, those that not every job has, options, example."""
    found: dict[str, dict] = {}
    for config in STUDIES:
        jobs = defaultdict(list)
        for job in planned(["--config", *config, "--forceall"]).jobs:
            if job.told:
                jobs[job.told.program].append(job)
        found = {**{name: _program(name, each) for name, each in jobs.items()}, **found}
    return dict(sorted(found.items()))


def _program(name: str, jobs: list[Job]) -> dict:
    jobs = sorted(jobs, key=lambda job: (len(job.command), job.command))
    slices = [job.config for job in jobs]
    keys = sorted({key for each in slices for key in each})
    options: dict[str, str] = {}
    for job in jobs:
        for option, values in by_option(without_place(job.told.arguments)).items():
            options.setdefault(option.split()[0], _kind(values))
    return {
        "keys": {key: meaning(name, key) for key in keys},
        "sometimes": [key for key in keys if not all(key in each for each in slices)],
        "options": {option: said for option, said in sorted(options.items()) if said},
        "example": example(jobs[0]),
    }


def meaning(program: str, key: str) -> str:
    """What a key of a program's slice means, as the schema has it."""
    rule = program.split("/")[1]
    own = [section for section in sections() if _rule(section) == SECTIONS.get(rule, rule)]
    of_own, of_all = _descriptions(own, key), _descriptions(sections(), key)
    if of_own or key in KEYS:
        return of_own[0] if of_own else KEYS[key]
    return of_all[0] if of_all else ""


def _descriptions(among: Sequence[type[BaseModel]], key: str) -> list[str]:
    """What sections say of a key, each thing once."""
    fields = (section.model_fields.get(key) for section in among)
    return list(dict.fromkeys(field.description for field in fields if field and field.description))


@cache
def sections() -> tuple[type[BaseModel], ...]:
    """All sections of the config."""
    return tuple(dict.fromkeys([*ANALYSES, *FIGURES, *_below(Config)]))


def _below(section: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for field in section.model_fields.values():
        for inner, _ in inner_sections(field.annotation):
            yield inner
            yield from _below(inner)


def _rule(section: type[BaseModel]) -> str | None:
    if section in DATASETS:
        return section.rule()
    kind = section.model_fields.get("kind") or section.model_fields.get("build")
    named = get_args(kind.annotation) if kind else ()
    return str(named[0]).replace("-", "_") if named else None


def _kind(values: list[str]) -> str:
    """What the files of an option are, by where the study has them."""
    files = [each for each in values if "/" in each]
    kinds = {
        next(said for pattern, said in _places() if re.fullmatch(pattern, each)) for each in files
    }
    return kinds.pop() if len(kinds) == 1 else "files of several kinds" if kinds else ""


@cache
def _places() -> list[tuple[str, str]]:
    tables = [(pattern_of(path), f"table {name}") for name, path in paths().items()]
    return [
        *tables,
        (r"results/datasets/.*\.parquet", "data set (Parquet: example_id, label, values)"),
        (r"results/activations/.*[^.]json|results/activations/.*[^n]", "folder of activations"),
        (r"results/.*/model\.json", "what a model is built as (JSON)"),
        (r"results/.*\.safetensors", "weights (safetensors)"),
        (r"results/.*\.svg", "figure (SVG)"),
        (r"results/.*\.json", "digest (JSON)"),
        (r"results/report/.*", "report (HTML)"),
        (r"results/.*\.parquet", "table (Parquet)"),
        (r"results/.*", "folder"),
        (r".*\.html", "template of a page (Jinja2)"),
        (r"docs/.*\.md", "page of the documentation (Markdown)"),
        (r".*\.txt", "packages and their versions"),
        (r".*\.(css|js)", "style or script of the pages"),
        (r".*\.yaml", "file of the project (YAML)"),
        (r".*", ""),
    ]


def example(job: Job) -> str:
    """A job's command, without what is about the run; a long slice comes from a file."""
    words: list[Any] = []
    slice_ = ""
    for option, values in _options(without_place(job.told.arguments)):
        if option == "--config" and len(values[0]) > LONG:
            values, slice_ = ["-"], " < slice.json"
        kept = values if option == "--replicates" else values[: SEVERAL + 1]
        words += [option, *map(shlex.quote, kept)]
        words += ["..."] if len(kept) < len(values) else []
    return f"python scripts/{job.told.program}.py {' '.join(words)}{slice_}"


def _options(arguments: list[str]) -> Iterator[tuple[str, list[str]]]:
    seen = set()
    for word in re.split(r"\x00(?=--)", "\x00".join(arguments)):
        option, *values = word.split("\x00")
        if option not in seen:
            yield option, values
        seen.add(option)


def write() -> None:
    """Bring the file up to date."""
    text = json.dumps(described(), indent=1, ensure_ascii=False)
    FILE.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    write()
