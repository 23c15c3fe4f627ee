"""Judged claims as tables."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import NamedTuple

import pandas as pd

from glassbox.claims.verdicts import Verdict
from glassbox.claims.works import Claim

TEXTS = ["work", "id", "asked_by", "location", "statement", "test"]
TEXTS += ["verdict", "reason", "published"]
PARTS = {
    "work": "str",
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


class Judged(NamedTuple):
    """A claim of a work, and what became of it."""

    work: str
    claim: Claim
    verdict: Verdict


def verdicts_frame(judged: Iterable[Judged]) -> pd.DataFrame:
    """One row per claim; `published` is the printed numbers as JSON, where there are some."""
    rows = [
        {
            **asdict(claim),
            "work": work,
            "asked_by": claim.asked_by,
            "verdict": verdict.verdict,
            "reason": verdict.reason,
            "published": json.dumps(claim.published) if claim.published else None,
        }
        for work, claim, verdict in judged
    ]
    return pd.DataFrame(rows, columns=TEXTS).astype("str")


def parts_frame(judged: Iterable[Judged]) -> pd.DataFrame:
    """One row per comparison of a claim, in the claim's order."""
    rows = [
        {"work": work, "id": claim.id, **asdict(part)}
        for work, claim, verdict in judged
        for part in verdict.parts
    ]
    return pd.DataFrame(rows, columns=list(PARTS)).astype(PARTS)
