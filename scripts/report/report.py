"""Render the pages of the report about all works.

The overview, what was found, errata, and how it was made.
"""

import json
import re
from argparse import Namespace
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from jinja2 import Environment

from glassbox.claims.recorded import OTHER
from glassbox.claims.verdicts import DECIDED, NOT_REPRODUCED, NOT_TESTABLE, VERDICTS
from glassbox.claims.works import read_work
from glassbox.files import whole
from glassbox.report import page, prose, tables
from glassbox.report.errata import Errata, read_errata
from glassbox.report.statements import is_fragile, statements, tally
from glassbox.tables import read_table
from jobs.replicates import counted
from study.command import Program, run

MEANINGS = dict(
    zip(
        VERDICTS,
        (
            "every comparison of the statement holds",
            "a comparison is contradicted",
            "the replicates do not decide it, either way",
            "values and intervals, but of settings that are not the work's",
            "a setting, or needs what this scale leaves out",
        ),
        strict=True,
    )
)
Tally = Mapping[tuple[str, str], Mapping[str, int]]  # see `tally`
NAMED = re.compile(r"\bE-[A-Z]\d+\b")  # an erratum, in the words of a claim
PINNED = re.compile(r"^([\w.-]+)==(\S+)(?:  # (.*))?$", re.MULTILINE)


def main(arguments: Namespace) -> None:
    config = arguments.config
    works = [read_work(path) for path in arguments.claims]
    errata = [read_errata(path) for path in arguments.errata]
    judged = read_table(arguments.verdicts), read_table(arguments.parts)
    claims = statements(works, *judged, config["scale"])
    training = trained(config, arguments.histories, arguments.errors)
    packages = pinned(arguments.requirements)
    templates = page.pages(arguments.templates)
    named = [entry["id"] for each in errata for entry in each.entries]
    common = {
        **config,
        "root": "",
        "pages": dict(config["pages"]),
        "works": works,
        "claims": claims,
        "places": page.places_of(claims, named, "", ""),
    }
    contents = {
        "overview": {
            **overview(claims, judged[1]),
            "other_scale": OTHER.get(config["scale"]),
            "meant": prose.places_about(claims, arguments.written[1:], ""),
        },
        "errata": {"errata": errata, "named": naming(claims)},
        "made": {
            **not_tested(claims, json.loads(config["whole"])),
            "packages": packages.to_dict("records"),
            "training": training.to_dict("records"),
        },
    }
    for output, (name, content) in zip(arguments.output, contents.items(), strict=True):
        html = templates.get_template(f"{name}.html").render(
            common | content | {"here": output.name}
        )
        with whole(output) as part:
            part.write_text(html, encoding="utf-8")
    for source, output in zip(arguments.assets, arguments.copies, strict=True):
        with whole(output) as part:
            part.write_bytes(source.read_bytes())
    with whole(arguments.findings) as folder:
        below = {"root": "../", "places": page.places_of(claims, named, "../", "")}
        write_findings(folder, arguments, templates, common | below)
    with whole(arguments.downloads) as folder:
        tables.save(tables.claims_table(claims), folder, "claims")
        tables.save(listed(errata), folder, "errata")
        tables.save(packages, folder, "packages")
        tables.save(training, folder, "training")


def overview(claims: list[dict], parts: pd.DataFrame) -> dict:
    """What the overview shows of all claims together."""
    counts = tally(claims)
    asked = {by: summed(counts, by) for by in ("work", "project")}
    elsewhere = at_other_scale(claims)
    return {
        "tally": counts,
        "asked": asked,
        "usual": usual_replicates(parts),
        "refuted": {by: refuted(claims, by) for by in asked},
        "fragile": [each for each in claims if is_fragile(each) and each["verdict"] in DECIDED],
        "untestable": {by: untestable(claims, by) for by in asked},
        "elsewhere": tally(elsewhere),
        "refuted_elsewhere": refuted(elsewhere, "work"),
        "untested": untested(counts),
        "meanings": MEANINGS,
        "seen": [each for each in VERDICTS if any(found[each] for found in asked.values())],
        "order": {verdict: place for place, verdict in enumerate(VERDICTS)},
    }


def summed(counts: Tally, asked_by: str) -> dict[str, int]:
    """How many of the claims that somebody asks, of all works, came out as what."""
    found = [each for (_, by), each in counts.items() if by == asked_by]
    return {verdict: sum(each[verdict] for each in found) for verdict in VERDICTS}


def usual_replicates(parts: pd.DataFrame) -> dict[str, int]:
    """From how many to how many replicates all but a tenth of the comparisons have at each end."""
    counts = parts["replicates"].dropna()
    ends = counts.quantile([0.1, 0.9], interpolation="nearest") if len(counts) else [0, 0]
    return dict(zip(("least", "most"), map(int, ends), strict=True))


