"""Test each published statement on the tables of the analyses, over replicates."""

from argparse import Namespace
from pathlib import Path

import pandas as pd
import yaml

from glassbox.claims import chen2017, chen2017_signals
from glassbox.claims.chen2017 import Claim
from glassbox.claims.evidence import Evidence
from glassbox.claims.table import parts_frame, refuse_twice, verdicts_frame
from glassbox.replicates import counted
from glassbox.tables import write_table
from study.command import Program, run

FURTHER = (
    "filter_search",
    "filter_widths",
    "noise_gains",
    "embeddings",
    "likeness",
    "parameters",
    "neighbourhoods",
    "confidences",
    "redundancy",
)


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
    """The entries of some tables of claims, in the order of the thesis."""
    claims = [Claim(**entry) for path in paths for entry in yaml.safe_load(path.read_text())]
    refuse_twice(paths, [claim.id for claim in claims])
    return sorted(claims, key=lambda claim: claim.place)


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
