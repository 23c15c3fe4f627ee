"""Signals from gradient ascent, networks by jump locations (chen2017 Figs 5.1 and 5.2)."""

import pandas as pd
from matplotlib.figure import Figure

from glassbox.figures.ascents import DASHED, REPLICATE, chosen, draw_signal
from glassbox.figures.style import WIDTH, look

MISSED = "not reached"


def ascent_signals(
    tables: list[pd.DataFrame], signals: list[pd.DataFrame], labels: list[int]
) -> Figure:
    """A row per network, a column per class: the signal that replicate 0 takes for that class.

    tables, signals: of each network, as `ascent_table` and `signal_table` give them, with columns
    method and replicate. A title has the location that is aimed at, and the clarity of the jump.
    """
    with look():
        figure = Figure(figsize=(WIDTH, 0.5 + 1.5 * len(tables)))
        grid = figure.subplots(len(tables), len(labels), squeeze=False, sharex=True)
        for row, table, signal in zip(grid, tables, signals, strict=True):
            for axes, label in zip(row, labels, strict=True):
                entry = chosen(table, REPLICATE, label).iloc[0]
                draw_signal(axes, chosen(signal, REPLICATE, label, 0), entry)
                said = f"{entry['location']}: clarity {entry['clarity']:.1f}"
                axes.set_title(said if entry["reached"] else f"{said}, {MISSED}", size=8)
            row[0].set_ylabel(table["method"].iloc[0])
        for axes in grid[-1]:
            axes.set_xlabel("sample")
        figure.supxlabel(f"replicate {REPLICATE}; {DASHED}", size="medium")
    return figure
