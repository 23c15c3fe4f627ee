"""Signals from gradient ascent (chen2017 Figs 5.1 to 5.5)."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassbox.figures.style import INK, SOFT, WIDTH, look, panels, title_panels

REPLICATE = 0
MISSED = "not reached"
DASHED = "dashed: where the jump is aimed at"


def ascents(tables: list[pd.DataFrame], signals: list[pd.DataFrame], labels: list[int]) -> Figure:
    """A row per network, a column per class: the signal that replicate 0 takes for that class.

    tables, signals: of each network, as `ascent_table` and `signal_table` give them, with columns
    method and replicate. A title has the location that is aimed at, and the clarity of the jump.
    """
    with look():
        figure = Figure(figsize=(WIDTH, 0.5 + 1.5 * len(tables)))
        grid = figure.subplots(len(tables), len(labels), squeeze=False, sharex=True)
        for row, table, signal in zip(grid, tables, signals, strict=True):
            for axes, label in zip(row, labels, strict=True):
                entry = _one(table, REPLICATE, label).iloc[0]
                _draw(axes, _one(signal, REPLICATE, label, 0), entry)
                said = f"{entry['location']}: clarity {entry['clarity']:.1f}"
                axes.set_title(said if entry["reached"] else f"{said}, {MISSED}", size=8)
            row[0].set_ylabel(table["method"].iloc[0])
        for axes in grid[-1]:
            axes.set_xlabel("sample")
        figure.supxlabel(f"replicate {REPLICATE}; {DASHED}", size="medium")
    return figure


def ascent_layers(table: pd.DataFrame, signals: pd.DataFrame, label: int) -> Figure:
    """A panel per layer: the signal that a network takes for a class, on its way inwards.

    Shown is the first replicate that got there, or replicate 0 where none did.
    """
    reached = table[table["label"] == label].set_index("replicate")["reached"]
    replicate = int(reached.index[reached].min()) if reached.any() else REPLICATE
    entry = _one(table, replicate, label).iloc[0]
    layers = sorted(signals["layer"].unique())
    with look():
        figure, axes = panels(len(layers), height=2.2)
        for each, layer in zip(axes, layers, strict=True):
            _draw(each, _one(signals, replicate, label, layer), entry)
            each.set(xlabel="sample", ylabel="value")
        titles = ["input", *(f"after convolutional layer {layer}" for layer in layers[1:])]
        title_panels(axes, titles)
        count = f"{reached.sum()} of {len(reached)} replicates got there; shown: {replicate}"
        figure.supxlabel(f"{count}; {DASHED}", size="medium")
    return figure


def _one(frame: pd.DataFrame, replicate: int, label: int, layer: int | None = None) -> pd.DataFrame:
    shown = frame[(frame["replicate"] == replicate) & (frame["label"] == label)]
    return shown if layer is None else shown[shown["layer"] == layer]


def _draw(axes: Axes, signal: pd.DataFrame, entry: pd.Series) -> None:
    axes.axvline(entry["location"] - 0.5, color=SOFT, linestyle="--", linewidth=0.8)
    axes.plot(signal["sample"], signal["value"], color=INK, linewidth=0.9)
