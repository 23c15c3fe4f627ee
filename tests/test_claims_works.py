"""Works and their claims: what claims.yaml says, and how little a work or a claim takes."""

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pages
import pandas as pd
import pytest
import workflow
import yaml

from glassbox.claims import judging
from glassbox.claims.evidence import Evidence
from glassbox.claims.hypotheses import NOT_TESTED
from glassbox.claims.judging import claim, verdict
from glassbox.claims.recorded import elsewhere, read_recorded
from glassbox.claims.verdicts import INCONCLUSIVE, NOT_TESTABLE, OTHER_SETTINGS, REPRODUCED
from glassbox.claims.works import Claim, listed_tables, read_work
from glassbox.errors import GlassboxError
from glassbox.tables import read_table, write_table
from study import keep_verdicts
from study.deciding import fingerprint
from study.writing import entries

CLAIMS = Path("scripts/glassbox/claims")
WORKS = ("chen2017", "lee2019")
TEMPLATES = ("base", "parts", "work", "own")
IDS = ("M-C10", "A-N01", "S-C02", "W-C03")
HEAD = {
    **{"title": "Made <up>", "author": "A. Nobody", "year": 2099},
    **{"config": "config/made-up/laptop.yaml", "tables": {"silhouettes": "all"}},
}
TEST = '''
@claim("{id}")
def {name}(evidence: Evidence, method: str) -> list[Comparison]:
    """Whether its silhouettes are positive."""
    rows = evidence.rows("silhouettes", "silhouettes", method=method)
    values = evidence.per_replicate(rows.set_index("replicate")["silhouette"], method)
    return [Comparison("silhouette of " + method, values, above(0), "silhouette")]
'''
IMPORTS = """
from glassbox.claims.evidence import Evidence
from glassbox.claims.hypotheses import above
from glassbox.claims.judging import claim
from glassbox.claims.verdicts import Comparison
"""


def entry(name: str, **more: object) -> dict:
    texts = {"location": "Sec. 1", "statement": f"{name} & more.", "test": "A test."}
    return {"id": name, **texts, "needs": ["net"], **more}


def claims_yaml(folder: Path, claims: list[dict], **head: object) -> Path:
    path = folder / "claims.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump({**HEAD, **head, "claims": claims}, sort_keys=False))
    return path


# What is written in claims.yaml


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"titel": "x"}, "unknown titel; known: about, "),
        ({"claims": [entry("P-C1", statment="x")]}, "P-C1: unknown statment; known: asked_by, "),
        ({"claims": [{"id": "P-C1"}]}, "P-C1: location, needs, statement, test is missing"),
        ({"claims": [entry("P-C1"), entry("P-C1")]}, "more than one entry has the id P-C1"),
        ({"claims": [entry("P-C1", sister="x")]}, "P-C1: its sister x is not among `sisters`"),
        (
            {"claims": [entry("P-C1", readings=[{"words": "so", "off": 1}])]},
            "P-C1: readings: unknown off; known: of, published, words",
        ),
        (
            {"claims": [entry("P-C1", readings=[{"of": {}}])]},
            "P-C1: readings: words is missing",
        ),
    ],
)
def test_what_is_wrong_in_a_claims_yaml_is_said_with_its_place(tmp_path, change, said):
    path = tmp_path / "claims.yaml"
    path.write_text(yaml.safe_dump({**HEAD, **change}))
    with pytest.raises(GlassboxError, match=re.escape(f"{path}: {said}")):
        read_work(path)


def test_a_claims_yaml_without_a_title_is_refused(tmp_path):
    path = tmp_path / "claims.yaml"
    path.write_text(yaml.safe_dump({"author": "x", "year": 1}))
    with pytest.raises(GlassboxError, match="tables, title is missing"):
        read_work(path)


def test_a_sister_is_the_same_claim_asked_of_another_model(tmp_path):
    sister = {"statement": "{id} of others", "of": {"method": "other"}, "needs": ["other"]}
    claims = [entry("P-C1", of={"method": "net"}, sister="small"), entry("P-C2", like="P-C1")]
    path = claims_yaml(tmp_path / "made2099", claims, sisters={"small": sister}, config="a.yaml")
    work = read_work(path)
    first, second, third = work.claims
    assert (work.name, second.id, second.statement) == (
        "made2099",
        "P-C1 (small)",
        "P-C1 of others",
    )
    assert {each.tested_as for each in work.claims} == {"P-C1"}
    assert (first.asked, second.asked, third.asked) == ({"method": "net"}, sister["of"], {})
    assert {each.config for each in work.claims} == {"a.yaml"}


