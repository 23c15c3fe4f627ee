"""What all maps to explore are made of: plots of points, what is told of some, and tables."""

import re
from collections.abc import Mapping
from html import escape

import numpy as np
import pandas as pd
from bokeh.models import (
    ColumnDataSource,
    CustomJS,
    DataTable,
    Div,
    GlyphRenderer,
    HoverTool,
    LinearColorMapper,
    NumberFormatter,
    StringFormatter,
    TableColumn,
)
from bokeh.plotting import figure

from glassbox.figures.maps import MARGIN

TOOLS = "pan,wheel_zoom,box_select,lasso_select,tap,reset"
CARDS = 24  # chosen points that are shown as pictures
NAMED = 12  # classes up to which each has a name above the maps
WRONG = "triangle"  # the mark of a misclassified example
TEXT = ":host { color: var(--ink); font: inherit; } @media print { .hint { display: none; } }"
TABLE = """
    :host, .slick-header-column, .slick-cell, .slick-row, .grid-canvas, .slick-viewport {
      color: var(--ink) !important; background: var(--paper) !important; }
    .slick-row.odd .slick-cell { background: var(--wash) !important; }
    .slick-cell.selected { background: var(--chosen) !important; }
    .slick-cell, .slick-header-column { border-color: var(--line) !important; font-size: 14px; }
"""
HINT = (
    "Choose points by a box, a lasso or a click in a map, or rows in the table, to see them here."
)
NAME = re.compile(r"{(\w+)}")
# Fills {names} in a text with the values of a row.
FILL = """
const fill = (text, data, row) => text.replace(/\\{(\\w+)\\}/g, (_, name) => {
  const value = data[name][row];
  return Number.isInteger(value) || typeof value == "string" ? value : value.toPrecision(3);
});
"""
SHOW_CHOSEN = (
    FILL
    + """
const chosen = source.selected.indices;
const cards = chosen.slice(0, most).map((row) =>
  `<div style="width:215px">${fill(card, source.data, row)}</div>`);
const more = chosen.length > most ? `, the first ${most} of them shown` : "";
const head = chosen.length ? `<p style="margin:4px 0">${chosen.length} chosen${more}</p>` : hint;
div.text = `${head}
  <div style="display:flex;flex-wrap:wrap;gap:6px">${cards.join("")}</div>`;
"""
)


def source_of(columns: pd.DataFrame | Mapping[str, object]) -> ColumnDataSource:
    """Columns as a source of points; numbers as short as a screen needs them."""
    return ColumnDataSource({name: _short(np.asarray(columns[name])) for name in columns})


def _short(values: np.ndarray) -> np.ndarray | list:
    if values.dtype.kind == "f":
        return values.astype(np.float32)
    return values.astype(np.int32) if values.dtype.kind in "iu" else values.tolist()


def colours_of(labels: np.ndarray, palette: list[str]) -> tuple[LinearColorMapper, dict[str, str]]:
    """What gives classes their colours, and these by the name of each class where these are few."""
    mapper = LinearColorMapper(palette=palette, low=-0.5, high=len(palette) - 0.5)
    known = [int(each) for each in np.unique(labels)]
    few = {f"class {each}": palette[each] for each in known} if len(known) <= NAMED else {}
    return mapper, few


def plot(title: str, shown: pd.DataFrame, said: str) -> figure:
    """An empty square map that all places (columns x and y) fit into; said: what a reader hears."""
    low, high = shown[["x", "y"]].min(), shown[["x", "y"]].max()
    half = (0.5 + MARGIN) * float((high - low).max() or 1)
    middle = (low + high) / 2
    made = figure(
        title=title,
        tools=TOOLS,
        active_drag="box_select",
        x_range=(float(middle["x"] - half), float(middle["x"] + half)),
        y_range=(float(middle["y"] - half), float(middle["y"] + half)),
        sizing_mode="stretch_width",
        aspect_ratio=1,
        html_attributes={"role": "img", "aria-label": f"{title}: {said}"},
    )
    made.toolbar.logo = None
    made.title.text_font_size = "14px"
    return made


def without_axes(made: figure) -> figure:
    """The map without its axes, whose units mean nothing."""
    made.axis.visible = False
    made.grid.visible = False
    return made


def dots(
    made: figure, source: ColumnDataSource, x: str, y: str, colour: object, size: float, **drawn
) -> GlyphRenderer:
    """A dot per row; those that are not chosen fade once others are."""
    look = {"line_color": None, "nonselection_alpha": 0.12, "fill_alpha": 0.85}
    return made.scatter(x, y, source=source, color=colour, size=size, **(look | drawn))


def dot_size(count: int) -> float:
    """The size in pixels of dots of which there are many."""
    return max(3.0, min(8.0, 200 / max(count, 1) ** 0.5))


def number_classes(made: figure, shown: pd.DataFrame) -> None:
    """The number of each class at the median of its points (columns label, x and y)."""
    middles = shown.groupby("label")[["x", "y"]].median().reset_index()
    look = {"text_align": "center", "text_baseline": "middle", "text_font_size": "14px"}
    look |= {"text_color": "#111111", "text_outline_color": "white", "text_font_style": "bold"}
    labels = source_of(middles.assign(name=middles["label"].astype(str)))
    made.text("x", "y", text="name", source=labels, level="annotation", **look)


def hover(made: figure, renderers: list[GlyphRenderer], card: str) -> None:
    """What is told of a point beneath the pointer: a card with {names} of columns."""
    text = card.replace("{", "@{")
    html = f'<div style="color:#111">{text}</div>'
    made.add_tools(HoverTool(renderers=renderers, tooltips=html, limit=4))


def card(picture: str, *lines: str) -> str:
    """A picture beside lines of words, with {names} of columns in both."""
    words = "<br>".join(lines)
    return f'<div style="display:flex;gap:8px">{picture}<div>{words}</div></div>'


def filled(shown: str, row: pd.Series) -> str:
    """A card of one row, as FILL gives it."""
    return NAME.sub(lambda name: _told(row[name[1]]), shown)


def _told(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float | np.floating) else str(value)


def chosen(source: ColumnDataSource, shown: str, what: str = "points") -> Div:
    """Cards of the rows that are chosen."""
    hint = f'<p class="hint" style="margin:4px 0">{escape(HINT.replace("points", what))}</p>'
    div = Div(text=hint, stylesheets=[TEXT])
    div.sizing_mode = "stretch_width"
    args = {"source": source, "div": div, "card": shown, "most": CARDS, "hint": hint}
    source.selected.js_on_change("indices", CustomJS(args=args, code=SHOW_CHOSEN))
    return div


def table(source: ColumnDataSource, columns: dict[str, str], **more) -> DataTable:
    """A table of a source's columns, by the words above them."""
    shown = [
        TableColumn(field=name, title=title, formatter=_formatter(source.data[name]))
        for name, title in columns.items()
    ]
    settings = {"index_position": None, "height": 260, "sizing_mode": "stretch_width"}
    settings |= {"reorderable": False}
    return DataTable(source=source, columns=shown, stylesheets=[TABLE], **(settings | more))


def _formatter(values: object) -> StringFormatter:
    is_real = isinstance(values, np.ndarray) and values.dtype.kind == "f"
    return NumberFormatter(format="0.000") if is_real else StringFormatter()
