"""What figures and tables ask for, and the study does not make: they refuse it themselves."""

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from study.paths import NotMade, Study
from study.schema.config import Config
from study.schema.figures import Exhibit, Refused
from study.schema.refusals import nearest

WORDS = ("kind", "title")  # keys whose values name nothing of the config


def figure_problems(config: Config) -> Iterable[str]:
    study = Study(config)
    for name, figure in config.figures.items():
        yield from _refusal(study, f"figures.{name}", figure)
    for name in sorted(set(config.figures) & set(config.tables)):
        yield f"tables.{name}: is also the name of a figure"
    for name, table in config.tables.items():
        yield from _refusal(study, f"tables.{name}", table)


def _refusal(study: Study, where: str, shown: Exhibit) -> Iterator[str]:
    """Why a figure or table can't be made, if it can't."""
    try:
        shown.data(study)
    except NotMade as missing:
        key = ".".join([where, *_key_of(shown, missing)])
        yield f"{key}: found '{missing.found}'; {nearest(missing.found, missing.allowed)}"
    except Refused as refused:
        yield f"{where}.{refused.key}: {refused}"


def _key_of(part: Any, missing: NotMade) -> Iterator[str]:
    """The key that holds what is missing, in the innermost part that also says what it is of."""
    for wanted in ({missing.found, missing.of}, {missing.found}):
        while key := next((key for key in _parts(part) if wanted <= _names(_parts(part)[key])), ""):
            yield key
            part = _parts(part)[key]


def _parts(part: Any) -> dict[str, Any]:
    """What a section or a list is made of, by key or place."""
    if isinstance(part, BaseModel):
        return {key: value for key, value in part if key not in WORDS}
    return {str(place): each for place, each in enumerate(part)} if isinstance(part, list) else {}


def _names(part: Any) -> set:
    """All values in a part, at any depth."""
    inner = _parts(part)
    if not inner:
        return {part} if isinstance(part, str) else set()
    return set().union(*map(_names, inner.values()))
