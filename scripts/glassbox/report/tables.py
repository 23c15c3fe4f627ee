"""Tables of the pages, as rows for a template and as files to download."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from glassbox.tables import write_table

MEASURES = ("accuracy", "confidence")  # of a model on a set
SHOWN = ("id", "work", "asked_by", "kind", "location", "statement", "says", "verdict", "reason")
VALUES = ("part", "value", "low", "high", "unit", "published")


def save(table: pd.DataFrame, folder: Path, name: str) -> None:
    """Write a table as <name>.csv and <name>.parquet, for readers of both kinds."""
    folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    write_table(folder / f"{name}.parquet", table)


def claims_table(claims: Iterable[dict]) -> pd.DataFrame:
    """A row per claim, as the overview shows it."""
    rows = [
        {key: claim[key] for key in SHOWN}
        | {key: (claim["headline"] or {}).get(key) for key in VALUES}
        | {"firmness": "; ".join(claim["firmness"]), "figures": " ".join(claim["figures"])}
        for claim in claims
    ]
    columns = [*SHOWN, *VALUES, "firmness", "figures"]
    numbers = dict.fromkeys(("value", "low", "high", "published"), "float64")
    texts = {name: "str" for name in columns if name not in numbers}
    return pd.DataFrame(rows, columns=columns).astype(numbers | texts)


def error_rows(table: pd.DataFrame) -> list[dict]:
    """A table of error measures: {method, replicates, at_chance, <measure>: its row} by method."""
    rows = []
    for method, group in table.groupby("method", sort=False):
        by_measure = group.set_index("measure").to_dict("index")
        counts = group[["replicates", "at_chance"]].iloc[0].to_dict()
        rows.append({"method": method, **counts, **by_measure})
    return rows


def numbers(errors: pd.DataFrame, method: str) -> pd.DataFrame:
    """How often a method is right on each set, and how sure it is: means over its replicates.

    errors: columns method, set, measure and value. Columns: set, replicates, and accuracy and
    confidence with their spread, the standard deviation, NaN for one replicate.
    """
    rows = errors[(errors["method"] == method) & errors["measure"].isin(MEASURES)]
    found = rows.groupby(["set", "measure"])["value"].agg(["count", "mean", "std"]).unstack()
    columns = {"replicates": found["count", "accuracy"].astype("int64")} if len(found) else {}
    for name in MEASURES if len(found) else ():
        columns |= {name: found["mean", name], f"{name}_spread": found["std", name]}
    return pd.DataFrame(columns).reset_index(names="set") if columns else pd.DataFrame()


def training_summary(histories: pd.DataFrame) -> pd.DataFrame:
    """Per network: epochs trained, the epoch that was kept and the losses there.

    Means over replicates, with the least and the greatest kept epoch; `done` counts the replicates
    that met their criterion rather than the limit of epochs.
    """
    kept = histories[histories["kept"]].set_index(["method", "replicate"])
    kept = kept.assign(epochs=histories.groupby(["method", "replicate"])["epoch"].max())
    return (
        kept.groupby("method", sort=False)
        .agg(
            replicates=("epoch", "size"),
            epochs=("epochs", "mean"),
            kept_least=("epoch", "min"),
            kept=("epoch", "mean"),
            kept_most=("epoch", "max"),
            train_loss=("train_loss", "mean"),
            train_accuracy=("train_accuracy", "mean"),
            validation_loss=("validation_loss", "mean"),
            validation_accuracy=("validation_accuracy", "mean"),
            done=("done", "sum"),
        )
        .reset_index()
    )
