"""The slice of the config that each job depends on, as canonical JSON.

Keys are sorted and defaults filled in, so that two configs which mean the same give the same
string, and a job is rerun when its own slice changes and for no other key.
"""

import json
from typing import Any

from pydantic import BaseModel

from study.schema import Config, RecipeSection, ShapeSection


def canonical(content: Any) -> str:
    """One line of JSON with sorted keys; sections of the config are spelled out."""
    return json.dumps(content, sort_keys=True, default=_plain, separators=(",", ":"))


def _plain(section: BaseModel) -> dict:
    return section.model_dump(mode="json")


def dataset(config: Config, name: str, draw: int, split: str) -> str:
    """What one split of one draw of a set depends on, beside the set that it is made from."""
    section = config.datasets[name]
    if section.kind == "jumps":
        keys = ("length", "first", "last", "height", "noise")
        slice_ = {key: getattr(section, key) for key in keys}
        slice_["per_class"] = section.per_class[split]
        return canonical({**_stream(config, name, draw, split), **slice_})
    if section.kind == "shapes":
        return canonical(_shapes(config, name))
    if section.kind == "shuffled-labels":
        return canonical(_stream(config, name, draw, split))
    return canonical({"kind": section.kind, "split": split, **_images(config, name, split)})


def _shapes(config: Config, name: str) -> dict:
    section = config.datasets[name]
    signals = config.datasets[section.of]
    keys = ("length", "first", "last", "height", "noise")
    return {
        **{key: getattr(signals, key) for key in keys},
        "location": section.location,
        "shapes": {name: _shape(shape) for name, shape in section.shapes.items()},
        "sweeps": {
            name: {
                "parameter": sweep.parameter,
                "values": sweep.values,
                "fixed": _shape(sweep.fixed),
            }
            for name, sweep in section.sweeps.items()
        },
    }


def _shape(shape: ShapeSection) -> dict:
    """What is not as in the plain step."""
    return shape.model_dump(exclude_none=True, exclude_defaults=True)


def _images(config: Config, name: str, split: str) -> dict:
    section = config.datasets[name]
    held_out = {} if split == "test" else {"validation": section.validation}
    if section.kind == "digits":
        return {"test": section.test, **held_out, **_stream(config, name)}
    slice_ = section.model_dump(include={"classes", "folder", "download"})
    slice_["files"] = section.files.test if split == "test" else section.files.train
    return slice_ if split == "test" else {**slice_, **held_out, **_stream(config, name)}


def _stream(config: Config, *names: str | int) -> dict:
    """What names a random stream: see glassbox.seeds."""
    return {"seed": config.seed, "stream": ["datasets", *names]}


def model(config: Config, name: str, replicates: list[int]) -> str:
    """What a block of replicates of a network depends on, beside its data."""
    network = config.networks[name]
    return canonical(
        {
            "seed": config.seed,
            "network": name,
            "replicates": replicates,
            "hidden": network.hidden,
            "start": network.start,
            "recipe": network.recipe.model_dump(exclude=_unused(network.recipe)),
        }
    )


def _unused(recipe: RecipeSection) -> set[str]:
    return set() if recipe.stop == "validation-loss" else {"patience"}


def detector(config: Config, name: str) -> str:
    """What a detector depends on, beside its signals."""
    section = config.detectors[name]
    signals = config.datasets[section.dataset]
    slice_ = {"kind": section.kind, "first": signals.first, "last": signals.last}
    if section.kind == "step-likelihood":
        return canonical({**slice_, "height": signals.height})
    if section.kind == "blind-step-likelihood":
        return canonical(slice_)
    if section.search == "signal":
        slice_ |= {"first": 2, "last": signals.length}
    return canonical({**slice_, "window": section.window, "tau": section.tau})


def experiment(config: Config, name: str) -> str:
    """What an experiment depends on, beside the sets that it reads."""
    section = config.experiments[name]
    slice_ = section.model_dump(exclude={"kind", "dataset", "set"})
    if section.kind == "filter-search":
        return canonical(slice_)
    if section.kind == "filter-widths":
        signals = config.datasets[section.dataset]
        slice_ |= {key: getattr(signals, key) for key in ("length", "first", "last")}
    return canonical({**slice_, "seed": config.seed, "stream": ["experiments", name]})


def neighbourhoods(config: Config, dataset: str, split: str) -> str:
    """What the neighbours in the layers of a network on a set depend on."""
    return canonical(_points(config, dataset, split))


def projection(config: Config, dataset: str, split: str) -> str:
    """What the maps of the layers of a network on a set depend on."""
    points = _points(config, dataset, split)
    return canonical({**points, "perplexity": config.projection.perplexity})


def _points(config: Config, dataset: str, split: str) -> dict:
    """Which examples are looked at; the same ones in every network and layer."""
    chosen = config.projection.model_dump(include={"points", "neighbours"})
    stream = ["projection", config.labelled(dataset), split]
    return {**chosen, "seed": config.seed, "stream": stream}


def report(config: Config, origins: dict) -> str:
    """What the report shows beside its inputs: titles, the whole config, where figures are from."""
    titles = {name: each.title for name, each in {**config.figures, **config.tables}.items()}
    return canonical(
        {
            "title": config.report.title,
            "seed": config.seed,
            "replicates": config.replicates,
            "titles": titles,
            "whole": canonical(_without_place(config)),
            **origins,
        }
    )


def _without_place(config: Config) -> dict:
    return config.model_dump(mode="json", exclude={"device"})


def claims(config: Config) -> str:
    """What the tests of the claims depend on, beside the tables of the analyses.

    How many replicates count, and the examples per class behind averaged activations, whose noise
    the tests allow for.
    """
    averaged = sorted({one for sets in config.analyses.averages.values() for one in sets})
    per_class = {one: _per_class(config, *one.split("/")) for one in averaged}
    known = {one: count for one, count in per_class.items() if count}
    return canonical({"replicates": config.replicates, "per_class": known})


def _per_class(config: Config, name: str, split: str) -> int | None:
    """The examples per class of a set that has equally many of each, as drawn signals do."""
    return config.origin(name).per_class[split] if config.draws(name) else None


def figure(config: Config, name: str) -> str:
    """What a figure depends on, beside its data; the title is the report's."""
    section = config.figures[name]
    slice_ = section.model_dump(exclude={"kind", "title"})
    if section.kind in ("heatmaps", "tsne"):
        of = section.set if section.kind == "heatmaps" else section.columns[0].set
        shown = config.origin(of.split("/")[0])
        return canonical({**slice_, "first": shown.first if shown.kind == "jumps" else None})
    if section.kind in ("responses", "weights"):
        return canonical(slice_)
    return canonical({**slice_, "replicates": config.replicates})


def table(config: Config, name: str) -> str:
    """What a table depends on, beside its data; the title is the report's."""
    return canonical(config.tables[name].model_dump(exclude={"title"}))
