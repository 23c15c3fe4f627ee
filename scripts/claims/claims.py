"""Test each published statement on the tables of the analyses, over replicates."""

from argparse import Namespace
from collections.abc import Iterator

import pandas as pd

import glassbox.claims.registered  # noqa: F401
from glassbox.claims.evidence import Evidence
from glassbox.claims.judging import Judged, judged
from glassbox.claims.recorded import elsewhere
from glassbox.claims.settings import Setting, settings
from glassbox.claims.table import LEDGER, PARTS, ledger, parts_frame
from glassbox.claims.works import Work, read_work, refuse_twice
from glassbox.tables import write_described
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    works = [read_work(path) for path in arguments.claims]
    refuse_twice(arguments.claims, [claim.id for work in works for claim in work.claims])
    tables = read_tables(arguments)
    recorded = elsewhere(arguments.recorded, arguments.config["scale"])
    found = [
        (work, *each)
        for work in works
        for each in judged_claims(work, tables, arguments.config, recorded)
    ]
    write_described(arguments.verdicts, ledger(found, arguments.config["shown"]), LEDGER)
    write_described(arguments.parts, parts_frame(found), PARTS)


def read_tables(arguments: Namespace) -> dict[str, pd.DataFrame]:
    """The tables by name, without the replicates of a block that the study does not count."""
    replicates, own = arguments.config["replicates"], arguments.config["own"]
    return {name: counted(paths, replicates, own) for name, paths in arguments.table.items()}


def judged_claims(
    work: Work, tables: dict[str, pd.DataFrame], config: dict, recorded: dict[str, str]
) -> Iterator[tuple[list[Setting], Judged]]:
    """The claims of a work on the tables that it lists, each with the settings that it rests on.

    config: `settings` is what the study's config says of the works' settings; what else it holds is
    the evidence's. recorded: the verdicts at the other scale by claim.
    """
    listed = {name: tables.get(name) for name in work.tables}
    counts = {key: config[key] for key in ("replicates", "own", "per_class")}
    evidence = Evidence(tables=listed, **counts)
    ours = config["settings"].get(work.name, {})
    for claim in work.claims:
        rested_on = settings(claim.needs, ours, work.settings)
        yield rested_on, judged(claim, evidence, rested_on, recorded.get(claim.id))


if __name__ == "__main__":
    program = Program(__doc__).inputs(optional=("claims", "recorded"))
    run(main, program.tables().outputs("verdicts", "parts"))
