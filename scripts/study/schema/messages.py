"""What is wrong with a value, in words: the key's path, what was found, what is allowed."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, get_args, get_origin

from study.schema.config import Config
from study.schema.section import Section


def nearest(wrong: object, allowed: Iterable[str]) -> str:
    """'allowed: ...' with the nearest right name first, for an error message."""
    names = sorted(allowed)
    close = difflib.get_close_matches(str(wrong), names, n=1, cutoff=0.5)
    hint = f"did you mean '{close[0]}'? " if close else ""
    return f"{hint}allowed: {', '.join(names) or 'none'}"


def describe(detail: dict, merged: Mapping[str, Any]) -> str:
    """One problem that pydantic found, in the words of the config."""
    path = _config_path(detail["loc"], merged)
    where = ".".join(map(str, path))
    if detail["type"] == "extra_forbidden":
        names = _section_at(detail["loc"][:-1]).model_fields
        return f"{where}: unknown key; {nearest(path[-1], names)}"
    if detail["type"] == "missing":
        return f"{where}: required, but missing"
    if detail["type"] in ("union_tag_invalid", "union_tag_not_found"):
        kinds = _by_kind(_section_at(detail["loc"]))
        if "kind" not in detail["input"]:
            return f"{where}.kind: required, but missing; {nearest(None, kinds)}"
        found = detail["input"]["kind"]
        return f"{where}.kind: found {found!r}; {nearest(found, kinds)}"
    if detail["type"] == "literal_error":
        allowed = [option.strip("' ") for option in _options(detail["ctx"]["expected"])]
        return f"{where}: found {detail['input']!r}; {nearest(detail['input'], allowed)}"
    if detail["type"] in ("model_type", "model_attributes_type", "dict_type"):
        return f"{where}: found {detail['input']!r}; must be a section of keys"
    return f"{where}: found {detail['input']!r}; {detail['msg'][0].lower()}{detail['msg'][1:]}"


def _options(expected: str) -> list[str]:
    return expected.replace(" or ", ", ").split(", ")


def _config_path(location: tuple, merged: Any) -> list:
    """The location without the tags that pydantic adds for the kinds of a section."""
    path, here = [], merged
    for position, step in enumerate(location):
        last = position == len(location) - 1
        if isinstance(here, Mapping) and step not in here and not last and step == here.get("kind"):
            continue
        if step == "[key]":
            continue
        path.append(step)
        reachable = isinstance(here, Mapping) and step in here
        here = here[step] if reachable or (isinstance(here, list) and step < len(here)) else None
    return path


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
    """The sections of a union by the `kind` that tells them apart."""
    sections = get_args(get_args(union)[0])
    return {get_args(each.model_fields["kind"].annotation)[0]: each for each in sections}
