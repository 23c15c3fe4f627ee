"""What is wrong with a value, in words: the key's path, what was found, what is allowed."""

import re
from collections.abc import Mapping
from typing import Any, get_args, get_origin

from study.schema.config import Config
from study.schema.refusals import nearest
from study.schema.section import Section, kind_of

# Keys of former configs, * for a name, and what stands in their place.
MOVED = {
    "networks": "models, with build: mlp or cnn-1d",
    "bottlenecks": "models, one per width, with build: mlp and all widths in hidden",
    "classifiers": "models, with build: lenet or resnet44",
    "models.*.kind": "build",
    "models.*.widths": "hidden, in one model per width",
    "models.*.around": "hidden, with the widths before and after the bottleneck",
    "models.*.folder": "weights.folder",
    "models.*.file": "weights.file",
    "models.*.accuracy": "weights.accuracy",
    "models.*.within": "weights.within",
    "models.*.recipe.epochs": "max_epochs, with stop: epochs",
    "libraries": "analyses, of the kinds libraries and consistency; datasets, of kind attack",
    "figures.*.network": "model",
    "figures.*.classifier": "model",
    "figures.*.networks": "models",
    "figures.*.columns.*.network": "model",
    "detectors.*.network": "model",
    "figures.*.bottlenecks": "models, the list of those whose widths are compared",
}


# What is a number in most languages, and text in YAML 1.1, which wants a point and a sign.
NUMBER = re.compile(r"[+-]?(\d+([.]\d*)?|[.]\d+)[eE][+-]?\d+")


class ConfigError(Exception):
    """All that is wrong with a config, one problem per line."""


def describe(detail: dict, merged: Mapping[str, Any]) -> str:
    """One problem that pydantic found, in the words of the config."""
    path = _config_path(detail["loc"], merged)
    where = ".".join(map(str, path))
    if moved := _moved(path, detail):
        return moved
    if detail["type"] == "extra_forbidden":
        names = _section_at(detail["loc"][:-1]).model_fields
        return f"{where}: unknown key; {nearest(path[-1], names)}"
    if detail["type"] == "missing":
        return f"{where}: required, but missing"
    if detail["type"] in ("union_tag_invalid", "union_tag_not_found"):
        union = _section_at(detail["loc"])
        kinds, key = _by_kind(union), _key_of(union)
        if key not in detail["input"]:
            return f"{where}.{key}: required, but missing; {nearest('', kinds)}"
        found = detail["input"][key]
        for now, section in kinds.items():
            if section.former == found:
                return f"{where}.{key}: {found!r} is now called {now!r}"
        return f"{where}.{key}: found {found!r}; {nearest(found, kinds)}"
    if hint := _read_otherwise(detail):
        return f"{where}: {hint}"
    if detail["type"] == "literal_error":
        allowed = [option.strip("' ") for option in _options(detail["ctx"]["expected"])]
        return f"{where}: found {detail['input']!r}; {nearest(detail['input'], allowed)}"
    if detail["type"] in ("model_type", "model_attributes_type", "dict_type"):
        return f"{where}: found {detail['input']!r}; must be a section of keys"
    return f"{where}: found {detail['input']!r}; {detail['msg'][0].lower()}{detail['msg'][1:]}"


def _read_otherwise(detail: dict) -> str | None:
    """What YAML 1.1 made of a word or number that was meant otherwise, and what to write."""
    found = detail["input"]
    if isinstance(found, bool) and detail["type"] in ("string_type", "literal_error"):
        words = "yes, on and true" if found else "no, off and false"
        return f"found {found}, which is how YAML reads {words}; write a word in quotes"
    if isinstance(found, str) and NUMBER.fullmatch(found) and "string" not in detail["type"]:
        return f"found the text '{found}'; YAML wants a point in such a number: {float(found):.1e}"
    return None


def _moved(path: list, detail: dict) -> str | None:
    """What stands in place of a former key; it may be in a section that lacks its kind."""
    if detail["type"] == "union_tag_not_found":
        inside = ([*path, key] for key in detail["input"])
        return next(filter(None, map(_new_place, inside)), None)
    return _new_place(path) if detail["type"] == "extra_forbidden" else None


def _new_place(path: list) -> str | None:
    for old, new in MOVED.items():
        steps = old.split(".")
        if len(steps) == len(path) and all(
            step in ("*", found) for step, found in zip(steps, path, strict=True)
        ):
            return f"{'.'.join(map(str, path))}: no longer a key; in its place: {new}"
    return None


def _options(expected: str) -> list[str]:
    return expected.replace(" or ", ", ").split(", ")


def _config_path(location: tuple, merged: Any) -> list:
    """The location without what pydantic adds: tags of a section's kind, types of a value."""
    path, here, is_tagged = [], merged, False
    for position, step in enumerate(location):
        last = position == len(location) - 1
        names_a_type = isinstance(step, str) and not isinstance(here, Mapping | None)
        if step == "[key]" or names_a_type:
            continue
        if not last and not is_tagged and _is_tag(step, here):
            is_tagged = True
            continue
        path.append(step)
        is_tagged = False
        reachable = isinstance(here, Mapping) and step in here
        here = here[step] if reachable or (isinstance(here, list) and step < len(here)) else None
    return path


def _is_tag(step: str | int, here: Any) -> bool:
    return isinstance(here, Mapping) and step in (here.get("kind"), here.get("build"))


def _section_at(location: tuple) -> Any:
    """The type of the part of the config at pydantic's location."""
    part: Any = Config
    for step in location:
        part = _step_into(part, step)
    return part


def _step_into(part: Any, step: str | int) -> Any:
    if isinstance(part, type):
        annotation = part.model_fields[step].annotation
        optional = type(None) in get_args(annotation)
        return get_args(annotation)[0] if optional else annotation
    if get_origin(part) in (dict, list):
        return get_args(part)[-1]
    return _by_kind(part)[step]


def _by_kind(union: Any) -> dict[str, type[Section]]:
    """The sections of a union by the key that tells them apart."""
    sections, key = get_args(get_args(union)[0]), _key_of(union)
    return {kind_of(each, key): each for each in sections}


def _key_of(union: Any) -> str:
    """The key that tells the sections of a union apart."""
    return get_args(union)[1].discriminator
