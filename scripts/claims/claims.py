"""Test each published statement on the tables of the analyses, over replicates."""

from argparse import Namespace

import pandas as pd

import glassbox.claims.registered  # noqa: F401
from glassbox.claims.evidence import Evidence
from glassbox.claims.judging import verdict
from glassbox.claims.table import Judged, parts_frame, verdicts_frame
from glassbox.claims.works import Work, read_work, refuse_twice
from glassbox.replicates import counted
from glassbox.tables import write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    works = [read_work(path) for path in arguments.claims]
    refuse_twice(arguments.claims, [claim.id for work in works for claim in work.claims])
    tables = read_tables(arguments)
    judged = [
        Judged(work.name, claim, verdict(claim, evidence))
        for work in works
        for evidence in [evidence_of(work, tables, arguments.config)]
        for claim in work.claims
    ]
    write_table(arguments.verdicts, verdicts_frame(judged))
    units = dict.fromkeys(["effect", "low", "high"], "see the column unit")
    write_table(arguments.parts, parts_frame(judged), units | {"size": "standard deviations"})


def read_tables(arguments: Namespace) -> dict[str, pd.DataFrame]:
    """The tables by name, without the replicates of a block that the study does not count."""
    replicates, own = arguments.config["replicates"], arguments.config["own"]
    return {name: counted(paths, replicates, own) for name, paths in arguments.table.items()}


def evidence_of(work: Work, tables: dict[str, pd.DataFrame], config: dict) -> Evidence:
    """What the tests of a work may read: the tables that it lists, as far as they are there."""
    listed = {name: tables.get(name) for name in work.tables}
    return Evidence(tables=listed, **config)


if __name__ == "__main__":
    program = Program(__doc__).inputs(optional=("claims",)).tables().outputs("verdicts", "parts")
    run(main, program)
