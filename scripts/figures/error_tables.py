"""A table of error measures by method, beside the published values (chen2017 Tables 3.1 to 3.3)."""

from argparse import Namespace

import pandas as pd

from glassbox.analyses.errors import AT_CHANCE, PRINTED
from glassbox.claims.works import Claim, read_work
from glassbox.errors import GlassboxError
from glassbox.tables import read_table, write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    claims = read_work(arguments.claims).claims
    table = error_table(read_table(arguments.errors), published_values(claims), arguments.config)
    misprints = published_values(claims, "misprinted")
    rows = zip(table["method"], table["measure"], strict=True)
    table["misprinted"] = pd.Series([misprints.get(row) for row in rows], dtype="float64")
    units = dict.fromkeys(("mean", "spread", "published", "misprinted"), "samples")
    write_table(arguments.output, table, units)


def published_values(claims: list[Claim], key: str = "published") -> dict[tuple[str, str], float]:
    """What the rows of the thesis's tables say, by method and measure.

    key: "published", where misprints are put right, or "misprinted", what stands in their place.
    """
    return {
        (claim.of["method"], measure): value
        for claim in claims
        for measure, value in (getattr(claim, key) or {}).items()
    }


def error_table(
    errors: pd.DataFrame, published: dict[tuple[str, str], float], config: dict
) -> pd.DataFrame:
    """One row per method and measure, in the order of the config.

    Columns: method, measure; mean and spread (standard deviation) over replicates; replicates;
    at_chance (how many besides learned nothing, and are left out); published (null where the thesis
    has no such row).
    """
    shown = errors[errors["set"] == config["set"]]
    values = shown.pivot(index=["method", "replicate"], columns="measure", values="value")
    at_chance = (values["accuracy"] < AT_CHANCE).groupby("method").sum()
    known = values[values["accuracy"] >= AT_CHANCE].melt(ignore_index=False)
    known = known.groupby(["method", "measure"])["value"]
    table = known.agg(mean="mean", spread="std", replicates="count")
    wanted = pd.MultiIndex.from_product([config["methods"], PRINTED], names=["method", "measure"])
    missing = wanted.difference(table.index)
    if len(missing):
        names = ", ".join(sorted(set(missing.get_level_values("method"))))
        raise GlassboxError(f"no errors of {names} on {config['set']}")
    table = table.loc[wanted].reset_index()
    table.insert(5, "at_chance", table["method"].map(at_chance))
    table["published"] = pd.Series([published.get(row) for row in wanted], dtype="float64")
    return table


if __name__ == "__main__":
    run(main, Program(__doc__).inputs("errors", "claims").outputs("output"))