def test_sisters_have_other_names_for_models_and_sets(tmp_path):
    of = {"method": "net", "sets": ["data/test", "data-noise/a"], "count": 3}
    readings = [{"words": "small", "of": {"sets": ["data"]}}, {"words": "same", "of": {"count": 3}}]
    more = {"of": of, "sister": ["b", "c"], "readings": readings}
    sisters = {
        "b": {
            "statement": "{id}",
            "renamed": {"net": "other", "data": "digits"},
            "config": "b.yaml",
        },
        "c": {"statement": "{id}", "needs": ["third"]},
    }
    path = claims_yaml(tmp_path, [entry("P-C1", **more, config="a.yaml")], sisters=sisters)
    first, second, third = read_work(path).claims
    assert [each.id for each in (second, third)] == ["P-C1 (b)", "P-C1 (c)"]
    assert second.of == {"method": "other", "sets": ["digits/test", "data-noise/a"], "count": 3}
    assert (second.needs, second.config) == (["other"], "b.yaml")
    assert [each.of for each in second.readings] == [{"sets": ["digits"]}]
    assert (third.of, third.needs, third.readings) == (first.of, ["third"], [])


def test_a_reading_asks_otherwise_of_what_it_names_and_no_more(tmp_path):
    of = {"method": "net", "layer": "FC1"}
    reading = {"words": "of another layer", "of": {"layer": "FC2"}}
    numbers = {"words": "another number", "published": {"L1": 3.0}}
    more = {"of": of, "published": {"L1": 2.0}, "readings": [reading, numbers]}
    first, second = read_work(
        claims_yaml(tmp_path / "a", [entry("P-C1", **more), entry("P-C2")])
    ).claims
    one, two = (first.read_as(each) for each in first.readings)
    assert one.asked == {"method": "net", "layer": "FC2", "published": {"L1": 2.0}}
    assert two.asked == {**of, "published": {"L1": 3.0}}
    assert one.readings == two.readings == second.readings == []
    assert (one.id, one.tested_as) == ("P-C1", "P-C1")


def test_a_claim_has_one_test_alone(monkeypatch):
    monkeypatch.setattr(judging, "TESTS", {})
    claim("P-C1")(test_a_claim_has_one_test_alone)
    with pytest.raises(GlassboxError, match=r"P-C1: tested by \S+alone and by \S+_asked_of$"):
        claim("P-C1")(test_a_test_gets_what_its_claim_is_asked_of)


def test_a_test_gets_what_its_claim_is_asked_of(monkeypatch):
    asked = {}
    monkeypatch.setattr(judging, "TESTS", {})
    claim("P-C1")(lambda evidence, **more: asked.update(more) or [])
    statement = entry("P-C1", of={"method": "net"}, published={"L1": 2.0})
    verdict(Claim(**statement, config=""), Evidence(3, {}))
    assert asked == {"method": "net", "published": {"L1": 2.0}}


def test_a_table_that_is_not_listed_is_refused_and_one_that_is_absent_is_not():
    evidence = Evidence(3, {"errors": None})
    assert evidence.table("errors").empty
    with pytest.raises(GlassboxError, match="the table scores, which"):
        evidence.table("scores")


def test_works_that_read_one_table_read_it_of_the_models_of_each(tmp_path):
    tables = [
        {"errors": "all", "training.history": ["b", "a"]},
        {"training.history": ["c", "a"], "silhouettes": ["a"]},
        {"silhouettes": "all"},
    ]
    works = [read_work(claims_yaml(tmp_path, [], tables=each)) for each in tables]
    every = {"errors": "all", "training.history": ["b", "a", "c"], "silhouettes": "all"}
    assert listed_tables(works) == every
    assert listed_tables(reversed(works)) == {**every, "training.history": ["c", "a", "b"]}


def test_every_work_is_registered_and_every_id_has_its_work():
    folders = {path.parent.name for path in (workflow.ROOT / CLAIMS).glob("*/claims.yaml")}
    text = (workflow.ROOT / CLAIMS / "registered.py").read_text()
    assert set(re.search(r"import (.*)$", text, re.MULTILINE)[1].split(", ")) == folders


