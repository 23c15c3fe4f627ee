"""The report in a real browser: what its pages do, and whom they keep out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import small_report
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

CHROMIUM = small_report.browser()
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: no page was opened")
PAGES = ["report.html", "made2099/index.html", "own/index.html", "errata.html", "made.html"]
PAGES += ["findings/index.html", "findings/made2099.html"]
ROWS = "#statements tbody tr:not([hidden])"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report, in a folder whose name has a space and a sign that an address has to escape."""
    folder = tmp_path_factory.mktemp("a report") / "50 % #1"
    folder.mkdir()
    small_report.add_times(folder)
    return small_report.make(folder)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as tools:
        found = tools.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield found
        found.close()


class Watched:
    """A page with what it asked for and what went wrong on it."""

    def __init__(self, browser: Any, made: Path, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(small_report.LONG)
        self.asked: list[str] = []
        self.wrong: list[str] = []
        self.made = made
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on(
            "console", lambda line: self.wrong.append(line.text) if line.type == "error" else None
        )

    def open(self, name: str, anchor: str = "") -> Page:
        self.page.goto((self.made / name).as_uri() + anchor)
        return self.page


@pytest.fixture
def watched(browser: Any, made: Path) -> Iterator[Watched]:
    found = Watched(browser, made, viewport={"width": 1280, "height": 900})
    yield found
    found.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_open_from_files_without_a_request_or_an_error_and_let_everybody_in(
    browser: Any, made: Path, scheme: str
) -> None:
    found = Watched(browser, made, color_scheme=scheme)
    for name in PAGES:
        page = found.open(name)
        violations = Axe().run(page).response["violations"]
        told = [(each["id"], each["nodes"][0]["failureSummary"]) for each in violations]
        assert not told, f"{name}, {scheme}"
    assert not found.wrong
    assert all(url.startswith(("file:", "data:")) for url in found.asked)
    found.context.close()


def test_nothing_overflows_on_a_phone(browser: Any, made: Path) -> None:
    found = Watched(browser, made, viewport={"width": 390, "height": 800})
    for name in PAGES:
        page = found.open(name)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide == 390, name
    found.context.close()


def rows(page: Page) -> list[str]:
    return page.locator(f"{ROWS} th a").all_inner_texts()


def test_filters_and_search_show_what_they_say(watched: Watched) -> None:
    page = watched.open("report.html")
    every = small_report.COUNT + 1
    said = page.locator(".filters output")
    assert said.inner_text() == f"{every} of {every} statements"
    assert len(rows(page)) == 25
    page.get_by_role("button", name=f"Show the other {every - 25}").click()
    assert len(rows(page)) == every
    page.locator(".filters [name=verdict]").select_option("not reproduced")
    shown = page.locator(f"{ROWS} .verdict").all_inner_texts()
    assert shown and all("not reproduced" in each.replace("\u00a0", " ") for each in shown)
    assert said.inner_text() == f"{len(shown)} of {every} statements"
    assert "verdict=not+reproduced" in page.url
    page.get_by_role("button", name="Clear").click()
    page.get_by_role("searchbox").fill("statement <17>")
    page.wait_for_function("document.querySelector('.filters output').value.startsWith('1 ')")
    assert [each.replace("\u2011", "-") for each in rows(page)] == ["M-C17"]
    page.get_by_role("searchbox").fill("m-c17")
    page.wait_for_function("document.querySelector('.filters output').value.startsWith('1 ')")
    page.get_by_role("searchbox").fill("nothing such")
    assert rows(page) == []


def test_the_numbers_of_the_picture_lead_to_their_statements(watched: Watched) -> None:
    page = watched.open("made2099/index.html")
    link = page.locator(".bar a.inconclusive").first
    count = int("".join(filter(str.isdigit, link.inner_text())))
    link.click()
    page.wait_for_url("**/report.html#*")
    assert page.locator(".filters [name=verdict]").input_value() == "inconclusive"
    assert len(rows(page)) == count


def test_columns_sort_both_ways_with_what_has_no_value_last(watched: Watched) -> None:
    page = watched.open("report.html")
    page.locator("#more").click()
    header = page.get_by_role("columnheader", name="found")
    assert header.get_attribute("aria-sort") == "none"
    for way, sign in (("ascending", 1), ("descending", -1)):
        header.get_by_role("button").click()
        assert header.get_attribute("aria-sort") == way
        cells = page.locator("#statements tbody td:nth-child(4)")
        values = cells.evaluate_all("cells => cells.map((each) => each.dataset.sort ?? null)")
        numbers = [sign * float(each) for each in values if each is not None]
        assert numbers == sorted(numbers) and numbers
        assert values[len(numbers) :] == [None] * (len(values) - len(numbers))
        assert len(numbers) < len(values)


def test_the_theme_changes_is_kept_and_can_be_given_back_to_the_system(watched: Watched) -> None:
    page = watched.open("report.html")
    paper = "getComputedStyle(document.body).backgroundColor"
    button = page.get_by_role("button", name="Theme")
    white = page.evaluate(paper)
    button.click()
    button.click()
    assert button.inner_text() == "Theme: dark"
    dark = page.evaluate(paper)
    assert dark != white
    assert watched.open("errata.html").evaluate(paper) == dark
    page.get_by_role("button", name="Theme").click()
    assert page.evaluate(paper) == white


def test_the_keyboard_reaches_the_content_first(watched: Watched) -> None:
    page = watched.open("report.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_link_to_a_claim_opens_its_comparisons(watched: Watched) -> None:
    page = watched.open("made2099/index.html", "#M-C00")
    assert page.locator("article:has(#M-C00) details").get_attribute("open") is not None


def test_a_link_to_a_statement_that_was_not_tested_opens_what_it_lies_in(watched: Watched) -> None:
    page = watched.open("made2099/index.html", "#M-C04")
    page.wait_for_function("document.querySelector('details.fold').open")
    assert page.locator("#M-C04").is_visible() and page.locator("#M-C04").bounding_box()["y"] < 200


def test_times_of_the_run_are_shown_where_they_are(watched: Watched) -> None:
    page = watched.open("made.html")
    page.wait_for_selector("#times table")
    assert "training" in page.locator("#times").inner_text()


def test_without_times_the_page_says_where_they_come_from(browser: Any, tmp_path: Path) -> None:
    found = Watched(browser, small_report.make(tmp_path))
    page = found.open("made.html")
    assert "make study" in page.locator("#times").inner_text()
    found.context.close()


def test_figures_are_loaded_when_they_come_near(watched: Watched) -> None:
    page = watched.open("made2099/index.html")
    images = page.locator("figure img")
    assert images.count() == 2
    images.last.scroll_into_view_if_needed()
    page.wait_for_function(
        "[...document.images].every((each) => each.complete && each.naturalWidth)"
    )


def test_all_statements_are_printed_and_no_heading_is_left_alone(watched: Watched) -> None:
    page = watched.open("report.html")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert len(rows(page)) == small_report.COUNT + 1
    assert page.locator(".filters").is_hidden()
    after = "getComputedStyle(document.querySelector('h2')).breakAfter"
    assert page.evaluate(after) == "avoid"


def test_a_heading_stays_whole_and_on_the_page_of_its_picture(watched: Watched) -> None:
    page = watched.open(f"{small_report.WORK}/index.html")
    page.emulate_media(media="print")
    style = "(part) => { const s = getComputedStyle(part); return [s.breakInside, s.breakAfter]; }"
    assert page.locator(".exhibit h3").first.evaluate(style) == ["avoid", "avoid"]
    assert page.locator("figure > a").first.evaluate(style) == ["avoid", "avoid"]
    page.add_style_tag(content="figure img { aspect-ratio: 1 / 9; }")
    high = page.locator("figure img").first.bounding_box()["height"]
    assert high <= 0.65 * page.viewport_size["height"] + 1
