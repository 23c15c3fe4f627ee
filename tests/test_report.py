"""The report: what its pages say, and that what they link to is there."""

import re
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pandas as pd
import pytest
import small_report
import workflow
import yaml

import glassbox.claims.registered  # noqa: F401
from glassbox.claims import judging
from glassbox.claims.works import read_work
from glassbox.errors import GlassboxError
from glassbox.report import page
from glassbox.report.errata import read_errata
from glassbox.report.statements import file_of, headline, printed, tally
from study import pages, schema, times
from study.paths import Study
from study.schema.figures import KINDS, Table

WORKS = ["chen2017", "lee2019", "pardo2019", "rauber2017"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_report.make(tmp_path_factory.mktemp("a report"))


@pytest.fixture(scope="module")
def laptop() -> schema.Config:
    return schema.load_study({"works": WORKS}, workflow.ROOT / "config")


class Links(HTMLParser):
    """The ids of a page, and what it links to and loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            elif name in ("href", "src"):
                self.links.append(value)


def html_of(folder: Path) -> dict[Path, Links]:
    return {path: Links(path.read_text(encoding="utf-8")) for path in folder.rglob("*.html")}


def test_links_within_the_report_lead_somewhere_and_ids_are_there_once(made: Path) -> None:
    found = html_of(made)
    assert len(found) == 8
    inside = 0
    for path, links in found.items():
        assert len(links.ids) == len(set(links.ids)), path
        for link in links.links:
            assert not re.match(r"(https?:)?//", link), f"{path} needs a network for {link}"
            file, _, anchor = unquote(link).partition("#")
            target = (path.parent / file).resolve() if file else path
            if link.startswith("data:") or made.resolve() not in (target, *target.parents):
                continue  # of the project: its code, config and docs
            if target == made.resolve() / "maps/made2099-1.html":
                continue  # which a rule of its own makes
            assert target.exists(), f"{path}: {link}"
            if anchor and "=" not in anchor:
                assert anchor in found[target].ids, f"{path}: {link}"
                inside += 1
    assert inside > 100


def test_every_table_of_a_page_can_be_had_as_csv_and_parquet(made: Path) -> None:
    for csv in made.rglob("*.csv"):
        parquet = pd.read_parquet(csv.with_suffix(".parquet"))
        assert list(pd.read_csv(csv).columns) == list(parquet.columns)
        assert len(pd.read_csv(csv)) == len(parquet)
    table = pd.read_parquet(made / "tables/claims.parquet").set_index("id")
    assert len(table) == small_report.COUNT + 1
    assert table.loc["M-C01", "published"] == 2.5
    assert table.loc["M-C01", "value"] == pytest.approx(2.75)
    assert table.loc["M-C00", "figures"] == "made2099-1"


def test_claims_and_figures_link_to_each_other(made: Path) -> None:
    text = (made / "made2099/index.html").read_text(encoding="utf-8")
    claim = re.search(r'<h3 id="M-C00">.*?</article>', text, re.DOTALL)[0]
    assert 'href="#made2099-1"' in claim and 'href="#made2099-3"' in claim
    assert 'href="../../../scripts/x.py"' in claim and 'href="../../../config/x.yaml"' in claim
    figure = re.search(r'<h3 id="made2099-1">.*?</section>', text, re.DOTALL)[0]
    assert 'href="#M-C00"' in figure and 'href="#code-a"' in figure and "#M-C01" not in figure
    assert "../maps/made2099-1.html" in figure and "../maps/made2099-2.html" not in text
    assert "What is shown. Over 5 replicates." in figure and 'loading="lazy"' in figure
    code = re.search(r'<h3 id="code-a">.*?</section>', text, re.DOTALL)[0]
    assert 'href="#made2099-1"' in code and "scripts/figures/a.py" in code


def test_what_is_written_by_hand_is_a_page_whose_links_lead_into_the_report(made: Path) -> None:
    text = (made / "findings/index.html").read_text(encoding="utf-8")
    assert '<h1 id="what-was-found">What was &lt;found&gt;</h1>' in text
    assert '<a href="../made2099/index.html#M-C00" id="about-M-C00">M-C00</a>' in text
    assert '<a href="../errata.html#E-M01" id="about-E-M01">E-M01</a>' in text
    assert '<a href="made2099.html#in-short-so">the work</a>' in text
    assert '<a href="../../../docs/more.md">more</a>' in text
    assert '<a href="../../../docs/entries.md#X-C99" id="about-X-C99">X-C99</a>' in text
    work = (made / "findings/made2099.html").read_text(encoding="utf-8")
    assert '<h2 id="in-short-so">In short: <em>so</em></h2>' in work
    assert 'aria-label="Table 2"' in work and '<img src="../../../docs/made2099-1.svg"' in work
    assert "../findings/made2099.html" in (made / "made2099/index.html").read_text(encoding="utf-8")


def test_a_statement_leads_to_where_its_meaning_is_written(made: Path) -> None:
    text = (made / "made2099/index.html").read_text(encoding="utf-8")
    meant = re.findall(r'href="../findings/made2099.html#about-([^"]+)"', text)
    assert meant == ["M-C02", "M-C28-digits"]
    written = (made / "findings/made2099.html").read_text(encoding="utf-8")
    assert written.count('id="about-M-C02"') == 1 and 'id="about-M-C28-digits"' in written


def test_what_may_change_and_what_came_out_at_the_other_scale_is_said(made: Path) -> None:
    overview = (made / "report.html").read_text(encoding="utf-8")
    fragile = overview[overview.index("fewer than four of five") :].partition("</li>")[0]
    assert re.findall(r">(M\W\w+)</a>", fragile) == ["M\u2011C00"]
    other = overview[overview.index("at the published scale:") :].partition("</p>")[0]
    assert re.search(r"0 are\s+reproduced, [1-9]\d* are not, and 0 stay undecided\.", other)
    named = overview[overview.index("At the published scale, by the verdicts") :]
    assert "M\u2011C04" in named.partition("</ul>")[0]
    assert "y the published config: not reproduced." in overview
    page = (made / "made2099/index.html").read_text(encoding="utf-8")
    assert (
        'It reads <a\n href="../../../docs/results.md#traininghistory">training.history</a>.'
        in page
    )


def test_statements_that_are_not_tested_come_last_and_folded(made: Path) -> None:
    text = (made / "made2099/index.html").read_text(encoding="utf-8")
    own = text[text.index('<h2 id="claims">') : text.index('<h2 id="asked-by-us">')]
    shown, folded = own.split('<details class="fold">')
    assert 'id="M-C04"' in folded and "5 statements that are not tested here" in folded
    assert len(re.findall("<article", shown)) == 25 and len(re.findall("<article", folded)) == 5


def test_a_model_of_ones_own_has_its_numbers_and_figures(made: Path) -> None:
    text = (made / "own/index.html").read_text(encoding="utf-8")
    section = text[text.index('<h2 id="model-net">') : text.index('<h2 id="others">')]
    assert '<th scope="row">set/test</th><td class="n">5</td>' in section
    assert "0.9000 ± 0.0" in section
    assert 'id="made2099-1"' in section and 'id="made2099-2"' not in section
    assert pd.read_csv(made / "own/tables/net.csv").loc[0, "confidence"] == pytest.approx(0.8)


def test_text_of_the_config_and_of_claims_is_text(made: Path) -> None:
    overview = (made / "report.html").read_text(encoding="utf-8")
    assert "<h1>Mine &lt;b&gt;</h1>" in overview
    assert "Statement &lt;0&gt; of a &amp; b" in overview
    assert '<a href="errata.html#E-M01">E-M01</a>' in overview


def test_the_same_config_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    again = small_report.make(tmp_path)
    for path in made.rglob("*"):
        if path.is_file():
            assert (again / path.relative_to(made)).read_bytes() == path.read_bytes()


# One value per claim


def part(**other: object) -> dict:
    shown = {"part": "error", "effect": 0.5, "low": 0.25, "high": 1.0, "unit": "samples"}
    return {**shown, "hypothesis": "< 1", "outcome": "true", **other}


def test_the_value_of_a_claim_is_that_of_the_ledger() -> None:
    row = {"headline": "error", "value": 0.5, "low": 0.4, "high": 0.6, "unit": "samples"}
    row["replicates"] = 20
    found = headline({**row, "published_value": np.nan})
    ends = {key: row[key] for key in ("value", "low", "high", "unit", "replicates")}
    assert found == {**ends, "published": None, "part": "error"}
    assert headline({**row, "published_value": 0.55})["published"] == 0.55
    assert headline({**row, "headline": None}) is None


def test_a_comparison_with_a_printed_number_is_told_in_its_unit() -> None:
    found = printed(part(published=0.5532, published_unit="samples"))
    assert found["published"] == 0.5532 and found["unit"] == "samples"
    assert found["value"] == pytest.approx(0.5532 * 1.5)
    assert found["low"] == pytest.approx(0.5532 * 1.25)
    alone = printed(part(published=np.nan, unit="images"))
    assert alone == {"value": 0.5, "low": 0.25, "high": 1.0, "unit": "images", "published": None}


def test_what_the_project_asks_besides_is_counted_apart() -> None:
    judged = [("b", "work"), ("a", "project"), ("a", "work"), ("a", "work")]
    claims = [{"work": w, "asked_by": by, "verdict": "reproduced"} for w, by in judged]
    found = {whose: counts["reproduced"] for whose, counts in tally(claims).items()}
    assert found == {("b", "work"): 1, ("a", "work"): 2, ("a", "project"): 1}
    assert list(found) == [("b", "work"), ("a", "work"), ("a", "project")]


def test_a_remark_on_tables_links_its_claim_with_the_verdict() -> None:
    found = page.linked("A <b> in [C-C11 (bound)], not [x].", {"C-C11 (bound)": {"verdict": "so"}})
    assert found == (
        'A &lt;b&gt; in <a href="#C-C11-(bound)">C-C11 (bound)</a>: <b>so</b>, '
        'not <a href="#x">x</a>.'
    )


def test_ids_in_a_text_are_links_where_they_are_known() -> None:
    places = {"C-C1": "#C-C1", "C-C1 (x)": "#there", "E-C02": "e.html#E-C02"}
    found = page.coded("<C-C1 (x), C-C1 (see E-C02) and C-C9", places)
    assert found == (
        '&lt;<a href="#there">C-C1 (x)</a>, <a href="#C-C1">C-C1</a> (see '
        '<a href="e.html#E-C02">E-C02</a>) and C-C9'
    )


# What the project says of its works


@pytest.mark.parametrize("work", WORKS)
def test_errata_are_whole_and_each_is_there_once(work: str) -> None:
    errata = read_errata(workflow.ROOT / f"scripts/glassbox/claims/{work}/errata.yaml")
    letter = work[0].upper()
    count = len(errata.entries)
    assert [each["id"] for each in errata.entries] == [
        f"E-{letter}{i + 1:02}" for i in range(count)
    ]
    assert count and errata.departures


def test_errata_with_other_keys_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "w2000/errata.yaml"
    path.parent.mkdir()
    path.write_text(yaml.safe_dump({"errata": [{"id": "E-W1", "found": "x"}], "departures": []}))
    with pytest.raises(GlassboxError, match="E-W1 needs the keys found, id, location, read, why"):
        read_errata(path)


def test_errata_that_code_and_claims_name_are_explained() -> None:
    root = workflow.ROOT / "scripts"
    texts = [
        path.read_text(encoding="utf-8")
        for path in root.rglob("*")
        if path.suffix in (".py", ".yaml")
    ]
    named = set(re.findall(r"\bE-[CLPR]\d\d\b", "".join(texts)))
    errata = [read_errata(path) for path in (root / "glassbox/claims").glob("*/errata.yaml")]
    assert named <= {entry["id"] for each in errata for entry in each.entries}


@pytest.mark.parametrize("kind", [*KINDS, Table], ids=lambda kind: kind.rule())
def test_every_kind_of_figure_has_a_caption(kind: type) -> None:
    assert kind.caption.endswith(".") and "  " not in kind.caption
    assert len(kind.caption) > 30


# Pages


def test_every_figure_and_table_is_on_one_page_in_the_order_of_its_number(
    laptop: schema.Config,
) -> None:
    shown = [name for each in pages.names(laptop) for name in pages.exhibits(laptop, each)]
    assert sorted(shown) == sorted([*laptop.figures, *laptop.tables])
    chen = list(pages.exhibits(laptop, "chen2017"))
    assert chen.index("chen2017-3.9") < chen.index("chen2017-3.10") < chen.index("chen2017-6.3")


def test_the_page_of_ones_own_is_there_where_it_has_something(laptop: schema.Config) -> None:
    assert pages.names(laptop) == WORKS
    figure = {"kind": "training-curves", "title": "Mine", "model": "mlp-2"}
    mine = {"works": ["chen2017"], "figures": {"mine": figure}}
    config = schema.load_study(mine, workflow.ROOT / "config")
    assert pages.names(config) == ["chen2017", pages.OWN]
    assert list(pages.exhibits(config, pages.OWN)) == ["mine"]


def test_how_many_replicates_a_figure_shows_is_said(laptop: schema.Config) -> None:
    study = Study(laptop)
    found = {name: pages.over(study, each) for name, each in laptop.figures.items()}
    assert found["chen2017-3.9"] == "Over 20 replicates."
    assert found["chen2017-3.11"].startswith("Of replicate 0")
    assert found["lee2019-2-digits"] == "Over 8 replicates."


def test_the_file_of_a_test_is_found() -> None:
    works = read_work(workflow.ROOT / "scripts/glassbox/claims/lee2019/claims.yaml")
    (claim,) = (each for each in works.claims if each.id == "L-N02")
    found = file_of(judging.tested_by(claim))
    assert Path(found).name == "patterns.py" and (workflow.ROOT / found).exists()
    assert file_of(None) is None


# Times


def test_time_by_the_clock_counts_once_and_jobs_that_follow_are_not_at_once() -> None:
    at = [datetime(2026, 1, 1, 0, minute) for minute in range(10)]
    spans = [[at[0], at[3]], [at[1], at[2]], [at[3], at[4]], [at[8], at[9]]]
    assert times.together(spans) == (5 * 60, 2)
    assert times.together([]) == (0, 0)


def test_times_are_summed_by_rule_from_records_and_benchmarks(tmp_path: Path) -> None:
    small_report.add_times(tmp_path)
    table = pd.read_parquet(tmp_path / "logs/times.parquet").set_index("rule")
    assert table.loc["training", ["jobs", "minutes", "core minutes", "memory (MB)"]].tolist() == [
        *(1, 2.0, 1.5, 300)
    ]
    assert pd.isna(table.loc["claims", "memory (MB)"])
    said = (tmp_path / "logs/times.js").read_text(encoding="utf-8")
    assert said.startswith("showTimes(") and "2 jobs" in said and "cpu: A" in said


def test_a_mixture_of_processors_is_said() -> None:
    records = [{"device": f"cpu: {name}", "from_cache": None} for name in "AB"]
    at = [datetime(2026, 1, 1), datetime(2026, 1, 2)]
    jobs = [{"rule": "x", "ran": at, "seconds": 1.0, "record": each} for each in records]
    assert any("mixture of processors" in line for line in times.said(jobs))
