"""Pages to explore do in a browser what they say: hover, choose, play; without a network."""

from collections.abc import Iterator
from pathlib import Path

import map_pages
import pytest
import small_report
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

CHROMIUM = small_report.browser()
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium: pages are not tried in one")
# Nothing has moved since the last time that it was asked.
SETTLED = """() => {
  const parts = [...document.querySelectorAll("main > *")];
  const now = parts.map((each) => each.getBoundingClientRect().height).join();
  [window.before, window.now] = [window.now, now];
  return window.before == now;
}"""
# Headings of tables whose words end behind the heading's own edge.
CUT = """(headings) => headings.filter((each) => each.getBoundingClientRect().right
  < each.querySelector(".slick-column-name").getBoundingClientRect().right)
  .map((each) => each.innerText)"""
# The colours of drawn maps near their lower right corners, where nothing is drawn.
CORNERS = """(maps) => maps.map((each) => [
  ...each.getContext("2d").getImageData(each.width - 4, each.height - 4, 1, 1).data])"""
# A model of the page by its type, and by its place among those.
MODELS = """
const models = (type) => [...Bokeh.documents[0]._all_models.values()].filter(m => m.type == type);
const sources = () => models("ColumnDataSource");
const source = (column) => sources().find(s => column in s.data);
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("maps")
    map_pages.write_all(made)
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator:
    with sync_playwright() as started:
        running = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


class Shown:
    """A page in the browser; it fails for errors, and for requests of anything but files."""

    def __init__(self, browser, path: Path, wide: int = 1280, scheme: str = "light") -> None:
        self.context = browser.new_context(
            viewport={"width": wide, "height": 1000}, color_scheme=scheme
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(small_report.LONG)
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", self._heard)
        self.page.on("request", self._asked)
        self.page.goto(path.as_uri())
        self.page.wait_for_function(map_pages.IDLE)
        self.settle()

    def settle(self) -> None:
        self.page.wait_for_function(SETTLED, polling=400)

    def _heard(self, message) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(message.text)

    def _asked(self, request) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.wrong.append(request.url)

    def tell(self, script: str):
        return self.page.evaluate(f"() => {{ {MODELS} {script} }}")

    def until(self, script: str) -> None:
        self.page.wait_for_function(f"() => {{ {MODELS} {script} }}")

    def place(self, number: int, x: float, y: float) -> tuple[float, float]:
        """Where a place of a plot's map lies on the screen."""
        left, top = self.tell(f"""
            const plot = models("Figure")[{number}], view = Bokeh.index.find_one(plot);
            const box = view.el.getBoundingClientRect(), frame = view.frame;
            const sx = frame.x_scale.compute({x}), sy = frame.y_scale.compute({y});
            return [box.left + sx, box.top + sy];
        """)
        return left, top

    def box(self, number: int, first: tuple[float, float], last: tuple[float, float]) -> None:
        """Draw a box from one place of a plot's map to another, once nothing moves."""
        self.settle()
        self.page.mouse.move(*self.place(number, *first))
        self.page.mouse.down()
        self.page.mouse.move(*self.place(number, *last), steps=8)
        self.page.mouse.up()

    def close(self) -> None:
        self.context.close()
        assert not self.wrong


@pytest.fixture
def show(browser, folder: Path) -> Iterator:
    opened: list[Shown] = []

    def open_page(name: str, **settings) -> Shown:
        opened.append(Shown(browser, folder / f"{name}.html", **settings))
        return opened[-1]

    yield open_page
    for each in opened:
        each.close()


@pytest.mark.parametrize("name", map_pages.PAGES)
def test_a_page_opens_from_a_file_and_fits_a_phone(show, name: str) -> None:
    shown = show(name, wide=390, scheme="dark")
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert shown.tell('return models("Figure").length') > 0
    assert shown.page.get_by_role("img").count() >= 1, "a map has a name that is read out"
    background = shown.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(20, 24, 30)"
    assert shown.page.locator(".slick-header-column").evaluate_all(CUT) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", map_pages.PAGES)
def test_a_page_lets_everybody_in(show, name: str, scheme: str) -> None:
    violations = Axe().run(show(name, scheme=scheme).page).response["violations"]
    assert [(each["id"], each["nodes"][0]["failureSummary"]) for each in violations] == []


