"""Render a page of the report: of a work, or of the user's own models, with figures and tables."""

from argparse import Namespace
from pathlib import Path

import pandas as pd

from glassbox.analyses.errors import PRINTED
from glassbox.claims.verdicts import NOT_TESTABLE
from glassbox.claims.works import read_work
from glassbox.digests import file_sha256
from glassbox.files import whole
from glassbox.report import page, prose, svg, tables
from glassbox.report.errata import Errata, read_errata
from glassbox.report.statements import printed_numbers, statements, tally
from glassbox.tables import read_table
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    exhibits = shown(config, arguments)
    with whole(arguments.output) as folder:
        folder.mkdir()
        content = of_work if config["work"] else of_models
        found = content(config, arguments, exhibits, folder / "tables")
        templates = page.pages(arguments.templates)
        template = templates.get_template("work.html" if config["work"] else "own.html")
        html = template.render(
            root="../",
            here=f"{arguments.output.name}/index.html",
            pages=dict(config["pages"]),
            measures=PRINTED,
            codes_of=codes(config),
            **found,
        )
        (folder / "index.html").write_text(html, encoding="utf-8")
        for path in arguments.figures:
            (folder / "figures").mkdir(exist_ok=True)
            smaller = svg.compact(path.read_text(encoding="utf-8"))
            (folder / "figures" / path.name).write_text(smaller, encoding="utf-8")


def of_work(config: dict, arguments: Namespace, exhibits: dict, folder: Path) -> dict:
    """What the page of a work shows."""
    (work,) = [read_work(path) for path in arguments.claims]
    errata = [read_errata(path) for path in arguments.errata] or [Errata(work.name)]
    judged = [read_table(path) for path in (*arguments.verdicts, *arguments.parts)]
    claims = statements([work], *judged, config["scale"])
    published = printed_numbers(claims)
    tables.save(published, folder, "published")
    tables.save(judged[1][judged[1]["work"] == work.name], folder, "comparisons")
    every = [*exhibits["figures"], *exhibits["tables"]]
    for each in exhibits["tables"]:
        tables.save(each["table"], folder, each["name"])
    return {
        **exhibits,
        "work": work,
        "explained": bool(arguments.written),
        "meant": prose.places_about(claims, arguments.written, "../"),
        "tally": tally(claims),
        "published": published.to_dict("records"),
        "by_id": {claim["id"]: claim for claim in claims},
        "own": by_testing(claims, "work"),
        "asked_by_us": by_testing(claims, "project"),
        "showing": {each["name"]: showing(claims, each["name"]) for each in every},
        "exhibits": {each["name"]: each["title"] for each in every},
        "errata": errata[0],
        "places": page.places_of(claims, (e["id"] for e in errata[0].entries), "../", work.name),
    }


def by_testing(claims: list[dict], asked_by: str) -> dict[str, list[dict]]:
    """The claims that somebody asks: those that are `tested` here, and the `others`."""
    found: dict[str, list[dict]] = {"tested": [], "others": []}
    for claim in claims:
        if claim["asked_by"] == asked_by:
            found["others" if claim["verdict"] == NOT_TESTABLE else "tested"].append(claim)
    return found


def showing(claims: list[dict], name: str) -> list[dict]:
    """The claims that a figure or table shows something of."""
    return [claim for claim in claims if name in (*claim["figures"], *claim["tables"])]


def of_models(config: dict, arguments: Namespace, exhibits: dict, folder: Path) -> dict:
    """What the page of the user's own models shows: theirs, and figures that are of no work."""
    models = []
    for model, names in config["models"].items():
        numbers = pd.DataFrame()
        if arguments.errors:
            counts = config["replicates"], config["own"]
            numbers = tables.numbers(counted(arguments.errors, *counts), model)
            tables.save(numbers, folder, model)
        figures = [each for each in exhibits["figures"] if each["name"] in names]
        models.append({"name": model, "numbers": numbers.to_dict("records"), "figures": figures})
    for each in exhibits["tables"]:
        tables.save(each["table"], folder, each["name"])
    theirs = {name for names in config["models"].values() for name in names}
    others = [each for each in exhibits["figures"] if each["name"] not in theirs]
    return {"models": models, "figures": others, "tables": exhibits["tables"]}


def shown(config: dict, arguments: Namespace) -> dict[str, list[dict]]:
    """The figures and tables of the page in their order, with where each is from."""
    sums = dict(zip(config["data"], map(file_sha256, arguments.data), strict=True))
    files = {path.stem: path for path in (*arguments.figures, *arguments.tables)}
    found: dict[str, list[dict]] = {"figures": [], "tables": []}
    for each in config["shown"]:
        name = each["name"]
        data = {path: sums[path] for path in each["data"]}
        entry = {**each, "work": config["work"] or "", "origin": {**each, "data": data}}
        if files[name].suffix == ".svg":
            found["figures"].append({**entry, "size": page.size_of(files[name])})
        else:
            table = read_table(files[name])
            rows = tables.error_rows(table)
            found["tables"].append({**entry, "table": table, "rows": rows})
    return found


def codes(config: dict) -> dict[str, dict]:
    """The code of each rule that makes something on the page, with what it makes there."""
    return {
        rule: {
            **code,
            "script": f"scripts/figures/{rule}.py",
            "shown": [each["name"] for each in config["shown"] if each["rule"] == rule],
        }
        for rule, code in config["codes"].items()
    }


if __name__ == "__main__":
    program = Program(__doc__).inputs(
        many=("templates",),
        optional=(
            *("verdicts", "parts", "claims", "errata", "written"),
            *("errors", "tables", "figures", "data"),
        ),
    )
    run(main, program.outputs("output"))
