"""Claims as the pages show them: each with its verdict, one value, its reason and its places."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping

import pandas as pd

from glassbox.claims.hypotheses import FALSE, NOT_TESTED, TRUE
from glassbox.claims.recorded import OTHER
from glassbox.claims.verdicts import INCONCLUSIVE, VERDICTS, in_units
from glassbox.claims.works import Claim, Work

FRAGILE = 0.8  # share of simulations below which more replicates may well change a verdict


def statements(
    works: Iterable[Work], verdicts: pd.DataFrame, parts: pd.DataFrame, scale: str
) -> list[dict]:
    """An entry per claim of some works, in their order, with the columns of the ledger.

    What is added: `about`, the claim as the work's claims.yaml has it; tested_in, the file of its
    test; parts, its comparisons; `headline` and `firmness`, see there; says, the statement that it
    repeats of another model, or its own; related, id and verdict of the others that have its id but
    for what stands in brackets. scale: of the study.
    """
    by_claim = dict(iter(parts.groupby(["work", "id"])))
    rows = {(row["work"], row["id"]): row for row in verdicts.to_dict("records")}
    said = {claim.id: claim.statement for work in works for claim in work.claims}
    found = [
        _statement(claim, rows[work.name, claim.id], by_claim, OTHER.get(scale))
        | {"says": said[claim.like] if repeats(claim) else claim.statement}
        for work in works
        for claim in work.claims
        if (work.name, claim.id) in rows
    ]
    alike = defaultdict(list)
    for each in found:
        alike[_code(each)].append({key: each[key] for key in ("id", "verdict")})
    return [
        each | {"related": [other for other in alike[_code(each)] if other["id"] != each["id"]]}
        for each in found
    ]


def _code(claim: Mapping) -> str:
    """The id of a claim without what stands in brackets."""
    return claim["id"].partition(" (")[0]


def _statement(claim: Claim, row: dict, by_claim: Mapping, other: str | None) -> dict:
    compared = by_claim.get((row["work"], row["id"]))
    found = [] if compared is None else compared.to_dict("records")
    return {
        **row,
        **{key: list(row[key]) for key in ("figures", "tables", "evidence")},
        "about": claim,
        "tested_in": file_of(row["tested_by"]),
        "parts": [part | {"printed": printed(part)} for part in found],
        "headline": headline(row),
        "firmness": firmness(row, other),
    }


def file_of(test: str | None) -> str | None:
    """The file, below the project's folder, of a function that is named with its module."""
    return None if pd.isna(test) else f"scripts/{test.rpartition('.')[0].replace('.', '/')}.py"


def repeats(claim: Claim) -> bool:
    """Whether a claim asks of another model what it names by its id: see `Claim.sister`."""
    return bool(claim.like) and claim.id.startswith(f"{claim.like} (")


def headline(row: Mapping) -> dict | None:
    """The one value that stands for a claim, as the ledger has it.

    Keys value, low, high, unit, replicates, published and part; published is None without a printed
    number. None where nothing was compared.
    """
    if pd.isna(row["headline"]):
        return None
    ends = {key: row[key] for key in ("value", "low", "high", "unit", "replicates")}
    published = row["published_value"]
    number = None if pd.isna(published) else published
    return {**ends, "published": number, "part": row["headline"]}


def printed(part: Mapping) -> dict:
    """Effect and interval of a comparison, in the unit of a printed number where it is with one."""
    found = part["effect"], part["low"], part["high"]
    number, unit = part["published"], part["unit"]
    if pd.isna(number):
        number = None
    else:
        found, unit = in_units(number, *found), part["published_unit"]
    return dict(zip(("value", "low", "high"), found, strict=True)) | {
        "unit": unit,
        "published": number,
    }


def printed_numbers(claims: Iterable[Mapping]) -> pd.DataFrame:
    """A row per printed number that was compared: what was found, and where one more run lies."""
    rows = [
        {
            "claim": claim["id"],
            "quantity": part["part"],
            "published": part["printed"]["published"],
            "ours": part["printed"]["value"],
            "low": part["printed"]["low"],
            "high": part["printed"]["high"],
            "replicates": part["replicates"],
            "agrees": {TRUE: "yes", FALSE: "no", NOT_TESTED: "not tested"}.get(
                part["outcome"], part["outcome"]
            ),
        }
        for claim in claims
        for part in claim["parts"]
        if part["printed"]["published"] is not None
    ]
    columns = ["claim", "quantity", "published", "ours", "low", "high", "replicates", "agrees"]
    return pd.DataFrame(rows, columns=columns)


def firmness(claim: Mapping, other: str | None) -> list[str]:
    """What more replicates, other readings and the other scale make of a verdict, in words.

    claim: a row of the verdicts' table; see `Robustness`. other: the other scale.
    """
    said = []
    if pd.notna(claim["twice"]):
        share = f"{'only ' * is_fragile(claim)}{claim['twice']:.0%}"
        said.append(f"with twice the replicates the same verdict in {share} of simulations")
    if pd.notna(claim["needed"]):
        said.append(f"about {claim['needed']:.0f} replicates would decide it")
    elif claim["verdict"] == INCONCLUSIVE:
        said.append("no number of replicates up to 32 times as many would be likely to decide it")
    if isinstance(claim["other_readings"], str):
        readings = json.loads(claim["other_readings"])
        said += [f"read so that {words}: {verdict}" for words, verdict in readings.items()]
    if isinstance(claim["other_scale"], str):
        said.append(f"by the {other} config: {claim['other_scale']}")
    return said


def is_fragile(claim: Mapping) -> bool:
    """Whether more replicates may well change the verdict of a claim."""
    return claim["twice"] < FRAGILE


def tally(claims: Iterable[Mapping]) -> dict[tuple[str, str], dict[str, int]]:
    """How many claims came out as what, in a fixed order, by work and by who asks.

    What the project asks besides is counted apart from what a work says.
    """
    found: dict[tuple[str, str], dict[str, int]] = {}
    for claim in claims:
        counts = found.setdefault((claim["work"], claim["asked_by"]), dict.fromkeys(VERDICTS, 0))
        counts[claim["verdict"]] += 1
    order = list(dict.fromkeys(work for work, _ in found))
    keys = sorted(found, key=lambda key: (order.index(key[0]), key[1] != "work"))
    return {key: found[key] for key in keys}
