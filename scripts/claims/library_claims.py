"""Test each statement of lee2019 on the tables of libraries, consistency and silhouettes."""

from argparse import Namespace
from pathlib import Path

import pandas as pd
import yaml

from glassbox.claims.lee2019 import Claim, Evidence, verdict
from glassbox.claims.table import parts_frame, refuse_twice, verdicts_frame
from glassbox.replicates import counted
from glassbox.tables import write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    evidence = read_evidence(arguments)
    judged = [(claim, verdict(claim, evidence)) for claim in read_claims(arguments.table)]
    write_table(arguments.verdicts, verdicts_frame(judged))
    units = dict.fromkeys(["effect", "low", "high"], "see the column unit")
    write_table(arguments.parts, parts_frame(judged), units | {"size": "standard deviations"})


def read_claims(path: Path) -> list[Claim]:
    """The entries of a table of claims, in its order, with their sisters."""
    entries = [Claim(**entry) for entry in yaml.safe_load(path.read_text())]
    claims = [each for entry in entries for each in entry.with_sister()]
    refuse_twice([path], [claim.id for claim in claims])
    return claims


def read_evidence(arguments: Namespace) -> Evidence:
    replicates = arguments.config["replicates"]

    def whole(paths: list[Path]) -> pd.DataFrame | None:
        return counted(paths, replicates=0, own=replicates) if paths else None

    return Evidence(
        replicates,
        whole(arguments.libraries),
        whole(arguments.confusion),
        whole(arguments.detection),
        whole(arguments.scores),
        whole(arguments.silhouettes),
    )


if __name__ == "__main__":
    tables = ("libraries", "confusion", "detection", "scores", "silhouettes")
    program = Program(__doc__).inputs("table", optional=tables)
    run(main, program.outputs("verdicts", "parts"))
