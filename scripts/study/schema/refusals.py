"""Why a name or a set can't stand where it does, in words: what is found, what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from study.schema.section import at_epoch

if TYPE_CHECKING:
    from study.schema.config import Config


def nearest(wrong: object, allowed: Iterable[str]) -> str:
    """'allowed: ...' with the nearest right name first, for an error message."""
    names = sorted(allowed)
    close = difflib.get_close_matches(str(wrong), names, n=1, cutoff=0.5)
    hint = f"did you mean '{close[0]}'? " if close else ""
    return f"{hint}allowed: {', '.join(names) or 'none'}"


def not_among(name: str, allowed: Iterable[str]) -> Iterable[str]:
    """Why a name can't stand where others are allowed, if it can't."""
    if name not in allowed:
        yield f"found '{name}'; {nearest(name, allowed)}"


def no_model(config: Config, name: str, allowed: Iterable[str]) -> Iterable[str]:
    """Why there is no model of this name, or no such checkpoint of it, if there is none.

    allowed: the models that can stand there, and what else can.
    """
    model = at_epoch(name)[0]
    if name == model or model not in config.models:
        yield from not_among(name, allowed)
    elif not config.is_model(name):
        kept = ", ".join(f"{model}@{epoch}" for epoch in config.models[model].kept())
        yield f"found '{name}'; allowed: {kept or 'none'} (models.{model}.checkpoints)"


def no_set(config: Config, wanted: str) -> Iterable[str]:
    """Why there is no set of this name, dataset/split, if there is none."""
    dataset, split = wanted.split("/")
    problems = list(not_among(dataset, config.datasets))
    yield from problems or not_among(split, config.splits(dataset))


def no_jumps(config: Config, dataset: str) -> Iterable[str]:
    """Why there is no set of jump signals of this name, if there is none."""
    problems = list(not_among(dataset, config.datasets))
    yield from problems
    if not problems and config.datasets[dataset].kind != "jumps":
        yield f"{dataset} is not a set of kind jumps"


def no_jumps_set(config: Config, wanted: str) -> Iterable[str]:
    """The same of one split of a set, dataset/split."""
    problems = list(no_set(config, wanted))
    yield from problems
    if not problems and config.datasets[wanted.split("/")[0]].kind != "jumps":
        yield f"{wanted} is not of a set of kind jumps"


def too_few_draws(config: Config, method: str, dataset: str) -> Iterable[str]:
    """Why a model or detector has more replicates than a set has draws, if it has."""
    draws, replicates = config.most_draws(dataset), config.made_of(method)
    if draws is not None and draws < replicates:
        yield (
            f"{dataset} has {draws} draws, one per replicate of the model that is attacked; "
            f"{method} is made in {replicates} replicates"
        )


def misfit(config: Config, name: str, wanted: str) -> Iterable[str]:
    """Why a model or a detector can't be shown a set, dataset/split, if it can't.

    It takes inputs and classes of the size that it was made for, and a draw per replicate.
    """
    dataset = wanted.split("/")[0]
    takes = config.detectors.get(name) or config.model(name)
    trained, shown = config.origin(takes.dataset), config.origin(dataset)
    if (shown.width, shown.classes) == (trained.width, trained.classes):
        yield from too_few_draws(config, name, dataset)
        return
    yield (
        f"{wanted} has {shown.width} inputs and {shown.classes} classes, "
        f"{name} takes {trained.width} and {trained.classes}"
    )
