"""The look of all figures: one width, legible in print, and the same bytes every time."""

import re
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from string import ascii_lowercase

import pandas as pd
from matplotlib import style
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassbox.files import whole

WIDTH = 7.2  # inches; the same for all, so that a page shows all with letters of one size
COORDINATES = re.compile(r'(?<= [dxy]=")[^"]+')
DECIMALS = re.compile(r"(\.\d\d)\d+")
INK, SOFT = "#222222", "#666666"
STYLE = {
    "figure.constrained_layout.use": True,
    "font.size": 9,
    "axes.titlesize": 9.5,
    "axes.titlelocation": "left",
    "axes.labelsize": 9,
    "axes.edgecolor": SOFT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "text.color": INK,
    "axes.labelcolor": INK,
    "legend.frameon": True,
    "legend.framealpha": 0.85,
    "legend.edgecolor": "none",
    "legend.fontsize": 8,
    "legend.handlelength": 1.9,
    "legend.columnspacing": 1.0,
    "legend.borderaxespad": 0.2,
    "savefig.dpi": 200,
    "svg.fonttype": "path",
    "svg.hashsalt": "glassbox",
}


def look() -> AbstractContextManager:
    """The settings in which figures are made and saved, whatever a user's matplotlibrc says."""
    return style.context(STYLE, after_reset=True)


def panels(count: int, height: float) -> tuple[Figure, list[Axes]]:
    """A figure with `count` panels, two in a row, each `height` inches high."""
    columns = min(count, 2)
    rows = -(-count // columns)
    figure = Figure(figsize=(WIDTH, rows * height))
    return figure, [figure.add_subplot(rows, columns, place + 1) for place in range(count)]


def title_panels(axes: Iterable[Axes], titles: list[str]) -> None:
    """Title the panels, with letters where there are several."""
    letters = ascii_lowercase if len(titles) > 1 else [""]
    for each, letter, title in zip(axes, letters, titles, strict=False):
        each.set_title(f"({letter}) {title}" if letter else title)


def layers_of(table: pd.DataFrame) -> dict[int, str]:
    """The layers of a table with columns layer and depth: names by depth, in order."""
    named = table[["depth", "layer"]].drop_duplicates().sort_values("depth")
    return dict(zip(named["depth"], named["layer"], strict=True))


def legend_above(figure: Figure, handles: list[Artist], labels: list[str]) -> None:
    """One legend for all panels, above them, where it hides nothing."""
    figure.legend(handles, labels, loc="outside upper center", ncols=6)


def legend_beside(beside: Axes, axes: Axes) -> None:
    """The legend of some axes in the place of others."""
    beside.set_axis_off()
    beside.legend(*axes.get_legend_handles_labels(), loc="center left")


def save(figure: Figure, path: Path, dots: int = STYLE["savefig.dpi"]) -> None:
    """Write the figure as SVG without a date, letters as paths; dots: per inch, in pictures.

    Coordinates have two decimals, in points of 1/72 inch, which makes files a tenth smaller.
    """
    with look(), whole(path) as part:
        figure.savefig(part, format="svg", dpi=dots, metadata={"Date": None})
        text = part.read_text(encoding="utf-8")
        shorter = COORDINATES.sub(lambda found: DECIMALS.sub(r"\1", found[0]), text)
        part.write_text(shorter, encoding="utf-8")
