"""Works and their claims, as the file claims.yaml of each has them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import yaml

from glassbox.errors import GlassboxError

YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
EVERY_MODEL = "all"  # what a table is read of


@dataclass(frozen=True)
class Reading:
    """Another sensible reading of what a claim says: in words, and what is asked otherwise."""

    words: str
    of: Mapping[str, Any] = field(default_factory=dict)
    published: Mapping[str, float] | None = None


@dataclass(frozen=True)
class Claim:
    """A published statement.

    kind: a "number", a "setting", of which nothing is claimed, or a "claim". needs: networks,
    detectors, sets, experiments and analyses by their names in the config, on whose settings it
    rests; config: the file that has them all; of: what the test is asked of, by the names of its
    arguments; like: the claim whose test it is, where not its own; published: printed numbers by
    measure; misprinted: what is printed where that can't be, and `published` is the sensible
    reading; readings: other sensible ones; untested: why there is no test, where there is none;
    asked_by: the "work", in which the statement stands, or the "project", as a sister mostly is;
    shown: what shows it besides what its location names (see study/shown.py).
    """

    id: str
    location: str
    statement: str
    test: str
    needs: list[str]
    config: str
    kind: str = "claim"
    of: Mapping[str, Any] = field(default_factory=dict)
    like: str | None = None
    published: Mapping[str, float] | None = None
    misprinted: Mapping[str, float] | None = None
    readings: list[Reading] = field(default_factory=list)
    untested: str | None = None
    asked_by: str = "work"
    shown: str = ""

    @property
    def tested_as(self) -> str:
        """The id that its test is registered under."""
        return self.like or self.id

    @property
    def asked(self) -> dict[str, Any]:
        """The arguments of its test, beside the evidence."""
        return {**self.of, **({"published": self.published} if self.published else {})}

    def read_as(self, reading: Reading) -> "Claim":
        """The claim in another reading."""
        published = reading.published or self.published
        return replace(self, of={**self.of, **reading.of}, published=published, readings=[])

    def sister(
        self, name: str, statement: str, renamed: Mapping[str, str] | None = None, **asked: Any
    ) -> "Claim":
        """The same asked of another model; {id} in its statement is this claim's.

        renamed: other names for those of models and sets, in what it is of, in what it needs and in
        its readings, of which those are left out that come to the same.
        """
        names = renamed or {}
        there = {
            "of": with_names(self.of, names),
            "needs": with_names(self.needs, names),
            "asked_by": "project",
            **asked,
        }
        readings = [replace(each, of=with_names(each.of, names)) for each in self.readings]
        return replace(
            self,
            id=f"{self.id} ({name})",
            statement=statement.format(id=self.id),
            like=self.tested_as,
            readings=[
                each for each in readings if names and not each.of.items() <= there["of"].items()
            ],
            untested=None,
            **there,
        )


def with_names(value: Any, names: Mapping[str, str]) -> Any:
    """Names of models and of data sets, alone or before a split, with others in their place."""
    if isinstance(value, Mapping):
        return {key: with_names(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [with_names(each, names) for each in value]
    if not isinstance(value, str):
        return value
    name, slash, split = value.partition("/")
    return f"{names.get(name, name)}{slash}{split}"


@dataclass(frozen=True)
class Work:
    """A work that is repeated: what it is, what its tests read, and its claims in their order.

    name: of its package. config: the file that has what a claim needs, where the claim names none.
    tables: the tables that its tests read, each with the models that it is read of, or "all".
    settings: what the work used, by section and name of the config. on_tables: what is to be said
    where tables of errors are shown; [C-C11] names a claim. sisters: other models that claims are
    asked of as well, see `Claim.sister`. about: what it is about, for somebody who does not know
    it. terms: what words and names in its claims mean.
    """

    name: str
    title: str
    author: str
    year: int
    config: str
    tables: Mapping[str, str | list[str]]
    claims: list[Claim]
    publisher: str | None = None
    settings: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    on_tables: str | None = None
    sisters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    about: str | None = None
    terms: str | None = None

    @property
    def cited(self) -> str:
        """Author, title, publisher and year."""
        said = (self.author, self.title, self.publisher, str(self.year))
        return ", ".join(filter(None, said))


def read_work(path: Path) -> Work:
    """The work that a file <work>/claims.yaml describes.

    Raises GlassboxError for keys that are unknown or missing, and for an id that is there twice.
    """
    head = yaml.load(path.read_text(encoding="utf-8"), Loader=YAML_LOADER)
    entries = head.pop("claims", [])
    work = _made(Work, f"{path}", {**head, "name": path.parent.name, "claims": []})
    claims = [claim for entry in entries for claim in _claims(path, work, entry)]
    refuse_twice([path], [claim.id for claim in claims])
    return replace(work, claims=claims)


def _claims(path: Path, work: Work, entry: dict[str, Any]) -> list[Claim]:
    """The claim of an entry, and the same asked of its sister or its sisters, where it has some."""
    sisters = entry.pop("sister", [])
    sisters = [sisters] if isinstance(sisters, str) else sisters
    where = f"{path}: {entry.get('id', 'an entry without id')}"
    readings = [_made(Reading, f"{where}: readings", each) for each in entry.pop("readings", [])]
    claim = _made(Claim, where, {"config": work.config, "readings": readings, **entry})
    if unknown := [each for each in sisters if each not in work.sisters]:
        raise GlassboxError(f"{where}: its sister {unknown[0]} is not among `sisters`, in the head")
    return [claim, *(claim.sister(each, **work.sisters[each]) for each in sisters)]


def _made(kind: type, where: str, content: dict[str, Any]) -> Any:
    """An object of this content; GlassboxError for keys that it has not, or lacks."""
    known = {each.name for each in fields(kind)}
    plain = [each for each in fields(kind) if each.default is MISSING]
    required = {each.name for each in plain if each.default_factory is MISSING}
    if unknown := sorted(content.keys() - known):
        raise GlassboxError(
            f"{where}: unknown {', '.join(unknown)}; known: {', '.join(sorted(known))}"
        )
    if missing := sorted(required - content.keys()):
        raise GlassboxError(f"{where}: {', '.join(missing)} is missing")
    return kind(**content)


def listed_tables(works: Iterable[Work]) -> dict[str, str | list[str]]:
    """The tables that the tests of some works read, each with the models that it is read of."""
    listed: dict[str, str | list[str]] = {}
    for name, models in (each for work in works for each in work.tables.items()):
        known = listed.setdefault(name, models)
        every = EVERY_MODEL in (known, models)
        listed[name] = EVERY_MODEL if every else list(dict.fromkeys([*known, *models]))
    return listed


def printed(works: Iterable[Work], methods: Iterable[str]) -> dict[str, dict[str, dict]]:
    """The numbers that works print of some methods, by method and measure.

    As "published", where misprints are put right, and as "misprinted", what stands in their place.
    """
    wanted = set(methods)
    claims = [claim for work in works for claim in work.claims if claim.of.get("method") in wanted]
    found: dict[str, dict[str, dict]] = {"published": {}, "misprinted": {}}
    for claim in claims:
        for key, by_method in found.items():
            by_method.setdefault(claim.of["method"], {}).update(getattr(claim, key) or {})
    return found


def refuse_twice(paths: Iterable[Path], ids: Iterable[str]) -> None:
    """Raise GlassboxError when claims, of one work or of several, have the same id."""
    twice = [name for name, count in Counter(ids).items() if count > 1]
    if twice:
        tables = ", ".join(map(str, paths))
        raise GlassboxError(f"{tables}: more than one entry has the id {', '.join(twice)}")
