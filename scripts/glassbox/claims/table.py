"""Judged claims as tables: the ledger of all statements, and the comparisons behind them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import pyarrow as pa

from glassbox.claims.judging import Judged, tested_by
from glassbox.claims.settings import Setting
from glassbox.claims.works import Work
from glassbox.tables import Column

TEXT, NUMBER, COUNT = "str", "float64", "Int64"
LIST = pd.ArrowDtype(pa.list_(pa.string()))

LEDGER = {
    "work": Column(TEXT, "the work that the statement is from"),
    "paper": Column(TEXT, "author, title, publisher and year of the work"),
    "id": Column(TEXT, "names the statement; a name in brackets marks what is asked besides"),
    "kind": Column(TEXT, "number, claim, or setting (of which nothing is claimed)"),
    "asked_by": Column(TEXT, "work, or project: for what the project asks of its own"),
    "location": Column(TEXT, "where in the work it stands"),
    "statement": Column(TEXT, "what it says, in the project's words"),
    "test": Column(TEXT, "what decides on it, named before the data are seen"),
    "tested_by": Column(TEXT, "the function that is the test, with its module"),
    "verdict": Column(
        TEXT,
        "reproduced, not reproduced, inconclusive, asked of other settings or not testable here",
    ),
    "reason": Column(TEXT, "why"),
    "headline": Column(
        TEXT,
        "the comparison that the next columns are of: the first of those that decided the verdict "
        "(false ones if not reproduced, undecided ones if inconclusive, else all); the others are "
        "in the table parts",
    ),
    "value": Column(
        NUMBER, "its mean over replicates, beside a printed number as that is", "see unit"
    ),
    "low": Column(NUMBER, "lower end of its 95 % interval; none if it has none", "see unit"),
    "high": Column(NUMBER, "upper end of it", "see unit"),
    "unit": Column(TEXT, "what these are measured in"),
    "replicates": Column(COUNT, "how many have a value, or draws of what is drawn often"),
    "hypothesis": Column(TEXT, "what the interval has to be for the comparison to hold"),
    "effect_size": Column(
        NUMBER,
        "mean over standard deviation, of the difference to a printed number if there is one",
        "standard deviations",
    ),
    "published_value": Column(
        NUMBER, "the printed number that the value stands beside, misprints put right", "see unit"
    ),
    "published": Column(TEXT, "all printed numbers by measure, misprints put right, as JSON"),
    "misprinted": Column(TEXT, "what is printed in place of some of these, as JSON"),
    "twice": Column(
        NUMBER, "share of simulations with twice the replicates that give the same verdict"
    ),
    "needed": Column(NUMBER, "replicates that would be likely to decide an inconclusive one"),
    "other_readings": Column(TEXT, "the verdict in other readings, by their words, as JSON"),
    "other_scale": Column(TEXT, "the verdict at the other scale (laptop or published)"),
    "settings": Column(
        TEXT, "the settings of the work that it rests on: {key: {ours, theirs}}, as JSON"
    ),
    "needs": Column(
        LIST, "models, detectors, sets, experiments and analyses that it rests on, by their names"
    ),
    "config": Column(TEXT, "the file of the config that has all of these"),
    "evidence": Column(LIST, "the tables that its test read, by their names"),
    "figures": Column(LIST, "the study's figures that show it"),
    "tables": Column(LIST, "the study's tables of errors that show it"),
}

PARTS = {
    "work": Column(TEXT, "the work that the claim is from"),
    "id": Column(TEXT, "of the claim"),
    "part": Column(TEXT, "what is compared"),
    "effect": Column(
        NUMBER,
        "mean over replicates; beside a printed number the relative difference to it",
        "see unit",
    ),
    "low": Column(NUMBER, "lower end of its 95 % interval; none if it has none", "see unit"),
    "high": Column(NUMBER, "upper end of it", "see unit"),
    "low_of_all": Column(
        NUMBER, "lower end of the interval that holds at 95 % for all of a claim", "see unit"
    ),
    "high_of_all": Column(NUMBER, "upper end of it", "see unit"),
    "size": Column(NUMBER, "effect over standard deviation", "standard deviations"),
    "hypothesis": Column(TEXT, "what the interval has to be for the comparison to hold"),
    "outcome": Column(TEXT, "true, false, undecided, or not tested"),
    "replicates": Column("int64", "how many have a value, or draws of what is drawn often"),
    "unit": Column(TEXT, "what the effect is measured in"),
    "published": Column(NUMBER, "the printed number that is compared", "see published_unit"),
    "published_unit": Column(TEXT, "what that is measured in"),
}


def ledger(
    judged: Iterable[tuple[Work, list[Setting], Judged]], shown: Mapping[str, Mapping]
) -> pd.DataFrame:
    """One row per claim of a work, with the columns LEDGER.

    With each claim come the settings that it rests on. shown: figures and tables by claim.
    """
    return framed([_row(*each, shown.get(each[2].claim.id, {})) for each in judged], LEDGER)


def parts_frame(judged: Iterable[tuple[Work, list[Setting], Judged]]) -> pd.DataFrame:
    """One row per comparison of a claim, in the claim's order, with the columns PARTS."""
    rows = [
        {"work": work.name, "id": each.claim.id, **vars(part)}
        for work, _, each in judged
        for part in each.verdict.parts
    ]
    return framed(rows, PARTS)


def framed(rows: list[dict[str, Any]], columns: Mapping[str, Column]) -> pd.DataFrame:
    """A table of these columns alone, of their types."""
    types = {name: column.type for name, column in columns.items()}
    return pd.DataFrame(rows, columns=list(columns), dtype=object).astype(types)


def _row(work: Work, settings: list[Setting], judged: Judged, shown: Mapping) -> dict[str, Any]:
    claim, verdict, firm, evidence = judged
    return {
        **vars(claim),
        "work": work.name,
        "paper": work.cited,
        "asked_by": claim.asked_by,
        "tested_by": tested_by(claim),
        "verdict": verdict.verdict,
        "reason": verdict.reason,
        **_headline(judged),
        "published": _json(claim.published),
        "misprinted": _json(claim.misprinted),
        "other_readings": _json(firm.readings),
        "other_scale": firm.elsewhere,
        "twice": firm.twice,
        "needed": firm.needed,
        "settings": _json(
            {key: {"ours": ours, "theirs": theirs} for key, ours, theirs in settings}
        ),
        "evidence": evidence,
        "figures": shown.get("figures", []),
        "tables": shown.get("tables", []),
    }


def _headline(judged: Judged) -> dict[str, Any]:
    """The columns that are of one part of a claim; none where there are no parts."""
    part = judged.verdict.headline()
    if part is None:
        return {}
    value, low, high, unit = part.measured()
    return {
        "headline": part.part,
        "value": value,
        "low": low,
        "high": high,
        "unit": unit,
        "replicates": part.replicates,
        "hypothesis": part.hypothesis,
        "effect_size": part.size,
        "published_value": part.published,
    }


def _json(content: Mapping | None) -> str | None:
    return json.dumps(content, ensure_ascii=False) if content else None
