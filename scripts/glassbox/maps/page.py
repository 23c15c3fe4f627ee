"""A page with a map to explore, beside the library's files and the pictures of its inputs."""

from dataclasses import dataclass, field
from pathlib import Path

from bokeh.core.json_encoder import serialize_json
from bokeh.document import Document
from bokeh.models import UIElement
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from glassbox.files import whole
from glassbox.maps.library import FILES
from glassbox.maps.pictures import Sheet


@dataclass(frozen=True)
class Scale:
    """What a range of colours stands for: words, its colours from low to high, and both ends."""

    words: str
    colours: list[str]
    low: str
    high: str


@dataclass(frozen=True)
class Page:
    """What a page holds, from top to bottom: words, controls, maps, what is chosen, tables.

    across: maps in a row. classes: the colour of each class by its name; none where there are too
    many to name.
    """

    about: str
    maps: list[UIElement]
    across: int = 1
    scales: list[Scale] = field(default_factory=list)
    controls: list[UIElement] = field(default_factory=list)
    told: list[UIElement] = field(default_factory=list)
    tables: dict[str, UIElement] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)


def write_page(path: Path, template: Path, title: str, page: Page, shown_on: str) -> None:
    """Write the page that `template` (Jinja2) makes: the same bytes for the same content.

    shown_on: the page of the report that has the figure.
    """
    environment = Environment(undefined=StrictUndefined, autoescape=True, trim_blocks=True)
    shown = [*page.controls, *page.maps, *page.told, *page.tables.values()]
    document = Document(title=title)
    for each in shown:
        document.add_root(each)
    roots = {each.id: each.id for each in shown}
    items = [{"docid": "page", "roots": roots, "root_ids": list(roots)}]
    html = environment.from_string(template.read_text(encoding="utf-8")).render(
        title=title,
        figure=path.stem,
        shown_on=shown_on,
        page=page,
        library=FILES,
        content=_script({"page": document.to_json(deferred=False)}),
        items=_script(items),
    )
    with whole(path) as part:
        part.write_text(html, encoding="utf-8")


def _script(content: object) -> Markup:
    """JSON that no name in it can end the script of."""
    return Markup(serialize_json(content).replace("</", "<\\/").replace("<!--", "<\\!--"))


def write_sheet(path: Path, sheet: Sheet) -> None:
    """Write the pictures as PNG."""
    with whole(path) as part:
        sheet.image.save(part, format="PNG", compress_level=9)
