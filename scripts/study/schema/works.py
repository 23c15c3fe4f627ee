"""The works of a study: their content, config/<work>/<scale>.yaml, below the user's own keys.

A work's file either stands alone or names at its top the scale that it goes on from (`extends`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, get_args, get_origin

from study.schema.config import Config, Scale
from study.schema.messages import ConfigError, nearest
from study.schema.reading import read_yaml

SCALES = get_args(Scale)
OF = "of"  # the models of an analysis
OF_THE_USER = ("works", "scale")  # what no work's file may say
# Sections of entries by name; such an entry is whole in every file that two works are read from.
NAMED = {name for name, each in Config.model_fields.items() if get_origin(each.annotation) is dict}

Layer = tuple[str, Mapping[str, Any]]  # a file, "" for the user's keys, and what it states


def names(folder: Path) -> list[str]:
    """The works that there are: the folders of config/."""
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def layers(asked: Mapping[str, Any], folder: Path) -> list[Layer]:
    """What is laid over each other for the works and the scale that are asked for, in order.

    asked: the user's keys, config.yaml and what the command line lays over it; folder: config/

    Raises ConfigError for a work or a scale that there is not, for what a work's file may not say,
    and for what two works state differently.
    """
    found = asked.get("scale")
    scale = Config.model_fields["scale"].default if found is None else found
    if problems := [*_not_works(asked.get("works"), folder), *_not_one_of("scale", scale, SCALES)]:
        raise ConfigError("\n".join(problems))
    stated = {work: _chain(folder / work, scale, "scale") for work in asked["works"]}
    if problems := list(_conflicts(stated)):
        raise ConfigError("\n".join(problems))
    return [*(layer for chain in stated.values() for layer in chain), ("", asked)]


def merged(laid: Iterable[Layer]) -> dict[str, Any]:
    """All layers in one, the later over the earlier."""
    content: dict[str, Any] = {}
    for _, more in laid:
        content = laid_over(content, more)
    return content


def laid_over(below: Any, above: Any) -> Any:
    """`above`, with the keys of `below` that it leaves alone, section by section."""
    if not (isinstance(below, Mapping) and isinstance(above, Mapping)):
        return above
    return {**below, **{key: laid_over(below.get(key), each) for key, each in above.items()}}


def file_of(where: str, laid: Sequence[Layer]) -> str:
    """The file that states a key, or else the section around it; "" where the user does."""
    reached = [_reach(content, where) for _, content in laid]
    last = max(range(len(laid)), key=lambda place: (reached[place], place), default=0)
    return laid[last][0] if any(reached) else ""


def _not_works(found: Any, folder: Path) -> Iterator[str]:
    """What is wrong with the list of works."""
    if not isinstance(found, list):
        allowed = nearest(found, names(folder))
        yield f"works: found {found!r}; must be a list, such as [{names(folder)[0]}]; {allowed}"
        return
    for place, name in enumerate(found):
        yield from _not_one_of(f"works.{place}", name, names(folder))
        if name in found[:place]:
            yield f"works.{place}: found {name!r}, which is there already"


def _not_one_of(where: str, found: Any, allowed: Iterable[str]) -> Iterator[str]:
    if found not in allowed:
        yield f"{where}: found {found!r}; {nearest(found, allowed)}"


def _chain(work: Path, scale: str, where: str, behind: tuple[str, ...] = ()) -> list[Layer]:
    """The files of a work at a scale: the one that stands alone, and what goes on from it."""
    there = [each for each in SCALES if (work / f"{each}.yaml").is_file() and each not in behind]
    if problems := list(_not_one_of(where, scale, there)):
        raise ConfigError(f"{problems[0]} (for {work.name})")
    path = work / f"{scale}.yaml"
    file = path.relative_to(work.parents[1]).as_posix()
    content = _read(path, file)
    below = content.pop("extends", None)
    if below is None:
        return [(file, content)]
    return [*_chain(work, below, f"{file}: extends", (*behind, scale)), (file, content)]


def _read(path: Path, file: str) -> dict[str, Any]:
    """What a work's file states."""
    content = read_yaml(path, file)
    if not isinstance(content, dict):
        raise ConfigError(f"{file}: found {content!r}; must be a section of keys")
    if wrong := [key for key in OF_THE_USER if key in content]:
        raise ConfigError(f"{file}: {wrong[0]}: not a key of a work's file; set it in config.yaml")
    return content


def _conflicts(stated: Mapping[str, Sequence[Layer]]) -> Iterator[str]:
    """What two works state differently, with the files that do."""
    for one, other in combinations(stated.values(), 2):
        for path, *found in _differences(merged(one), merged(other)):
            where = ".".join(map(str, path))
            has = ["no such key" if value is None else repr(value) for value in found]
            places = (file_of(where, chain) for chain in (one, other))
            said = ", ".join(f"{place} has {it}" for place, it in zip(places, has, strict=True))
            yield f"{where}: {said}; what two works state, both state in the same way"


def _differences(one: Any, other: Any, path: tuple = ()) -> Iterator[tuple[tuple, Any, Any]]:
    """(path, value, value) of what both state, but not alike.

    A named entry is all that it has, but what an analysis is of: each work adds its own to that.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        whole = len(path) > 1 and path[0] in NAMED and OF not in path
        for key in {**one, **other}:
            if (whole and key != OF) or (key in one and key in other):
                yield from _differences(one.get(key), other.get(key), (*path, key))
    elif one != other:
        yield path, one, other


def _reach(content: Any, where: str) -> int:
    """How much of a key's path a content has, in characters."""
    pairs: Iterable = ()
    if isinstance(content, Mapping):
        pairs = content.items()
    elif isinstance(content, list):
        pairs = enumerate(content)
    return max((_within(str(key), inner, where) for key, inner in pairs), default=0)


def _within(key: str, inner: Any, where: str) -> int:
    if where == key:
        return len(key)
    begins = where.startswith(f"{key}.")
    return len(key) + 1 + _reach(inner, where[len(key) + 1 :]) if begins else 0
