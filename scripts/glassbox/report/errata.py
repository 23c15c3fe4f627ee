"""Misprints, contradictions and omissions of the works, as errata.yaml of each has them."""

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from glassbox.claims.works import YAML_LOADER
from glassbox.errors import GlassboxError

KEYS = {"id", "location", "found", "read", "why"}


@dataclass(frozen=True)
class Errata:
    """What a work prints wrong or leaves out, and what the study does otherwise than the work.

    entries: each with id, location, found (what stands there), read (what it is taken to mean) and
    why. departures: sentences.
    """

    work: str
    entries: list[dict] = field(default_factory=list)
    departures: list[str] = field(default_factory=list)


def read_errata(path: Path) -> Errata:
    """The errata of the work whose folder a file errata.yaml lies in.

    Raises GlassboxError for keys other than errata and departures.
    """
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=YAML_LOADER)
    if content.keys() - {"errata", "departures"}:
        raise GlassboxError(f"{path}: has other keys than errata and departures")
    for entry in content["errata"]:
        if entry.keys() != KEYS:
            named = entry.get("id", "an entry without id")
            raise GlassboxError(f"{path}: {named} needs the keys {', '.join(sorted(KEYS))}")
    return Errata(path.parent.name, content["errata"], content["departures"])
