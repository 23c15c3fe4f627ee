"""Judged claims as tables."""

import json
from collections.abc import Iterable
from dataclasses import asdict

import pandas as pd

from glassbox.claims.judging import Judged

TEXTS = ["work", "id", "asked_by", "location", "statement", "test"]
TEXTS += ["verdict", "reason", "published", "other_readings", "other_scale"]
NUMBERS = {"twice": "float64", "needed": "float64"}
PARTS = {
    "work": "str",
    "id": "str",
    "part": "str",
    "effect": "float64",
    "low": "float64",
    "high": "float64",
    "low_of_all": "float64",
    "high_of_all": "float64",
    "size": "float64",
    "hypothesis": "str",
    "outcome": "str",
    "replicates": "int64",
    "unit": "str",
}


def verdicts_frame(judged: Iterable[tuple[str, Judged]]) -> pd.DataFrame:
    """One row per claim of a work, beside its name.

    published: the printed numbers as JSON, where there are some; other_readings: verdicts by words,
    as JSON; twice, needed, other_scale: see `Robustness`.
    """
    rows = [
        {
            **asdict(claim),
            "work": work,
            "asked_by": claim.asked_by,
            "verdict": verdict.verdict,
            "reason": verdict.reason,
            "published": json.dumps(claim.published) if claim.published else None,
            "other_readings": json.dumps(firm.readings) if firm.readings else None,
            "other_scale": firm.elsewhere,
            "twice": firm.twice,
            "needed": firm.needed,
        }
        for work, (claim, verdict, firm) in judged
    ]
    texts = dict.fromkeys(TEXTS, "str")
    return pd.DataFrame(rows, columns=[*texts, *NUMBERS]).astype({**texts, **NUMBERS})


def parts_frame(judged: Iterable[tuple[str, Judged]]) -> pd.DataFrame:
    """One row per comparison of a claim, in the claim's order."""
    rows = [
        {"work": work, "id": each.claim.id, **asdict(part)}
        for work, each in judged
        for part in each.verdict.parts
    ]
    return pd.DataFrame(rows, columns=list(PARTS)).astype(PARTS)