def refuted(claims: list[dict], asked_by: str) -> list[dict]:
    """Of the claims that somebody asks those that do not hold."""
    return [
        claim
        for claim in claims
        if claim["asked_by"] == asked_by and claim["verdict"] == NOT_REPRODUCED
    ]


def at_other_scale(claims: list[dict]) -> list[dict]:
    """The claims of the works themselves with their verdict at the other scale, if recorded."""
    return [
        {**claim, "verdict": claim["other_scale"]}
        for claim in claims
        if claim["asked_by"] == "work" and isinstance(claim["other_scale"], str)
    ]


def untested(counts: Tally) -> list[str]:
    """The works of which no statement of their own can be tested."""
    return [
        work
        for (work, asked_by), found in counts.items()
        if asked_by == "work" and found[NOT_TESTABLE] == sum(found.values())
    ]


def naming(claims: list[dict]) -> dict[str, list[str]]:
    """The claims whose words name an erratum, by its id; none for one that no claim names."""
    found: dict[str, list[str]] = defaultdict(list)
    for claim in claims:
        about = claim["about"]
        words = " ".join([about.statement, about.test, claim["reason"] or "", str(about.readings)])
        for name in dict.fromkeys(NAMED.findall(words)):
            found[name].append(claim["id"])
    return found


def untestable(claims: list[dict], asked_by: str) -> int:
    """How many of the claims that somebody asks have no test at any scale."""
    return sum(bool(claim["about"].untested) for claim in claims if claim["asked_by"] == asked_by)


def not_tested(claims: list[dict], whole: Mapping) -> dict:
    """The claims without a verdict: `lacking` what they need, by the config that asks for it.

    `without_answer` are those of which the study has all, and what came out of it has no answer;
    `untestable` those that have no test at any scale. whole: the config.
    """
    asked = {name for section in whole.values() if isinstance(section, dict) for name in section}
    found: dict = {"lacking": defaultdict(list), "without_answer": [], "untestable": []}
    for claim in claims:
        about = claim["about"]
        if about.untested:
            found["untestable"].append(claim)
        elif claim["verdict"] == NOT_TESTABLE:
            is_all_there = asked.issuperset(need.partition("/")[0] for need in about.needs)
            place = found["without_answer"] if is_all_there else found["lacking"][about.config]
            place.append(claim)
    return found


def write_findings(
    folder: Path, arguments: Namespace, templates: Environment, common: dict
) -> None:
    """Make a page of each that is written by hand, the first as index."""
    names = {path.name: f"{path.stem}.html" for path in arguments.written}
    names[arguments.written[0].name] = "index.html"
    place = prose.place_of(common["root"], names, common["places"])
    folder.mkdir()
    for path in arguments.written:
        text = path.read_text(encoding="utf-8")
        content = {
            "here": f"{arguments.findings.name}/{names[path.name]}",
            "heading": prose.heading(text),
            "text": prose.rendered(text, place),
        }
        html = templates.get_template("findings.html").render(common | content)
        (folder / names[path.name]).write_text(html, encoding="utf-8")


def listed(errata: list[Errata]) -> pd.DataFrame:
    rows = [{"work": each.work, **entry} for each in errata for entry in each.entries]
    return pd.DataFrame(rows, columns=["work", "id", "location", "found", "read", "why"])


def pinned(requirements: Path) -> pd.DataFrame:
    """Package, version and purpose of each that the environment names."""
    found = PINNED.findall(requirements.read_text(encoding="utf-8"))
    return pd.DataFrame(found, columns=["package", "version", "purpose"])


def trained(config: dict, histories: list[Path], errors: list[Path]) -> pd.DataFrame:
    """How each network was trained, with its mean accuracy on its own test set if it was taken."""
    if not histories:
        return pd.DataFrame({"method": pd.Series(dtype="str")})
    summary = tables.training_summary(counted(histories, config["replicates"], config["own"]))
    summary["test_accuracy"] = summary["method"].map(test_accuracy(errors))
    return summary


def test_accuracy(errors: list[Path]) -> pd.Series:
    """The mean accuracy on test sets by method; of no method where there are no errors."""
    if not errors:
        return pd.Series(dtype="float64")
    table = pd.concat(map(read_table, errors))
    accuracy = table[(table["measure"] == "accuracy") & table["set"].str.endswith("/test")]
    return accuracy.groupby("method")["value"].mean()


if __name__ == "__main__":
    program = Program(__doc__).inputs(
        *("requirements", "verdicts", "parts"),
        many=("templates", "assets", "written"),
        optional=("claims", "errata", "errors", "histories"),
    )
    run(main, program.outputs("downloads", "findings", many=("output", "copies")))
