"""A small made-up report, rendered by the programs of the workflow in their own process."""

import json
import shutil
from argparse import Namespace
from pathlib import Path

import pandas as pd
import yaml
from workflow import ROOT

from glassbox.claims.table import LEDGER, PARTS, framed
from glassbox.claims.verdicts import VERDICTS
from glassbox.claims.works import read_work
from glassbox.tables import write_table
from report import report, report_page
from study import times

WORK = "made2099"
LIBRARY = ROOT / "scripts/glassbox/report"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"><path d="M0 0L40 30"/></svg>'
NAVIGATION = [["Overview", "report.html"], [WORK, f"{WORK}/index.html"]]
NAVIGATION += [["Models of your own", "own/index.html"]]
NAVIGATION += [["Findings", "findings/index.html"]]
NAVIGATION += [["Errata", "errata.html"], ["How it was made", "made.html"]]
ERRORS = ["method", "replicate", "set", "measure", "value"]
ENDS, FROM = ("value", "low", "high"), ("effect", "low", "high")
FINDINGS = f"""# What was <found>

## What the published scales take

See [M-C00], [E-M01], [the work]({WORK}.md#in-short-so), [more](more.md) and [X-C99].

[M-C00]: entries.md#M-C00
[E-M01]: errata.md#E-M01
[X-C99]: entries.md#X-C99
"""
FINDINGS_OF_WORK = f"""# {WORK}: made up

    make study

## In short: *so*

| layer | share |
|---|---|
| first | 0.5 |

![A picture]({WORK}-1.svg)

| layer | share |
|---|---|
| last | 0.6 |

So [M-C02] holds, and again: [M-C02]. [M-C28 (digits)] does not.

[M-C02]: entries.md#M-C02
[M-C28 (digits)]: entries.md#M-C28-digits
"""
COUNT = 30  # claims: more than a page shows at first


def claims() -> list[dict]:
    """Claims of which every verdict has some; the last but one has a sister."""
    return [
        {
            "id": f"M-C{place:02}",
            "location": f"Sec. 1, Fig. {1 + place % 2}, Table 3",
            "statement": f"Statement <{place}> of a & b, read as in E-M01.",
            "test": "As M-C00 has it.",
            "needs": ["net"],
            "sister": "digits" if place == COUNT - 2 else [],
        }
        for place in range(COUNT)
    ]


def work_file(folder: Path) -> Path:
    """The claims.yaml of the work, and errata.yaml beside it."""
    file = folder / WORK / "claims.yaml"
    file.parent.mkdir(parents=True)
    head = {"title": "Made <up>", "author": "A. Nobody", "year": 2099, "config": "config/x.yaml"}
    sister = {"statement": "What {id} says, asked of digits."}
    content = {**head, "tables": {}, "sisters": {"digits": sister}, "on_tables": "See [M-C00]."}
    file.write_text(yaml.safe_dump({**content, "claims": claims()}), encoding="utf-8")
    entry = {"id": "E-M01", "location": "Eq. 1", "found": "A sign.", "read": "Plus.", "why": "So."}
    errata = {"errata": [entry], "departures": ["Another data set."]}
    file.with_name("errata.yaml").write_text(yaml.safe_dump(errata), encoding="utf-8")
    return file


