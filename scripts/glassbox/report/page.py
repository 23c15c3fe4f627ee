"""Rendering of the report as one self-contained page."""

import base64
import json
import re
from pathlib import Path

import pandas as pd
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from glassbox.claims.verdicts import INCONCLUSIVE, VERDICTS

NAMED = re.compile(r"\[([^\[\]]+)\]")  # a claim in a text: [C-C11]

MEASURES = ("accuracy", "confidence")  # of a model on a set


def render(template: Path, **content: object) -> str:
    """The page that `template` (Jinja2) makes of the content; unknown names are an error."""
    environment = Environment(undefined=StrictUndefined, autoescape=True, trim_blocks=True)
    filters = (number, embedded, pretty, slug, linked)
    environment.filters.update({each.__name__: each for each in filters})
    return environment.from_string(template.read_text(encoding="utf-8")).render(**content)


def number(value: float | None, digits: int = 4) -> str:
    """A value with so many significant digits; a dash for none."""
    if value is None or pd.isna(value):
        return "–"
    return f"{value:#.{digits}g}".rstrip(".")


def slug(text: str) -> str:
    """A text as the name of an anchor, or of a class."""
    return text.replace(" ", "-")


def embedded(svg: str) -> str:
    """An SVG file as a data URI, which keeps its names apart from those of other figures."""
    return "data:image/svg+xml;base64," + base64.b64encode(Path(svg).read_bytes()).decode()


def pretty(canonical: str) -> str:
    """A canonical config slice, indented for reading."""
    return json.dumps(json.loads(canonical), indent=2, ensure_ascii=False)


def tally(verdicts: pd.DataFrame) -> dict[str, dict[str, int]]:
    """How many claims came out as what, in a fixed order, by whose they are.

    What the project asks besides is counted apart from what a work says.
    """
    found = {}
    for asked_by, said in (("work", "{}"), ("project", "asked besides of {}")):
        for work, claims in verdicts[verdicts["asked_by"] == asked_by].groupby("work"):
            counts = claims["verdict"].value_counts()
            whose = said.format(work)
            found[whose] = {verdict: int(counts.get(verdict, 0)) for verdict in VERDICTS}
    return found


def linked(text: str, claims: list[dict]) -> Markup:
    """A text in which each [claim] is a link, with the claim's verdict if it has one."""
    verdicts = {claim["id"]: claim["verdict"] for claim in claims}
    pieces = NAMED.split(text)
    return Markup().join(
        _link(piece, verdicts.get(piece)) if place % 2 else piece
        for place, piece in enumerate(pieces)
    )


def _link(claim: str, verdict: str | None) -> Markup:
    link = Markup('<a href="#{}">{}</a>').format(slug(claim), claim)
    return link + Markup(": <b>{}</b>").format(verdict) if verdict else link


def claims_with_parts(verdicts: pd.DataFrame, parts: pd.DataFrame) -> list[dict]:
    """One entry per claim, with the comparisons that its verdict rests on."""
    by_claim = {claim: rows.to_dict("records") for claim, rows in parts.groupby(["work", "id"])}
    return [
        {**row, "parts": by_claim.get((row["work"], row["id"]), []), "firmness": firmness(row)}
        for row in verdicts.to_dict("records")
    ]


def firmness(claim: dict) -> list[str]:
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


def error_rows(table: pd.DataFrame) -> list[dict]:
    """A table of error measures: {method, replicates, at_chance, <measure>: its row} by method."""
    rows = []
    for method, group in table.groupby("method", sort=False):
        by_measure = group.set_index("measure").to_dict("index")
        counts = group[["replicates", "at_chance"]].iloc[0].to_dict()
        rows.append({"method": method, **counts, **by_measure})
    return rows


def numbers(errors: pd.DataFrame, method: str) -> list[dict]:
    """How often a method is right on each set, and how sure it is: means over its replicates.

    errors: columns method, set, measure and value. Keys: set, replicates, accuracy, confidence and
    the spread of both, the standard deviation, NaN for one replicate.
    """
    rows = errors[(errors["method"] == method) & errors["measure"].isin(MEASURES)]
    found = rows.groupby(["set", "measure"])["value"].agg(["count", "mean", "std"]).unstack()
    return [
        {
            "set": wanted,
            "replicates": int(row["count", "accuracy"]),
            **{name: {"mean": row["mean", name], "spread": row["std", name]} for name in MEASURES},
        }
        for wanted, row in found.iterrows()
    ]


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
