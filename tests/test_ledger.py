"""The ledger of all statements: its columns, its headline, and what of the study shows a claim."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import workflow
import yaml

from glassbox.claims.evidence import Evidence
from glassbox.claims.hypotheses import REPORTED, above, below
from glassbox.claims.judging import TESTS, claim, judged
from glassbox.claims.settings import Setting
from glassbox.claims.table import LEDGER, PARTS, ledger, parts_frame
from glassbox.claims.verdicts import Comparison, against_published, judge
from glassbox.claims.works import Claim, Work, read_work
from glassbox.errors import GlassboxError
from glassbox.tables import write_described
from study import ledger as program
from study import schema
from study.shown import Place, places, shown

REFERENCE = workflow.ROOT.parent / "shared/reference/claims.yaml"
CLAIMS = workflow.ROOT / "scripts/glassbox/claims"
VALUES = np.linspace(0.9, 1.1, 20)


def compared(name, hypothesis, mean=1.0) -> Comparison:
    return Comparison(name, VALUES * mean, hypothesis, "m")


@pytest.mark.parametrize(
    ("parts", "verdict", "headline"),
    [
        (["reported", "holds", "fails"], "not reproduced", "fails"),
        (["holds", "open", "reported"], "inconclusive", "open"),
        (["holds", "open", "fails"], "not reproduced", "fails"),
        (["reported", "holds", "holds too"], "reproduced", "holds"),
        (["reported"], "reproduced", "reported"),
        ([], "reproduced", None),
    ],
)
def test_the_headline_is_the_first_part_that_decided(parts, verdict, headline):
    hypotheses = {"holds": above(0.5), "holds too": below(2), "fails": above(1.5)}
    hypotheses |= {"open": above(1), "reported": REPORTED}
    found = judge([compared(each, hypotheses[each]) for each in parts])
    assert found.verdict == verdict
    assert (found.headline() and found.headline().part) == headline


@pytest.mark.parametrize("published", [4.0, -4.0])
def test_a_value_stands_beside_a_printed_number_as_that_is(published):
    part = judge([against_published("x", VALUES * published, published, "m")]).parts[0]
    value, low, high, unit = part.measured()
    assert (value, unit) == (pytest.approx(published), "m")
    assert low < value < high and high - value == pytest.approx(value - low)
    assert high - value == pytest.approx(4 * (part.high - part.effect))
    assert part.effect == pytest.approx(0)


WORK = Work("made", "On things", "A. Nobody", 2099, "c.yaml", {}, [], publisher="Press")
STATEMENT = Claim("M-N01", "Fig. 3", "Four.", "It is four.", ["net"], "c.yaml", kind="number")
SETTINGS = [Setting("models.net.width", 8, 9), Setting("models.net.depth", 2, 2)]


@pytest.fixture
def made_up():
    @claim("M-N01")
    def test(evidence: Evidence) -> list[Comparison]:
        evidence.table("errors")
        evidence.table("not made")
        return [against_published("x", VALUES, 0.5, "m"), compared("y", below(9))]

    yield test
    del TESTS["M-N01"]


def row_of(statement, settings=(), shown=None) -> dict:
    frame = ledger([(WORK, settings, verdict_on(statement, settings))], shown or {})
    return frame.to_dict("records")[0]


def verdict_on(statement, settings=()):
    tables = {"errors": pd.DataFrame({"a": [1]}), "not made": None, "other": pd.DataFrame()}
    return judged(statement, Evidence(20, tables), settings)


def test_a_row_says_all_of_a_statement(made_up):
    by_claim = {"M-N01": {"figures": ["made-3"], "tables": []}}
    row = row_of(STATEMENT, SETTINGS[1:], by_claim)
    assert row["verdict"] == "not reproduced"
    assert (row["work"], row["kind"], row["asked_by"]) == ("made", "number", "work")
    assert row["paper"] == "A. Nobody, On things, Press, 2099"
    assert (row["headline"], row["unit"], row["replicates"]) == ("x", "m", 20)
    assert row["value"] == pytest.approx(VALUES.mean())
    assert row["low"] < row["value"] < row["high"]
    assert (row["published_value"], row["hypothesis"]) == (0.5, "holds 0")
    relative = VALUES / 0.5 - 1
    assert row["effect_size"] == pytest.approx(relative.mean() / relative.std(ddof=1))
    assert json.loads(row["settings"]) == {"models.net.depth": {"ours": 2, "theirs": 2}}
    assert row["tested_by"].endswith("made_up.<locals>.test")
    lists = {name: list(row[name]) for name in ("needs", "evidence", "figures", "tables")}
    assert lists == {"needs": ["net"], "evidence": ["errors"], "figures": ["made-3"], "tables": []}


def test_a_row_under_other_settings_keeps_its_value_and_both_settings(made_up):
    row = row_of(STATEMENT, SETTINGS)
    assert row["verdict"] == "asked of other settings" and row["value"] == pytest.approx(1)
    assert json.loads(row["settings"])["models.net.width"] == {"ours": 8, "theirs": 9}


def test_a_row_of_a_statement_without_a_test_has_no_value(made_up):
    row = row_of(replace(STATEMENT, untested="A setting.", kind="setting"))
    assert row["verdict"] == "not testable here" and row["reason"] == "A setting."
    for name in ("headline", "value", "low", "replicates", "effect_size", "tested_by", "settings"):
        assert row[name] != row[name] or row[name] is None or str(row[name]) == "<NA>", name


def test_the_file_says_what_its_columns_hold_in_types_that_no_row_changes(made_up, tmp_path):
    rows = [(WORK, SETTINGS, verdict_on(STATEMENT, SETTINGS))]
    for columns, frame in ((LEDGER, lambda rows: ledger(rows, {})), (PARTS, parts_frame)):
        schemas = []
        for name, judged_rows in (("none", []), ("one", rows)):
            write_described(tmp_path / name, frame(judged_rows), columns)
            schemas.append(pq.read_schema(tmp_path / name))
        assert schemas[0].equals(schemas[1], check_metadata=True)
        said = json.loads(schemas[1].metadata[b"glassbox"])
        assert said["columns"] == {name: each.meaning for name, each in columns.items()}
        assert said["units"] == {name: each.unit for name, each in columns.items() if each.unit}
        assert schemas[1].names == list(columns)


@pytest.mark.skipif(not REFERENCE.exists(), reason=f"no {REFERENCE}, the list of all statements")
def test_kinds_are_those_of_the_reference_where_a_setting_is_a_printed_number():
    wanted = {each["id"]: each["kind"] for each in yaml.safe_load(REFERENCE.read_text())}
    works = [read_work(path) for path in CLAIMS.glob("*/claims.yaml")]
    kinds = {claim.id: claim.kind for work in works for claim in work.claims}
    assert {kinds[name] for name in wanted if wanted[name] == "claim"} == {"claim"}
    assert {kinds[name] for name in wanted if wanted[name] == "number"} == {"number", "setting"}


@pytest.mark.parametrize(
    ("location", "figures"),
    [
        ("Sec. 3.1, Fig. 3.2", [Place((3, 2))]),
        ("Figs 6.8, 6.9", [Place((6, 8)), Place((6, 9))]),
        ("Figs. 13 and 14", [Place((13,)), Place((14,))]),
        ("Figs 3.14 to 3.16, Sec. 4", [Place((3, each)) for each in (14, 15, 16)]),
        ("Fig. 2a, 2e", [Place((2,), frozenset("a")), Place((2,), frozenset("e"))]),
        ("Fig. 3A-C", [Place((3,), frozenset("abc"))]),
        ("Fig. 5e to 5h", [Place((5,), frozenset("efgh"))]),
        ("slide H4, Eq. 7, 1.5", []),
    ],
)
def test_places_are_read_from_a_location(location, figures):
    assert places(location) == {"figures": figures, "tables": []}
    of_table = places(location.replace("Figs", "Tables").replace("Fig.", "Table"))
    assert of_table["figures"] == [] and len(of_table["tables"]) == len(figures)


def test_a_claim_is_shown_by_figures_of_its_place_and_of_what_it_needs():
    """By hand, at the laptop scale of two works."""
    config = schema.load(workflow.content(works=["chen2017", "pardo2019", "rauber2017"]))
    works = [read_work(CLAIMS / name / "claims.yaml") for name in config.works]
    found = shown(config, works)
    assert found["C-C01"] == {"figures": ["chen2017-3.2-signals"], "tables": []}
    assert found["C-T03"] == {"figures": [], "tables": ["chen2017-3.2", "chen2017-3.3"]}
    assert found["C-C47 (digits)"]["figures"] == ["chen2017-6.12-digits"]
    assert "C-C47" not in found, "which is of MNIST"
    assert found["P-C04 (small-net2)"]["figures"] == ["pardo2019-2e-digits"]
    assert "pardo2019-risk-digits" in found["P-C07 (digits)"]["figures"]
    assert found["R-N11 (chance) (digits)"]["figures"] == ["rauber2017-chance-digits"]
    of_study = {*config.figures, *config.tables}
    assert all(set(names) <= of_study for each in found.values() for names in each.values())


def test_a_figure_that_shows_no_claim_leaves_the_claims_as_they_are():
    config = schema.load(workflow.content())
    works = [read_work(CLAIMS / "chen2017/claims.yaml")]
    other = {**config.figures, "mine": config.figures["chen2017-3.7"]}
    assert shown(config.model_copy(update={"figures": other}), works) == shown(config, works)
    fewer = {name: each for name, each in config.figures.items() if name != "chen2017-3.7"}
    assert shown(config.model_copy(update={"figures": fewer}), works) != shown(config, works)


def test_every_place_that_is_named_besides_exists_at_some_scale():
    """So that no entry under `shown` names what nothing is named for."""
    names = ["chen2017", "lee2019", "pardo2019", "rauber2017"]
    found = {}
    for scale in ("laptop", "published"):
        config = schema.load(workflow.content(works=names, scale=scale))
        works = [read_work(CLAIMS / name / "claims.yaml") for name in names]
        found |= shown(config, works)
    claims = [claim for work in works for claim in work.claims if claim.shown]
    families = {claim.id for claim in claims if claim.asked_by == "work"}
    for family in families:
        assert any(name == family or name.startswith(f"{family} (") for name in found), family


def test_the_claims_file_of_a_test_is_read(tmp_path: Path):
    """What a claims.yaml says of kinds and of what shows a claim comes with its sisters."""
    head = {"title": "t", "author": "a", "year": 1, "config": "c", "tables": {}}
    head["sisters"] = {"small": {"statement": "As {id}."}}
    entry = {"id": "M-N01", "location": "Sec. 1", "statement": "s", "test": "t", "needs": []}
    more = {"kind": "number", "shown": "Fig. 2", "sister": "small"}
    path = tmp_path / "made/claims.yaml"
    path.parent.mkdir()
    path.write_text(yaml.safe_dump({**head, "claims": [{**entry, **more}]}))
    for each in read_work(path).claims:
        assert (each.kind, each.shown) == ("number", "Fig. 2")


@pytest.fixture
def results(made_up, tmp_path):
    """A ledger of three statements."""
    untested = replace(STATEMENT, id="M-N02", kind="setting", untested="A setting.")
    other = replace(
        STATEMENT, id="M-N01 (small)", like="M-N01", asked_by="project", location="Table 9"
    )
    works = WORK, replace(WORK, name="made2")
    pairs = [(works[0], STATEMENT), (works[1], untested), (works[1], other)]
    rows = [(work, SETTINGS[1:], verdict_on(each, SETTINGS[1:])) for work, each in pairs]
    frame = ledger(rows, {"M-N01": {"figures": ["made-3", "made-4"], "tables": []}})
    write_described(tmp_path / "claims/verdicts.parquet", frame, LEDGER)
    return tmp_path


def said(capsys, results, *words) -> str:
    program.main(program.options().parse_args([*words, "--results", str(results)]))
    return capsys.readouterr().out


def test_the_program_lists_filters_and_counts(results, capsys):
    lines = said(capsys, results).splitlines()
    assert [line.split("  ")[0] for line in lines[:3]] == ["M-N01", "M-N02", "M-N01 (small)"]
    assert "1 (0." in lines[0] and "printed 0.5" in lines[0] and "printed" not in lines[1]
    assert lines[3] == "3 statements: 2 not reproduced, 1 not testable here"
    for words, ids in (
        (["--work", "made2"], ["M-N02", "M-N01 (small)"]),
        (["--asked-by", "work"], ["M-N01", "M-N02"]),
        (["--id", "m-n"], ["M-N01", "M-N02", "M-N01 (small)"]),
        (["--verdict", "not reproduced"], ["M-N01", "M-N01 (small)"]),
    ):
        shown_lines = said(capsys, results, *words).splitlines()[:-1]
        assert [line.split("  ")[0] for line in shown_lines] == ids


@pytest.mark.parametrize(
    "words", [["--id", "M-N01"], ["--work", "made"], ["--kind", "number", "--asked-by", "work"]]
)
def test_one_statement_is_shown_with_all_that_is_known(results, capsys, words):
    lines = dict(line.split(maxsplit=1) for line in said(capsys, results, *words).splitlines())
    assert lines["id"] == "M-N01" and lines["figures"] == "made-3; made-4"
    assert json.loads(lines["settings"]) == {"models.net.depth": {"ours": 2, "theirs": 2}}
    assert "misprinted" not in lines


def test_csv_and_json_hold_every_column(results, capsys):
    files = results / "out/l.csv", results / "out/l.json"
    assert said(capsys, results, "--csv", str(files[0]), "--json", str(files[1])) == ""
    rows = json.loads(files[1].read_text())
    with files[0].open(newline="") as file:
        texts = list(csv.DictReader(file))
    assert [list(row) for row in rows + texts] == [list(LEDGER)] * 6
    assert rows[0]["figures"] == ["made-3", "made-4"] and texts[0]["figures"] == "made-3; made-4"
    assert rows[0]["settings"]["models.net.depth"] == {"ours": 2, "theirs": 2}
    assert (rows[1]["value"], texts[1]["value"]) == (None, "")
    assert float(texts[0]["value"]) == rows[0]["value"] and rows[0]["replicates"] == 20


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--work", "lee"], "has work 'lee'; there are: made, made2"),
        (["--work", "made", "--kind", "setting"], "has kind 'setting'; there are: number"),
        (["--text", "nothing says this"], "no statement is left"),
    ],
)
def test_a_filter_that_leaves_nothing_says_what_there_is(results, capsys, words, message):
    with pytest.raises(GlassboxError, match=message):
        said(capsys, results, *words)
    with pytest.raises(GlassboxError, match="run the study first"):
        said(capsys, results / "elsewhere")


def test_a_setting_is_not_tested_since_nothing_is_claimed_of_it():
    claims = [each for path in CLAIMS.glob("*/claims.yaml") for each in read_work(path).claims]
    settings = {each.id for each in claims if each.kind == "setting"}
    assert settings == {
        each.id for each in claims if each.untested and each.untested.startswith("a setting")
    }
