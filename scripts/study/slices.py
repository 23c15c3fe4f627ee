"""The slice of the config that each job depends on, as canonical JSON.

Keys are sorted and defaults filled in, so that two configs which mean the same give the same
string, and a job is rerun when its own slice changes and for no other key.
"""

import json
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from glassbox.claims.settings import asked_for
from glassbox.claims.works import Work, printed
from study import pages
from study.paths import Study
from study.schema import Config
from study.schema.every import figures
from study.schema.figures import Exhibit, Explored, Table
from study.shown import shown


def canonical(content: Any) -> str:
    """One line of JSON with sorted keys; sections of the config are spelled out."""
    return json.dumps(content, sort_keys=True, default=_plain, separators=(",", ":"))


def _plain(section: BaseModel) -> dict:
    return section.model_dump(mode="json")


def dataset(config: Config, name: str, draw: int = 0, split: str = "") -> str:
    """What one split of one draw of a set depends on, beside the set that it is made from.

    Of attacks, all draws and, but for paths, all splits depend on the same.
    """
    return canonical(config.datasets[name].slice(config, name, draw, split))


def model(config: Config, name: str, replicates: list[int]) -> str:
    """What a block of replicates of a model depends on, beside its data."""
    section = config.models[name]
    built = {"name": name, "build": section.architecture()}
    if code := section.code():
        built["code"] = code
    if section.weights:
        unused = {"key"} if section.weights.key is None else set()
        return canonical({**built, "weights": section.weights.model_dump(exclude=unused)})
    return canonical(
        {
            **built,
            "seed": config.seed,
            "stream": section.stream,
            "replicates": replicates,
            "recipe": section.recipe.slice(),
            "start": section.start,
            "checkpoints": section.checkpoints,
        }
    )


def detector(config: Config, name: str) -> str:
    """What a detector depends on, beside its signals."""
    return canonical(config.detectors[name].slice(config))


def experiment(config: Config, name: str) -> str:
    """What an experiment depends on, beside the set that it reads."""
    return canonical(config.experiments[name].slice(config, name))


def analysis(
    config: Config, kind: str, model: str, wanted: str | None, layer: str | None = None
) -> str:
    """What a job of a kind of analysis depends on, beside what it reads."""
    return canonical(config.analysis(kind, model, wanted).slice(config, model, wanted, layer))


def report(config: Config, navigation: list, left_out: list[str]) -> str:
    """What the pages about all works show beside their inputs, the whole config among it."""
    return canonical(
        {
            "title": config.report.title,
            "seed": config.seed,
            "scale": config.scale,
            **counts(config),
            "pages": navigation,
            "left_out": left_out,
            "whole": canonical(_without_place(config)),
        }
    )


def report_page(config: Config, page: str, navigation: list, exhibits: dict) -> str:
    """What a page of the report shows beside its inputs: which figures, and where they are from.

    models: on the page of the user's own, the figures of each model of which all analyses are
    asked.
    """
    own = {model: [name for name, _ in drawn] for model, drawn in figures(config).items()}
    of_work = page in config.works
    return canonical(
        {
            "work": page if of_work else None,
            "scale": config.scale,
            **({} if of_work else {**counts(config), "models": own}),
            "pages": navigation,
            **exhibits,
        }
    )


def _without_place(config: Config) -> dict:
    return config.model_dump(mode="json", exclude={"device", "save_every"})


def claims(config: Config, works: Iterable[Work]) -> str:
    """What the tests of the claims depend on, beside the tables of the analyses.

    How many replicates count, of all and of models with another number, the examples per class
    behind averaged activations, whose noise the tests allow for, the scale, what the config says
    of the settings that the works' claims rest on, and which of its figures and tables show them.
    """
    averaged = sorted({one for sets in config.asked("averages").values() for one in sets})
    per_class = {one: _per_class(config, *one.split("/")) for one in averaged}
    known = {one: count for one, count in per_class.items() if count}
    whole = config.model_dump(mode="json")
    settings = {work.name: asked_for(work.settings, whole) for work in works}
    slice_ = {**counts(config), "per_class": known, "scale": config.scale, "settings": settings}
    return canonical({**slice_, "shown": shown(config, works)})


def counts(config: Config) -> dict:
    """How many replicates count, and of which models another number does."""
    return {"replicates": config.replicates, "own": config.own_counts()}


def _per_class(config: Config, name: str, split: str) -> int | None:
    """The examples per class of a set that has equally many of each, as drawn signals do."""
    drawn = config.datasets[config.labelled(name)]
    return drawn.per_class[split] if drawn.kind == "jumps" else None


def exhibit(study: Study, shown: Exhibit) -> str:
    """What a figure or a table depends on, beside its data; the title is the report's."""
    return canonical(shown.slice(study))


def explored(study: Study, name: str, page: Explored) -> str:
    """What the page to explore a figure depends on, beside its data."""
    shown_on = pages.page_of(study.config, name)
    title = study.config.figures[name].title
    return canonical({"title": title, "shown_on": shown_on, **page.settings})


def table(study: Study, shown: Table, works: Iterable[Work]) -> str:
    """What a table depends on, beside its data: also what the works print of its methods."""
    return canonical({**shown.slice(study), "printed": printed(works, shown.methods)})
