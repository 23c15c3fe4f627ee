"""Which figures and tables of a study show what a claim is about.

A claim's location, and what stands besides under `shown`, names figures and tables of its work as
"Fig. 3.9", "Figs 2A, 4A", "Fig. 5e to 5h" or "Tables 3.1, 3.2". An entry of the config's `figures`
or `tables` that is named <work>-<number><panels> shows that place, alone or with more behind it:
pardo2019-2f-digits shows panel f of Figure 2, rauber2017-1-5-digits Figures 1 to 5. One that is of
no place of the work, such as pardo2019-risk, is named by its first word under `shown`. An entry
shows a claim if it is also of a model, a detector or an experiment that the claim needs, or of a
data set where the claim needs no other thing.
"""

import re
from collections.abc import Iterable, Iterator
from string import ascii_lowercase
from typing import Any, NamedTuple

from pydantic import BaseModel

from glassbox.claims.works import Claim, Work
from study.schema import Config
from study.schema.section import at_epoch

PLACE = r"\d+(?:\.\d+)*(?:[a-zA-Z](?:-[a-zA-Z]|[a-zA-Z]*))?(?![\w])"
NAMED = re.compile(rf"(Fig|Table)s?\.? ((?:{PLACE})(?:(?:,| and| to) {PLACE})*)")
SECTIONS = {"Fig": "figures", "Table": "tables"}  # of the config


class Place(NamedTuple):
    """A figure or a table of a work: its number, and the panels if not all of it."""

    number: tuple[int, ...]
    panels: frozenset[str] = frozenset()

    def meets(self, other: "Place") -> bool:
        """Whether the two have something in common."""
        is_whole = not (self.panels and other.panels)
        return self.number == other.number and (is_whole or bool(self.panels & other.panels))


def shown(config: Config, works: Iterable[Work]) -> dict[str, dict[str, list[str]]]:
    """The names of figures and of tables by claim, for the claims that some show."""
    found = {}
    for work in works:
        exhibits = {key: list(_exhibits(config, key, work.name)) for key in SECTIONS.values()}
        for claim in work.claims:
            named, needed = _named(claim), _needed(config, claim)
            names = {
                key: sorted(each.name for each in exhibits[key] if each.shows(named[key], needed))
                for key in SECTIONS.values()
            }
            if any(names.values()):
                found[claim.id] = names
    return found


class Exhibit(NamedTuple):
    """A figure or table of the study: its places in the work, or its word, and what it is of."""

    name: str
    places: list[Place | str]
    of: set[str]

    def shows(self, named: Iterable[Place | str], needed: set[str]) -> bool:
        """Whether one of the places that are named is its own, and it is of what is needed."""
        return bool(needed & self.of) and any(
            one.meets(each) if isinstance(one, Place) and isinstance(each, Place) else one == each
            for one in self.places
            for each in named
        )


def _named(claim: Claim) -> dict[str, list[Place | str]]:
    """The places that a claim names, and the words under `shown`."""
    words = claim.shown.split(", ")
    found = places(f"{claim.location}, {claim.shown}")
    return {key: [*each, *words] for key, each in found.items()}


def places(location: str) -> dict[str, list[Place]]:
    """The figures and the tables that a location names."""
    found: dict[str, list[Place]] = {key: [] for key in SECTIONS.values()}
    for what, listed in NAMED.findall(location):
        for each in re.split(r", | and ", listed):
            found[SECTIONS[what]] += _between(*each.split(" to "))
    return found


def _between(first: str, last: str | None = None) -> list[Place]:
    """The places from one to another, in the words of a location or of a name in the config."""
    number, panels = _read(first)
    if last is None:
        return [Place(number, panels)]
    end, end_panels = _read(last)
    if panels and end_panels:
        return [Place(number, _letters(min(panels), max(end_panels)))]
    return [Place((*number[:-1], each)) for each in range(number[-1], end[-1] + 1)]


def _read(text: str) -> tuple[tuple[int, ...], frozenset[str]]:
    number, panels = re.fullmatch(r"([\d.]+)(.*)", text.lower()).groups()
    ends = panels.split("-")
    letters = _letters(*ends) if len(ends) == 2 else frozenset(panels)
    return tuple(map(int, number.split("."))), letters


def _letters(first: str, last: str) -> frozenset[str]:
    letters = ascii_lowercase
    return frozenset(letters[letters.index(first) : letters.index(last) + 1])


def _exhibits(config: Config, key: str, work: str) -> Iterator[Exhibit]:
    """The figures or tables that are named for a work."""
    place = r"\d[\d.]*[a-z]*"
    at = re.compile(rf"{re.escape(work)}-(?:({place})(?:-({place}))?|(\w+))(?:-|$)")
    for name, entry in getattr(config, key).items():
        if named := at.match(name):
            first, last, word = named.groups()
            yield Exhibit(name, [word] if word else _between(first, last), set(_names(entry)))


def _names(value: Any) -> Iterator[str]:
    """All names in an entry of the config: of a set without its split, of a model at any epoch."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    if isinstance(value, str):
        yield at_epoch(value.split("/")[0])[0]
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _names(each)


def _needed(config: Config, claim: Claim) -> set[str]:
    """The models, detectors and experiments that a claim needs, or else its data sets."""
    names = {at_epoch(need.split("/")[0])[0] for need in claim.needs}
    made = {name for name in names if name not in config.datasets}
    return made if made & {*config.models, *config.detectors, *config.experiments} else names