@pytest.mark.parametrize("name", map_pages.PAGES)
def test_what_is_dark_on_the_screen_is_printed_on_white(show, name: str) -> None:
    shown = show(name, scheme="dark")
    printed, drawn = shown.page.locator(".maps > div > canvas"), shown.page.locator(".bk-Figure")
    before = drawn.first.bounding_box()
    shown.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    shown.page.emulate_media(media="print")
    assert printed.count() == drawn.count()
    assert not any(each.is_visible() for each in drawn.all())
    assert not any(each.is_visible() for each in shown.page.locator(".hint").all())
    assert {tuple(each) for each in printed.evaluate_all(CORNERS)} == {(255, 255, 255, 255)}
    shown.page.emulate_media(media="screen")
    shown.page.evaluate("dispatchEvent(new Event('afterprint'))")
    shown.settle()
    assert printed.count() == 0
    assert drawn.first.bounding_box() == before


def test_the_slider_of_an_attack_moves_by_keyboard(show) -> None:
    shown = show("activations")
    shown.page.get_by_role("slider", name="step of the attack").focus()
    shown.page.keyboard.press("End")
    shown.page.get_by_text("step 10, aimed at 1").wait_for()


def test_hovering_shows_the_input_and_what_is_told_of_it(show) -> None:
    shown = show("activations")
    shown.page.mouse.move(*shown.place(0, 1, 0))
    told = shown.page.locator(".bk-Tooltip").filter(has_text="example 0")
    told.get_by_text("class 0, answer 1").wait_for()
    told.get_by_text("log10 of the error -2.5").wait_for()
    assert told.locator("[style*='activations.png']").count() == 1


def test_a_choice_in_one_map_is_one_in_the_other_and_shows_its_inputs(show) -> None:
    shown = show("linked")
    shown.box(0, (0.5, -0.4), (1.05, 0.4))  # the right end of the circle
    shown.until("return source('x0').selected.indices.length > 0")
    chosen = shown.tell("return source('x0').selected.indices")
    rows = map_pages.observations()
    inside = rows[(rows["x"] > 0.5) & (rows["y"].abs() < 0.4)]
    assert sorted(chosen) == list(inside.index)
    shown.page.get_by_text(f"{len(inside)} chosen").wait_for()
    shown.tell("source('x0').selected.indices = []; return 0")
    shown.box(1, (-1.05, -0.4), (-0.5, 0.4))  # where the other map has them
    shown.until(f"return source('x0').selected.indices.length == {len(inside)}")


def test_the_table_chooses_by_keyboard(show) -> None:
    shown = show("linked")
    shown.page.locator(".slick-row .slick-cell").first.click()
    shown.until("return source('x0').selected.indices.join() == '0'")
    shown.page.keyboard.press("ArrowDown")
    shown.until("return source('x0').selected.indices.join() == '1'")


def test_an_attack_plays_pauses_and_steps(show) -> None:
    shown = show("activations")
    button = shown.page.get_by_role("button", name="Step on")
    button.click()
    shown.page.get_by_text("step 5, aimed at 1").wait_for()
    shown.page.get_by_role("button", name="Back").click()
    shown.page.get_by_text("step 0, aimed at 1").wait_for()
    shown.page.get_by_role("button", name="Play").press("Enter")
    shown.page.get_by_text("step 10, aimed at 1").wait_for()
    shown.page.get_by_role("button", name="Pause").click()
    at = shown.tell("return models('Slider')[0].value")
    shown.page.wait_for_timeout(1200)
    assert shown.tell("return models('Slider')[0].value") == at
    shown.page.get_by_label("Class aimed at").select_option("3")
    shown.page.get_by_text("aimed at 3").wait_for()


def test_another_set_takes_the_place_of_the_first(show) -> None:
    shown = show("activations")
    rows = "return models('CDSView').map(v => v.filter.group).filter(g => g).join()"
    assert shown.tell(rows) == "digits/train"
    shown.page.get_by_label("Examples", exact=True).select_option("digits/test")
    assert shown.tell(rows) == "digits/test"


def test_trails_play_from_map_to_map(show) -> None:
    shown = show("trails")
    first = shown.tell("return source('xs').data.x[0]")
    shown.page.get_by_role("button", name="Step on").click()
    shown.page.get_by_text("layer hidden-1", exact=True).wait_for()
    assert shown.tell("return source('xs').data.x[0]") == pytest.approx(first + 1)
    shown.page.get_by_role("button", name="Play").click()
    shown.page.get_by_text("layer hidden-2", exact=True).wait_for()


def test_neurons_and_observations_tell_of_each_other(show) -> None:
    shown = show("neurons")
    shown.tell("source('x0').selected.indices = [0, 39]; return 0")
    levels = shown.tell("return [...source('unit').data.level]")
    assert levels == pytest.approx([127.5] * map_pages.UNITS), "each from its least to its largest"
    shown.tell("source('unit').selected.indices = [2]; return 0")
    assert shown.tell("const l = source('x0').data.level0; return [l[0], l[39]]") == [0, 255]
