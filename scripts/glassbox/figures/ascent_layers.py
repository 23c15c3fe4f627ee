"""A signal from gradient ascent after each convolutional layer (chen2017 Figs 5.3 to 5.5)."""

import pandas as pd
from matplotlib.figure import Figure

from glassbox.figures.ascents import DASHED, REPLICATE, chosen, draw_signal
from glassbox.figures.style import layers_of, look, panels, title_panels


def ascent_layers(table: pd.DataFrame, signals: pd.DataFrame, label: int) -> Figure:
    """A panel per layer: the signal that a network takes for a class, on its way inwards.

    Shown is the first replicate whose signal reaches the level, or replicate 0 where none does.
    """
    reached = table[table["label"] == label].set_index("replicate")["reached"]
    replicate = int(reached.index[reached].min()) if reached.any() else REPLICATE
    entry = chosen(table, replicate, label).iloc[0]
    layers = layers_of(signals)
    with look():
        figure, axes = panels(len(layers), height=2.2)
        for each, layer in zip(axes, layers, strict=True):
            draw_signal(each, chosen(signals, replicate, label, layer), entry)
            each.set(xlabel="sample", ylabel="value")
        title_panels(axes, [f"after {name}" if depth else name for depth, name in layers.items()])
        count = f"{reached.sum()} of {len(reached)} replicates become sure of the class"
        figure.supxlabel(f"{count}; shown: replicate {replicate}; {DASHED}", size="medium")
    return figure