def test_heads_are_read_without_what_analyses_need():
    code = "import sys, glassbox.claims.works; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(workflow.ROOT / "scripts")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert not {"numpy", "pandas", "scipy", "torch"} & set(run.stdout.split())


# A work, and a claim, in a copy of the study


@pytest.fixture
def copy(tmp_path) -> Path:
    return workflow.copy_checkout(tmp_path / "study")


@pytest.fixture
def made_up(copy) -> Path:
    """A copy with one work more: package, name where works are registered, and in the config."""
    work = copy / CLAIMS / "made2099"
    claims = [entry(name, of={"method": "net"}) for name in IDS]
    claims.append(entry("M-N01", untested="a setting"))
    claims_yaml(work, claims, on_tables="See [M-C10].")
    (work / "__init__.py").write_text("from glassbox.claims.made2099 import silhouettes\n")
    tests = [TEST.format(id=name, name=name.lower().replace("-", "_")) for name in IDS]
    (work / "silhouettes.py").write_text(IMPORTS + "".join(tests))
    registered = copy / CLAIMS / "registered.py"
    registered.write_text(registered.read_text().rstrip("\n") + ", made2099\n")
    (copy / "config/made2099").mkdir()
    (copy / "config/made2099/smoke.yaml").write_text("report: {title: Made up}\n")
    workflow.edit_config(copy, {"works": ["chen2017", "lee2019", "made2099"]})
    return copy