def judged(claims_yaml: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Verdicts in turn, and comparisons of all that have one, every other with a printed number."""
    verdicts, parts = [], []
    for place, claim in enumerate(read_work(claims_yaml).claims):
        verdict = VERDICTS[place % len(VERDICTS)]
        row = {
            "work": WORK,
            "id": claim.id,
            "kind": "claim",
            "tested_by": "x.test",
            "asked_by": claim.asked_by,
        }
        row |= {"location": claim.location, "statement": claim.statement, "test": claim.test}
        row |= {"verdict": verdict, "reason": "the comparison is as M-C00 has it"}
        row |= {"needs": [], "evidence": ["training.history"], "twice": 0.9 if place else 0.7}
        row |= {"other_scale": VERDICTS[1]} if verdict == VERDICTS[-1] else {}
        if verdict != VERDICTS[-1]:
            is_printed = place % 2
            part = {"work": WORK, "id": claim.id, "part": "error", "replicates": 5}
            part |= {"effect": 0.1 * place, "low": -0.1, "high": 0.2, "size": 1.0}
            part |= {"hypothesis": "holds 0" if is_printed else "< 1", "outcome": "true"}
            part |= {"unit": "of 2.5" if is_printed else "samples"}
            part |= {"published": 2.5, "published_unit": "samples"} if is_printed else {}
            parts.append(part)
            scale, add = (2.5, 2.5) if is_printed else (1, 0)
            ends = {key: add + scale * part[of] for key, of in zip(ENDS, FROM, strict=True)}
            row |= {**ends, "unit": "samples", "headline": "error"}
            row |= {"published_value": 2.5} if is_printed else {}
        row |= {"figures": [f"{WORK}-{1 + place % 2}"], "tables": [f"{WORK}-3"]}
        verdicts.append(row)
    return framed(verdicts, LEDGER), framed(parts, PARTS)


def exhibits() -> dict:
    """The slice of two figures and a table."""
    shown = [
        {
            "name": name,
            "title": f"Title of {name}",
            "caption": "What is shown.",
            "over": "Over 5 replicates.",
            "explored": name == f"{WORK}-1",
            "rule": rule,
            "config": "{}",
            "data": ["data.parquet"],
        }
        for name, rule in ((f"{WORK}-1", "a"), (f"{WORK}-2", "a"), (f"{WORK}-3", "error_tables"))
    ]
    codes = {
        rule: {"fingerprint": "f", "definitions": {"x.y": "1"}} for rule in ("a", "error_tables")
    }
    return {"shown": shown, "data": ["data.parquet"], "codes": codes}


def error_table() -> pd.DataFrame:
    measures = ("L1", "L2", "L1_p99", "L2_p99")
    numbers = {"mean": 0.5, "spread": 0.1, "replicates": 5, "at_chance": 0}
    rows = [
        {"method": method, "measure": measure, **numbers, "published": 0.4, "misprinted": None}
        for method in ("net", "filter")
        for measure in measures
    ]
    return pd.DataFrame(rows).astype({"misprinted": "float64"})


def accuracies() -> list[tuple]:
    """How right and how sure a network is on a set, by replicate."""
    measures = (("accuracy", 0.9), ("confidence", 0.8))
    return [("net", each, "set/test", *measure) for each in range(5) for measure in measures]


def written(folder: Path) -> list[Path]:
    """What was found, over all works and of the work, which show and name each other and more."""
    files = [folder / f"docs/{name}.md" for name in ("findings", WORK, "verdicts")]
    files[0].parent.mkdir()
    changed = "## What was changed after results were seen\n"
    files[2].write_text(f"# How a verdict is reached\n\n{changed}", encoding="utf-8")
    (folder / f"docs/{WORK}-1.svg").write_text(SVG, encoding="utf-8")
    files[0].write_text(FINDINGS, encoding="utf-8")
    files[1].write_text(FINDINGS_OF_WORK, encoding="utf-8")
    return files


def make(folder: Path) -> Path:
    """Render the report below a folder, and give the folder of its pages."""
    claims_yaml = work_file(folder / "claims")
    errata = [claims_yaml.with_name("errata.yaml")]
    files = [folder / f"{name}.parquet" for name in ("verdicts", "parts", "data", f"{WORK}-3")]
    for path, table in zip(
        files, (*judged(claims_yaml), error_table(), error_table()), strict=True
    ):
        write_table(path, table)
    figures = [folder / f"{WORK}-{number}.svg" for number in (1, 2)]
    for path in figures:
        path.write_text(SVG, encoding="utf-8")
    pages = folder / "results/report"
    about_all = {"title": "Mine <b>", "seed": 1, "scale": "laptop", "replicates": 5, "own": {}}
    about_all |= {"pages": NAVIGATION, "whole": "{}"}
    shared = {"errata": errata, "claims": [claims_yaml], "errors": []}
    report.main(
        Namespace(
            **shared,
            config={**about_all, "left_out": []},
            templates=sorted((LIBRARY / "templates").glob("*.html")),
            written=written(folder),
            assets=[LIBRARY / "assets/report.css", LIBRARY / "assets/report.js"],
            requirements=ROOT / "envs/requirements.txt",
            verdicts=files[0],
            parts=files[1],
            histories=[],
            output=[pages / f"{name}.html" for name in ("report", "errata", "made")],
            copies=[pages / "report.css", pages / "report.js"],
            findings=pages / "findings",
            downloads=pages / "tables",
        )
    )
    shared |= {"templates": sorted((LIBRARY / "templates").glob("*.html"))}
    of_page = {"work": WORK, "scale": "laptop", "pages": NAVIGATION}
    report_page.main(
        Namespace(
            **shared,
            config={**of_page, **exhibits()},
            verdicts=files[:1],
            parts=files[1:2],
            tables=files[3:],
            figures=figures,
            data=files[2:3],
            written=[folder / f"docs/{WORK}.md"],
            output=pages / WORK,
        )
    )
    errors = folder / "errors.parquet"
    write_table(errors, pd.DataFrame(accuracies(), columns=ERRORS))
    of_page = {"work": None, "scale": "laptop", "pages": NAVIGATION, "replicates": 5, "own": {}}
    report_page.main(
        Namespace(
            **{**shared, "claims": [], "errata": [], "errors": [errors]},
            config={**of_page, "models": {"net": [f"{WORK}-1"]}, **exhibits()},
            tables=files[3:],
            figures=figures,
            data=files[2:3],
            output=pages / "own",
        )
    )
    return pages


def add_times(folder: Path) -> None:
    """Write what a run of one job took, as `make study` does."""
    record = dict.fromkeys(("program", "fingerprint"), "x")
    record |= {key: [] for key in ("arguments", "instructions")}
    record |= {key: {} for key in ("config", "code", "inputs", "outputs", "environment")}
    record |= {"started": "2026-01-01T00:00:00+00:00", "finished": "2026-01-01T00:02:00+00:00"}
    record |= {"device": "cpu: A", "from_cache": None}
    for name in ("training/net/0-0", "claims"):
        path = folder / f"results/records/{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(record), encoding="utf-8")
    log = folder / "logs/training/net/0-0.tsv"
    log.parent.mkdir(parents=True)
    log.write_text("s\tmax_rss\tcpu_time\n120\t300.4\t90\n", encoding="utf-8")
    times.write(folder)


LONG = 120_000  # ms that a page may take on a busy machine


def browser() -> str | None:
    """The system's Chromium, with which pages are tested; None where there is none."""
    return (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
