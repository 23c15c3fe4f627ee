"""Error measures by method, beside the published values (chen2017 Tables 3.1 to 3.3)."""

from collections.abc import Mapping

import pandas as pd

from glassbox.analyses.errors import AT_CHANCE, PRINTED
from glassbox.errors import GlassboxError

Printed = Mapping[str, Mapping[str, Mapping[str, float]]]

UNITS = dict.fromkeys(("mean", "spread", "published", "misprinted"), "samples")


def error_table(
    errors: pd.DataFrame, printed: Printed, methods: list[str], wanted: str
) -> pd.DataFrame:
    """One row per method and measure, in the order of the methods.

    errors: columns method, replicate, set, measure and value; wanted: the set. printed: what the
    rows of the thesis's tables say, by method and measure, as "published", where misprints are put
    right, and as "misprinted", what stands there in its place.

    Columns: method, measure; mean and spread (standard deviation) over replicates; replicates;
    at_chance (how many besides learned nothing, and are left out); published and misprinted (null
    where the thesis has no such row). Raises GlassboxError for a
    method without errors on the set.
    """
    shown = errors[errors["set"] == wanted]
    values = shown.pivot(index=["method", "replicate"], columns="measure", values="value")
    at_chance = (values["accuracy"] < AT_CHANCE).groupby("method").sum()
    known = values[values["accuracy"] >= AT_CHANCE].melt(ignore_index=False)
    known = known.groupby(["method", "measure"])["value"]
    table = known.agg(mean="mean", spread="std", replicates="count")
    rows = pd.MultiIndex.from_product([methods, PRINTED], names=["method", "measure"])
    missing = rows.difference(table.index)
    if len(missing):
        names = ", ".join(sorted(set(missing.get_level_values("method"))))
        raise GlassboxError(f"no errors of {names} on {wanted}")
    table = table.loc[rows].reset_index()
    table.insert(5, "at_chance", table["method"].map(at_chance))
    for key in ("published", "misprinted"):
        values = [printed.get(key, {}).get(method, {}).get(measure) for method, measure in rows]
        table[key] = pd.Series(values, dtype="float64")
    return table
