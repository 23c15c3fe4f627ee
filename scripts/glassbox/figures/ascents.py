"""Signals from gradient ascent (chen2017 Figs 5.1 to 5.5)."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassbox.figures.style import INK, SOFT, WIDTH, look, panels, title_panels

REPLICATE = 0
MISSED = "0.999 not reached"


def ascents(tables: list[pd.DataFrame], signals: list[pd.DataFrame], labels: list[int]) -> Figure:
    """A row per network, a column per class: the signal that replicate 0 takes for that class.

    tables, signals: of each network, as `ascent_table` and `signal_table` give them, with columns
    method and replicate. The dashed line is the jump, location = first + label.
    """
    with look():
        figure = Figure(figsize=(WIDTH, 0.5 + 1.35 * len(tables)))
        grid = figure.subplots(len(tables), len(labels), squeeze=False, sharex=True)
        for row, table, signal in zip(grid, tables, signals, strict=True):
            for axes, label in zip(row, labels, strict=True):
                _draw(axes, _one(signal, label, 0), _one(table, label))
            row[0].set_ylabel(table["method"].iloc[0])
        for axes in grid[-1]:
            axes.set_xlabel("sample")
        figure.supxlabel(
            f"replicate {REPLICATE}; dashed: where the jump is aimed at", size="medium"
        )
    return figure


def ascent_layers(table: pd.DataFrame, signals: pd.DataFrame, label: int) -> Figure:
    """A panel per layer: the signal that replicate 0 takes for a class, on its way inwards."""
    layers = sorted(signals["layer"].unique())
    with look():
        figure, axes = panels(len(layers), height=2.2)
        for each, layer in zip(axes, layers, strict=True):
            _draw(each, _one(signals, label, layer), _one(table, label))
            each.set(xlabel="sample", ylabel="value")
        title_panels(
            axes, ["input", *(f"after convolutional layer {layer}" for layer in layers[1:])]
        )
        figure.supxlabel(
            f"replicate {REPLICATE}; dashed: where the jump is aimed at", size="medium"
        )
    return figure


def _one(frame: pd.DataFrame, label: int, layer: int | None = None) -> pd.DataFrame:
    shown = frame[(frame["replicate"] == REPLICATE) & (frame["label"] == label)]
    return shown if layer is None else shown[shown["layer"] == layer]


def _draw(axes: Axes, signal: pd.DataFrame, entry: pd.DataFrame) -> None:
    row = entry.iloc[0]
    axes.axvline(row["location"] - 0.5, color=SOFT, linestyle="--", linewidth=0.8)
    axes.plot(signal["sample"], signal["value"], color=INK, linewidth=0.9)
    said = f"clarity {row['clarity']:.1f}"
    axes.text(0.02, 0.97, said, transform=axes.transAxes, va="top", size=7)
    if not row["reached"]:
        axes.text(0.98, 0.97, MISSED, transform=axes.transAxes, va="top", ha="right", size=7)