def sums(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    return {str(p.relative_to(folder)): hashlib.md5(p.read_bytes()).hexdigest() for p in files}


def run(copy: Path, program: str, **options: object) -> None:
    """Run a program of the copy; a list is several words, None is no option."""
    words = [sys.executable, f"scripts/{program}.py"]
    for name, value in options.items():
        values = value if isinstance(value, list) else [value]
        words += [f"--{name}", *map(str, values)] if values != [None] else []
    environment = os.environ | {"PYTHONPATH": "scripts", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(words, cwd=copy, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def judged(
    copy: Path, claims: Path, replicates: int = 3, method: str = "net", **more: object
) -> pd.DataFrame:
    """The verdicts of the copy's program on a table of silhouettes; more: of the config."""
    rows = [(method, each, 0.5 + each / 100, "x") for each in range(3)]
    frame = pd.DataFrame(rows, columns=["method", "replicate", "silhouette", "layer"])
    write_table(copy / "table.parquet", frame)
    config = {"replicates": 9, "own": {method: replicates}, "per_class": {}}
    config |= {"scale": "smoke", "settings": {}, "shown": {}, **more}
    files = {"claims": claims, "table": ["silhouettes", "table.parquet"]}
    recorded = claims.with_name("recorded.yaml")
    files["recorded"] = recorded if (copy / recorded).exists() else None
    made = {"verdicts": "verdicts.parquet", "parts": "parts.parquet"}
    run(copy, "claims/claims", config=json.dumps(config), **files, **made)
    return read_table(copy / "verdicts.parquet").set_index("id")


def test_a_work_passes_through_program_and_report_whatever_its_ids(made_up):
    claims = CLAIMS / "made2099/claims.yaml"
    assert judged(made_up, claims, replicates=4).loc["A-N01", "verdict"] == INCONCLUSIVE, (
        "the fourth replicate has no value"
    )
    found = judged(made_up, claims)
    assert list(found.index) == [*IDS, "M-N01"]
    assert set(found["work"]) == {"made2099"}
    assert found["verdict"].to_dict() == dict.fromkeys(IDS, REPRODUCED) | {"M-N01": NOT_TESTABLE}
    of_page = {
        "work": "made2099",
        "scale": "smoke",
        "pages": [],
        "shown": [],
        "data": [],
        "codes": {},
    }
    templates = [f"scripts/glassbox/report/templates/{name}.html" for name in TEMPLATES]
    run(
        made_up,
        "report/report_page",
        config=json.dumps(of_page),
        templates=templates,
        claims=claims,
        verdicts="verdicts.parquet",
        parts="parts.parquet",
        output="page",
    )
    page = (made_up / "page/index.html").read_text()
    assert "<h1>Made &lt;up&gt;</h1>" in page and "A. Nobody, 2099." in page
    for name in IDS:
        heading = re.search(rf'<h3 id="{name}">(.*?)</h3>', page, re.DOTALL)[1]
        assert "Sec. 1" in heading and REPRODUCED in heading
        assert f"{name}</a> &amp; more." in page
    assert "silhouette of net" in page
    for absent in ("chen2017", "lee2019", 'id="tables"', 'id="figures"', 'id="code"', "#tables"):
        assert absent not in page


def test_settings_that_are_not_the_works_leave_a_work_without_verdicts(made_up):
    works = {"models": {"net": {"hidden": [9]}}}
    claims = [entry(name, of={"method": "net"}) for name in IDS]
    claims_yaml(made_up / CLAIMS / "made2099", claims, settings=works)
    at = CLAIMS / "made2099/claims.yaml"
    same = judged(made_up, at, settings={"made2099": works})
    assert set(same["verdict"]) == {REPRODUCED}
    other = judged(made_up, at, settings={"made2099": {"models": {"net": {"hidden": [8]}}}})
    assert set(other["verdict"]) == {OTHER_SETTINGS}
    assert set(other["reason"]) == {"models.net.hidden is [8], and [9] in the work"}
    parts = read_table(made_up / "parts.parquet")
    assert set(parts["outcome"]) == {NOT_TESTED} and parts["effect"].notna().all()


def test_the_verdict_at_the_other_scale_stands_beside_it(made_up):
    at = CLAIMS / "made2099/claims.yaml"
    kept = {"published": {"seed": 1, "verdicts": {IDS[0]: INCONCLUSIVE}}}
    (made_up / at.with_name("recorded.yaml")).write_text(yaml.safe_dump(kept))
    found = judged(made_up, at, scale="laptop")["other_scale"]
    assert found[IDS[0]] == INCONCLUSIVE and found.drop(IDS[0]).isna().all()
    for scale in ("published", "smoke"):
        assert judged(made_up, at, scale=scale)["other_scale"].isna().all()


def test_a_work_is_a_package_and_its_name_in_one_list_beside_its_config(copy, request):
    before = sums(copy)
    after = sums(request.getfixturevalue("made_up"))
    changed = {name for name in after if before.get(name) != after[name]}
    names = ("claims.yaml", "__init__.py", "silhouettes.py")
    package = {f"{CLAIMS}/made2099/{name}" for name in names}
    config = {"config/made2099/smoke.yaml", "config.yaml"}
    assert changed == package | {f"{CLAIMS}/registered.py"} | config


def test_a_claim_on_tables_that_exist_takes_two_places(copy):
    before = fingerprint.of_program("claims/claims", copy)
    places = {"claims.yaml", "patterns.py"}
    carried_out = pages.carry_out(copy, "extend.md", "A claim")
    assert set(carried_out) == {f"{CLAIMS}/lee2019/{name}" for name in places}
    found = judged(copy, CLAIMS / "lee2019/claims.yaml", method="lenet-digits")
    assert found.loc["L-C99", "verdict"] == REPRODUCED
    assert found.index[-1] == "L-C99" and len(found) == 52
    after = fingerprint.of_program("claims/claims", copy)
    new = set(after.definitions.items()) ^ set(before.definitions.items())
    assert {name for name, _ in new} == {"glassbox.claims.lee2019.patterns.positive_silhouettes"}


def test_a_table_that_a_claims_yaml_names_reaches_the_program(made_up):
    head = {
        "tables": {
            "deviation_trajectories": "all",
            "training.history": ["nn-1", "lenet-digits", "none"],
        }
    }
    claims_yaml(made_up / CLAIMS / "made2099", [entry(IDS[0], untested="so")], **head)
    said = workflow.snakemake(
        made_up, "--dry-run", "--printshellcmds", "results/claims/verdicts.parquet"
    )
    command = re.search(r"^Shell command: (python scripts/claims/claims\.py .*)$", said, re.M)[1]
    tables = {name: files.split() for name, files in _tables(command)}
    at = "results/analyses/deviation_trajectories/memorising/0-1/jumps"
    assert f"{at}-shuffled/train.parquet" in tables["deviation_trajectories"]
    trained = {path.split("/")[2] for path in tables["training.history"]}
    assert {"nn-1", "lenet-digits", "mlp-2"} <= trained, "of both works that list it"
    assert not {"cnn-7", "none"} & trained
    assert " scripts/glassbox/claims/made2099/claims.yaml " in command
    recorded = re.search(r" --recorded ((?:scripts/\S+ )+)", command)[1].split()
    assert recorded == [f"{CLAIMS}/{name}/recorded.yaml" for name in WORKS], "made2099 has none"


def _tables(command: str) -> list[list[str]]:
    return re.findall(r"--table (\S+) ((?:results/\S+ ?)+)", command)


def test_a_table_that_no_rule_makes_is_named(made_up):
    claims_yaml(made_up / CLAIMS / "made2099", [], tables={"siluettes": "all"})
    said = workflow.snakemake(made_up, "--dry-run", check=False)
    assert "a claims.yaml lists the table siluettes, which no rule makes" in said


def test_three_entries_of_the_thesis_are_the_projects_and_so_is_every_sister():
    chen, lee = (read_work(workflow.ROOT / CLAIMS / name / "claims.yaml") for name in WORKS)
    besides = [each.id for each in chen.claims if each.asked_by == "project"]
    named = ("C-C11 (bound)", "C-C32 (2-layer MLP)", "C-C47 (digits)")
    assert besides == [*named]
    besides = [each.id for each in lee.claims if each.asked_by == "project"]
    assert besides == [each.id for each in lee.claims if each.like]


# Which statements are tested


def test_the_list_of_entries_is_up_to_date():
    said = Path("docs/entries.md").read_text(encoding="utf-8")
    assert said == entries.page(), "run python scripts/study/writing/entries.py"
    errata = Path("docs/errata.md").read_text(encoding="utf-8")
    assert errata == entries.errata_page(), "run python scripts/study/writing/entries.py"


def test_what_a_scale_lacks_is_named():
    rows = [line for line in entries.page().splitlines() if line.startswith('| <a id="C-')]
    lacking = {row.split("</a>")[1].split(" | ")[0]: row.split(" | ")[2] for row in rows}
    assert lacking["C-T08"] == "needs cnn-5-7-9"
    assert lacking["C-T01"] == "tested"
    assert lacking["C-N01"].startswith("not tested: a setting")


def test_verdicts_of_a_study_that_has_not_finished_are_not_kept(tmp_path):
    with pytest.raises(GlassboxError, match=r"claims\.json: the study has not finished"):
        keep_verdicts.keep(tmp_path)


def told(folder, scale):
    """The records of a study of this scale, as far as they tell it."""
    for job, slice_ in (("claims", {"scale": scale}), ("report", {"seed": 7})):
        record = folder / f"results/records/{job}.json"
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(json.dumps({"config": slice_}), encoding="utf-8")


def test_verdicts_of_a_trial_are_not_kept(tmp_path):
    told(tmp_path, "smoke")
    with pytest.raises(GlassboxError, match="of scale smoke; kept are those of laptop, published"):
        keep_verdicts.keep(tmp_path)


def test_verdicts_are_kept_by_scale_beside_those_of_another(tmp_path):
    told(tmp_path, "laptop")
    rows = {"work": ["made"], "id": ["P-C1"], "verdict": ["reproduced"]}
    write_table(tmp_path / "results/claims/verdicts.parquet", pd.DataFrame(rows))
    path = tmp_path / "scripts/glassbox/claims/made/recorded.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("published: {seed: 3, verdicts: {P-C1: inconclusive}}\n", encoding="utf-8")
    keep_verdicts.keep(tmp_path)
    assert read_recorded(path)["laptop"] == {"seed": 7, "verdicts": {"P-C1": "reproduced"}}
    assert elsewhere([path], "laptop") == {"P-C1": "inconclusive"}
    assert elsewhere([path], "published") == {"P-C1": "reproduced"}


def test_verdicts_of_a_part_of_a_scale_stand_beside_those_of_other_parts(tmp_path):
    told(tmp_path, "published")
    verdicts = {"P-C1": "not testable here", "P-C2": "reproduced", "P-C3": "not testable here"}
    rows = {"work": "made", "id": verdicts.keys(), "verdict": verdicts.values()}
    write_table(tmp_path / "results/claims/verdicts.parquet", pd.DataFrame(rows))
    path = tmp_path / "scripts/glassbox/claims/made/recorded.yaml"
    path.parent.mkdir(parents=True)
    for seed, kept in ((7, {"P-C1": "inconclusive"}), (3, {})):
        before = f"seed: {seed}, verdicts: {{P-C1: inconclusive, P-C2: inconclusive, gone: x}}"
        path.write_text(f"published: {{{before}}}\n", encoding="utf-8")
        keep_verdicts.keep(tmp_path)
        wanted = {"seed": 7, "verdicts": {**kept, "P-C2": "reproduced"}}
        assert read_recorded(path)["published"] == wanted
