"""What filters make of a noisy step (chen2017 Figs 3.3 and 3.4)."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassbox.analyses.step_filters import FILTERS
from glassbox.figures.style import look, panels, title_panels

SIGNAL, FILTERED = "#0072b2", "#d55e00"
REPLICATE = 0


def filter_responses(table: pd.DataFrame, filters: list[str]) -> Figure:
    """A panel per filter: the signal of replicate 0, and the filtered one.

    table: columns replicate, filter (empty for the signal), location and value.
    """
    shown = table[table["replicate"] == REPLICATE]
    with look():
        figure, axes = panels(len(filters), height=2.4)
        for each, name in zip(axes, filters, strict=True):
            draw_response(each, shown, name)
        title_panels(axes, [f"{name} {list(FILTERS[name])}" for name in filters])
    return figure


def draw_response(axes: Axes, table: pd.DataFrame, name: str) -> None:
    """The signal and what one filter makes of it."""
    for which, colour, label in (("", SIGNAL, "signal"), (name, FILTERED, "filtered")):
        rows = table[table["filter"] == which]
        axes.plot(rows["location"], rows["value"], color=colour, linewidth=1, label=label)
    axes.grid(axis="y")
    axes.set(xlabel="sample", ylabel="value")
    axes.legend(loc="upper left")
