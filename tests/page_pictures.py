"""Pictures of the report's pages, and how far they are from those that are kept in tests/pictures.

    PYTHONPATH=scripts python tests/page_pictures.py

takes them anew, after a change of the look that is meant; look at them before they are kept. They
are of a made-up report, at a quarter of the size, and in letters of one font, so that
other fonts of the system and other edges of letters do not count.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import map_pages
import numpy as np
import small_report
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

KEPT = Path(__file__).parent / "pictures"
FONT = "DejaVu Sans"
HAS_FONT = f"""() => {{
  const pen = document.createElement("canvas").getContext("2d");
  const wide = (font) => {{
    pen.font = `40px ${{font}}`;
    return pen.measureText("Wide ill").width;
  }};
  return wide("'{FONT}', monospace") != wide("monospace");
}}"""
ONE_FONT = f"* {{ font-family: '{FONT}' !important; }}"
IN_SIGHT_ARE_LOADED = """() => [...document.images].every(
  (each) => each.complete || each.getBoundingClientRect().top > innerHeight)"""
HIGH, SMALLER = 2400, 4  # pixels of a page that are looked at; by how much a picture is smaller
TILE = 16  # pixels of the smaller picture: 64 of the page
LEVELS = 40  # of 255, by which a pixel that counts as another one differs


@dataclass(frozen=True)
class View:
    """A page as somebody sees it."""

    page: str
    wide: int
    scheme: str

    @property
    def name(self) -> str:
        return f"{self.page.replace('/', '-')}-{self.wide}-{self.scheme}"


VIEWS = [
    View("report/report", 1280, "light"),
    View("report/report", 390, "dark"),
    View("report/made2099/index", 1280, "dark"),
    View("report/made2099/index", 390, "light"),
    View("report/errata", 1280, "light"),
    View("maps/activations", 1280, "light"),
    View("maps/neurons", 390, "dark"),
]


def make(folder: Path) -> Path:
    """The pages that are looked at."""
    small_report.make(folder / "made").rename(folder / "report")
    (folder / "maps").mkdir()
    map_pages.write_all(folder / "maps")
    return folder


def take(browser: Browser, folder: Path, view: View, style: str = "") -> Image.Image:
    """A picture of the top of a page, at a quarter of its size; style: CSS that is laid over it."""
    viewport = {"width": view.wide, "height": HIGH}
    context = browser.new_context(
        viewport=viewport, color_scheme=view.scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(small_report.LONG)
    page.goto((folder / f"{view.page}.html").as_uri())
    page.add_style_tag(content=ONE_FONT + style)
    settle(page, view)
    image = Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    context.close()
    return image.reduce(SMALLER)


def settle(page: Page, view: View) -> None:
    """Wait until all of a page is drawn."""
    if view.page.startswith("maps/"):
        page.wait_for_function(map_pages.IDLE)
    page.wait_for_function(IN_SIGHT_ARE_LOADED)
    page.wait_for_timeout(500)


def farthest(one: Image.Image, other: Image.Image) -> float:
    """The largest share of pixels of a tile that differ between two pictures; 1 for other sizes."""
    if one.size != other.size:
        return 1.0
    first, second = (np.asarray(each.convert("RGB"), np.int16) for each in (one, other))
    differs = (np.abs(first - second) > LEVELS).any(2)
    return max(tile.mean() for tile in tiles(differs))


def tiles(pixels: np.ndarray) -> Iterator[np.ndarray]:
    """Squares of a picture, the last of a row and of a column as large as is left."""
    for top in range(0, pixels.shape[0], TILE):
        for left in range(0, pixels.shape[1], TILE):
            yield pixels[top : top + TILE, left : left + TILE]


def launch(tools: sync_playwright) -> Browser:
    """The system's Chromium, without the machine's own graphics."""
    options = ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb", "--hide-scrollbars"]
    return tools.chromium.launch(executable_path=small_report.browser(), args=options)


def main() -> None:
    KEPT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as tools:
        browser, folder = launch(tools), make(Path(name))
        for view in VIEWS:
            taken = take(browser, folder, view)
            taken.save(KEPT / f"{view.name}.png", optimize=True)


if __name__ == "__main__":
    main()
