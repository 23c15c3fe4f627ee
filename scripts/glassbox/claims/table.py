"""Entries of the tables of claims; verdicts and their parts as tables."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from glassbox.claims.verdicts import Verdict
from glassbox.errors import GlassboxError

TEXTS = ["id", "location", "statement", "test", "verdict", "reason", "published"]
PARTS = {
    "id": "str",
    "part": "str",
    "effect": "float64",
    "low": "float64",
    "high": "float64",
    "size": "float64",
    "hypothesis": "str",
    "outcome": "str",
    "replicates": "int64",
    "unit": "str",
}


@dataclass(frozen=True)
class Entry:
    """A published statement, as a table of claims has it.

    needs: networks, detectors, classifiers and sets by their names in the config; config: the file
    that has them all; published: printed numbers by measure; untested: why there is no test, where
    there is none.
    """

    id: str
    location: str
    statement: str
    test: str
    needs: list[str]
    config: str = "config.yaml"
    published: dict[str, float] | None = None
    untested: str | None = None

    @property
    def place(self) -> tuple[int, ...]:
        """The number of the first section, table or figure that its location names, if it does."""
        number = re.search(r"\d+(\.\d+)*", self.location)
        return tuple(map(int, number[0].split("."))) if number else ()


def refuse_twice(paths: Sequence[Path], ids: Sequence[str]) -> None:
    """Raise GlassboxError when entries of a table of claims have the same id."""
    twice = [name for name, count in Counter(ids).items() if count > 1]
    if twice:
        tables = ", ".join(map(str, paths))
        raise GlassboxError(f"{tables}: more than one entry has the id {', '.join(twice)}")


def verdicts_frame(judged: Iterable[tuple[Entry, Verdict]]) -> pd.DataFrame:
    """One row per claim; `published` is the printed numbers as JSON, where there are some."""
    rows = [
        {
            **asdict(claim),
            "verdict": verdict.verdict,
            "reason": verdict.reason,
            "published": json.dumps(claim.published) if claim.published else None,
        }
        for claim, verdict in judged
    ]
    return pd.DataFrame(rows, columns=TEXTS).astype("str")


def parts_frame(judged: Iterable[tuple[Entry, Verdict]]) -> pd.DataFrame:
    """One row per comparison of a claim, in the claim's order."""
    rows = [{"id": claim.id, **asdict(part)} for claim, verdict in judged for part in verdict.parts]
    return pd.DataFrame(rows, columns=list(PARTS)).astype(PARTS)
