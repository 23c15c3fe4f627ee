"""The report's pages look as they did when somebody looked at them."""

from collections.abc import Iterator
from pathlib import Path

import page_pictures
import pytest
import small_report
from page_pictures import VIEWS, View, farthest, take
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

pytestmark = pytest.mark.skipif(
    not small_report.browser(), reason="no Chromium here: no page was looked at"
)
TOLERATED = 0.1  # of the pixels of a square of 64 x 64 pixels of a page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as tools:
        found = page_pictures.launch(tools)
        yield found
        found.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page_pictures.make(tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module", autouse=True)
def with_the_font(browser: Browser) -> None:
    page = browser.new_page()
    if not page.evaluate(page_pictures.HAS_FONT):
        pytest.skip(f"no {page_pictures.FONT} here: no page was looked at")
    page.close()


def kept(view: View) -> Image.Image:
    return Image.open(page_pictures.KEPT / f"{view.name}.png")


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_page_looks_as_it_did(browser, folder, view, tmp_path) -> None:
    taken = take(browser, folder, view)
    taken.save(tmp_path / "taken.png")
    differs = farthest(taken, kept(view))
    assert differs <= TOLERATED, f"look at {tmp_path / 'taken.png'} beside {view.name}.png"


BROKEN = {
    "a colour": "h2 { color: #0a0 !important; }",
    "a block gone": ".bar { display: none !important; }",
    "one over another": "main > * { margin-top: -3rem !important; }",
    "no style of tables": "td, th { padding: 0 !important; border: 0 !important; }",
}


@pytest.mark.parametrize("style", BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_seen(browser, folder, style) -> None:
    view = VIEWS[0]
    assert farthest(take(browser, folder, view, style), kept(view)) > TOLERATED


def test_edges_of_letters_do_not_count(browser, folder) -> None:
    view = VIEWS[0]
    sharper = "body { text-shadow: 0 0 0.4px currentColor; }"
    assert farthest(take(browser, folder, view, sharper), kept(view)) <= TOLERATED
