"""What figures of gradient ascent share: one signal, and which one."""

import pandas as pd
from matplotlib.axes import Axes

from glassbox.figures.style import INK, SOFT

REPLICATE = 0
DASHED = "dashed: where the jump is aimed at"


def chosen(
    frame: pd.DataFrame, replicate: int, label: int, layer: int | None = None
) -> pd.DataFrame:
    """The rows of one replicate and class, and of one layer if it is given."""
    shown = frame[(frame["replicate"] == replicate) & (frame["label"] == label)]
    return shown if layer is None else shown[shown["depth"] == layer]


def draw_signal(axes: Axes, signal: pd.DataFrame, entry: pd.Series) -> None:
    """One signal, and where its jump is aimed at."""
    axes.axvline(entry["location"] - 0.5, color=SOFT, linestyle="--", linewidth=0.8)
    axes.plot(signal["sample"], signal["value"], color=INK, linewidth=0.9)
