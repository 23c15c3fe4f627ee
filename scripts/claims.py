"""Test each published statement on the tables of the analyses, over replicates."""

import json
from argparse import Namespace
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pandas as pd
import yaml

from glassbox.claims import chen2017, chen2017_signals
from glassbox.claims.chen2017 import Claim
from glassbox.claims.evidence import Evidence
from glassbox.claims.verdicts import Verdict
from glassbox.errors import GlassboxError
from glassbox.tables import write_table
from study.command import Program, counted, run

TEXTS = ["id", "location", "statement", "test", "verdict", "reason", "published"]
FURTHER = (
    "filter_search",
    "filter_widths",
    "noise_gains",
    "embeddings",
    "likeness",
    "parameters",
    "neighbourhoods",
    "confidences",
)
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


def main(arguments: Namespace) -> None:
    evidence = read_evidence(arguments)
    judged = [
        (claim, chen2017.verdict(claim, evidence, chen2017_signals.TESTS))
        for claim in read_claims(arguments.table)
    ]
    write_table(arguments.verdicts, verdicts_frame(judged))
    units = dict.fromkeys(["effect", "low", "high"], "see the column unit")
    write_table(arguments.parts, parts_frame(judged), units | {"size": "standard deviations"})


def read_claims(paths: list[Path]) -> list[Claim]:
    """The entries of some tables of claims, in their order."""
    claims = [Claim(**entry) for path in paths for entry in yaml.safe_load(path.read_text())]
    twice = [name for name, count in Counter(claim.id for claim in claims).items() if count > 1]
    if twice:
        tables = ", ".join(map(str, paths))
        raise GlassboxError(f"{tables}: more than one entry has the id {', '.join(twice)}")
    return claims


def read_evidence(arguments: Namespace) -> Evidence:
    """All tables, without the replicates of a block that the study does not count."""
    replicates, own = arguments.config["replicates"], arguments.config["own"]

    def whole(paths: list[Path]) -> pd.DataFrame | None:
        return counted(paths, replicates, own) if paths else None

    return Evidence(
        replicates=replicates,
        per_class=arguments.config["per_class"],
        errors=whole([arguments.errors]),
        deviations=whole(arguments.deviations),
        averages=whole(arguments.averages),
        histories=whole(arguments.histories),
        filters=whole(arguments.filters),
        units=whole(arguments.units),
        ascents=whole(arguments.ascents),
        signals=whole(arguments.signals),
        further={name: whole(getattr(arguments, name)) for name in FURTHER},
    )


def verdicts_frame(judged: list[tuple[Claim, Verdict]]) -> pd.DataFrame:
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


def parts_frame(judged: list[tuple[Claim, Verdict]]) -> pd.DataFrame:
    """One row per comparison of a claim, in the claim's order."""
    rows = [{"id": claim.id, **asdict(part)} for claim, verdict in judged for part in verdict.parts]
    return pd.DataFrame(rows, columns=list(PARTS)).astype(PARTS)


if __name__ == "__main__":
    program = Program(__doc__).inputs(
        "errors",
        many=("table",),
        optional=(
            "deviations",
            "averages",
            "histories",
            "filters",
            "units",
            "ascents",
            "signals",
            *FURTHER,
        ),
    )
    run(main, program.outputs("verdicts", "parts"))
