"""Claims as the pages show them: each with its verdict, one value, its reason and its places."""

import json
import re
from collections.abc import Iterable, Mapping

import pandas as pd

from glassbox.claims.hypotheses import AGREES, FALSE, NOT_TESTED, TRUE, UNDECIDED
from glassbox.claims.verdicts import INCONCLUSIVE, NOT_REPRODUCED, VERDICTS
from glassbox.claims.works import Claim, Work

DECISIVE = {NOT_REPRODUCED: FALSE, INCONCLUSIVE: UNDECIDED}  # the part that a verdict rests on
PRINTED = re.compile(r"of ([-+\d.e]+)")  # a unit: relative to a printed number
CITED = r"{} ((?:\d[\d.]*[a-z]?(?: [a-h](?![a-z]))?(?:[-–, ]|and|to)*)+)"
FIGURES = re.compile(CITED.format(r"Figs?\.?"))
TABLES = re.compile(CITED.format(r"Tables?"))
IN_BRACKETS = re.compile(r"\(([^()]*)\)")
NUMBERED = re.compile(r"\d[\d.]*[a-z]?")


def statements(
    works: Iterable[Work],
    verdicts: pd.DataFrame,
    parts: pd.DataFrame,
    figures: Iterable[str],
    tables: Iterable[str],
) -> list[dict]:
    """An entry per claim of some works, in their order, with the columns of its verdict.

    figures, tables: the names of those that the report shows. What is added: `about`, the claim as
    the work's claims.yaml has it; parts, its comparisons; kind; `headline` and `firmness`, see
    there; says, the statement that it repeats of another model, or its own; figures and tables, the
    names of those that show what it is about.
    """
    by_claim = dict(iter(parts.groupby(["work", "id"])))
    rows = {(row["work"], row["id"]): row for row in verdicts.to_dict("records")}
    said = {claim.id: claim.statement for work in works for claim in work.claims}
    return [
        _statement(claim, rows[work.name, claim.id], by_claim)
        | {"says": said[claim.like] if repeats(claim) else claim.statement}
        | {"figures": about(claim, work, figures, FIGURES)}
        | {"tables": about(claim, work, tables, TABLES)}
        for work in works
        for claim in work.claims
        if (work.name, claim.id) in rows
    ]


def _statement(claim: Claim, row: dict, by_claim: Mapping) -> dict:
    compared = by_claim.get((row["work"], row["id"]))
    found = [] if compared is None else compared.to_dict("records")
    return {
        **row,
        "about": claim,
        "parts": [part | {"printed": printed(part)} for part in found],
        "kind": kind(row),
        "headline": headline(row, found),
        "firmness": firmness(row),
    }


def repeats(claim: Claim) -> bool:
    """Whether a claim asks of another model what it names by its id: see `Claim.sister`."""
    return bool(claim.like) and claim.id.startswith(f"{claim.like} (")


def kind(row: Mapping) -> str:
    """Whether a claim is about printed numbers or a statement in words."""
    given = row.get("kind")
    if isinstance(given, str):
        return given
    is_number = isinstance(row["published"], str) or row["id"].split("-")[1][:1] in "NT"
    return "number" if is_number else "claim"


def headline(row: Mapping, parts: list[dict]) -> dict | None:
    """The one value that stands for a claim: of the first comparison that its verdict rests on.

    Keys value, low, high, unit, published and part; where the comparison is with a printed number,
    all are in its unit, and the interval is that of one further run. None where nothing was
    compared.
    """
    wanted = DECISIVE.get(row["verdict"], TRUE)
    tested = [part for part in parts if part["hypothesis"] != "reported only"] or parts
    decisive = [part for part in tested if part["outcome"] == wanted]
    chosen = next(iter(decisive or tested), None)
    return None if chosen is None else printed(chosen) | {"part": chosen["part"]}


def printed(part: Mapping) -> dict:
    """Effect and interval of a comparison, in the unit of a printed number where it is with one."""
    base = PRINTED.match(part["unit"])
    ends = {
        key: part[name] for key, name in (("value", "effect"), ("low", "low"), ("high", "high"))
    }
    if part["hypothesis"] != AGREES.words or not base:
        return {**ends, "unit": part["unit"], "published": None}
    number = float(base[1])
    return {
        **{key: number * (1 + value) for key, value in ends.items()},
        "unit": "as printed",
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


def about(claim: Claim, work: Work, names: Iterable[str], cited_as: re.Pattern) -> list[str]:
    """Those of some figures or tables that show what a claim is about, by the numbers in names.

    A work's are named <work>-<number>, of a sister <work>-<number>-<sister>; such a one shows what
    is asked of the sister, or what the work says where that is not asked of it. cited_as: how a
    claim's location cites them.
    """
    groups = cited_as.findall(claim.location)
    cited = {each.rstrip(".") for group in groups for each in NUMBERED.findall(group)}
    asked = {_asked(each, work) for each in work.claims}
    base, sisters = _asked(claim, work)
    found = []
    for name in names:
        start, _, rest = name.partition("-")
        numbers, words = _parsed(rest)
        shown = frozenset(words) & work.sisters.keys()
        fits = sisters == shown or not sisters and (base, shown) not in asked
        if start == work.name and fits:
            found += [name] * any(_same(one, other) for one in numbers for other in cited)
    return found


def _asked(claim: Claim, work: Work) -> tuple[str, frozenset[str]]:
    """The id of a claim without its sisters, and those."""
    names = IN_BRACKETS.findall(claim.id)
    besides = [f" ({each})" for each in names if each not in work.sisters]
    return claim.id.partition(" (")[0] + "".join(besides), frozenset(names) & work.sisters.keys()


def _parsed(name: str) -> tuple[list[str], list[str]]:
    """The numbers and the words of a name such as 5.1-5.2 or 2a-digits."""
    pieces = name.split("-")
    numbers = [each for each in pieces if NUMBERED.fullmatch(each)]
    return numbers, [each for each in pieces if each not in numbers]


def _same(one: str, other: str) -> bool:
    """Whether two numbers are of one figure, or one of a panel of the other: 3.18 and 3.18a."""
    short, long = sorted((one, other), key=len)
    rest = long.removeprefix(short)
    return long.startswith(short) and (not rest or rest.isalpha())


def firmness(claim: Mapping) -> list[str]:
    """What more replicates, other readings and the other scale make of a verdict, in words.

    claim: a row of the verdicts' table; see `Robustness`.
    """
    said = []
    if pd.notna(claim["twice"]):
        said.append(f"with twice the replicates the same in {claim['twice']:.0%} of simulations")
    if pd.notna(claim["needed"]):
        said.append(f"about {claim['needed']:.0f} replicates would decide it")
    elif claim["verdict"] == INCONCLUSIVE:
        said.append("no number of replicates up to 32 times as many would be likely to decide it")
    if isinstance(claim["other_readings"], str):
        readings = json.loads(claim["other_readings"])
        said += [f"read so that {words}: {verdict}" for words, verdict in readings.items()]
    if isinstance(claim["other_scale"], str):
        said.append(f"at the other scale: {claim['other_scale']}")
    return said


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
