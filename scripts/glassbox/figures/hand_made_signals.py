"""Hand-made signals and how sure networks are of their location (chen2017 Fig. 7.1)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassbox.figures.style import SOFT, WIDTH, look, title_panels
from glassbox.tables import Examples

COLOUR = "#0072b2"
COLUMNS = 3


def samples(examples: Examples) -> pd.DataFrame:
    """All samples of all signals, a row each: columns example_id, sample, from 1, and value."""
    count, length = examples.values.shape
    return pd.DataFrame(
        {
            "example_id": np.repeat(examples.ids, length),
            "sample": np.tile(np.arange(1, length + 1), count),
            "value": examples.values.ravel(),
        }
    )


def hand_made_signals(signals: pd.DataFrame, confidences: pd.DataFrame) -> Figure:
    """A panel per named shape, with the confidence of one network below it, as in Fig. 7.1.

    signals: as `samples` gives them. confidences: columns replicate, example_id, name,
    parameter (empty for named shapes), location, predicted, confidence and ideal.
    """
    named = confidences[confidences["parameter"] == ""]
    names = named.drop_duplicates("example_id")[["example_id", "name"]]
    rows = -(-len(names) // COLUMNS)
    with look():
        figure = Figure(figsize=(WIDTH, 2.0 * rows))
        axes = figure.subplots(rows, COLUMNS, squeeze=False, sharey=True).ravel()
        for each, (example, _) in zip(axes, names.itertuples(index=False), strict=False):
            draw_shape(
                each,
                signals[signals["example_id"] == example],
                named[named["example_id"] == example],
            )
        for each in axes[len(names) :]:
            each.set_visible(False)
        title_panels(axes, names["name"].tolist())
        for each in axes[::COLUMNS]:
            each.set_ylabel("value")
        location, count = named["location"].iloc[0], named["replicate"].nunique()
        figure.supxlabel(
            f"said of location {location}: mean confidence of {named['method'].iloc[0]} over "
            f"replicates (n = {count}), and how many name it;\n"
            "ideal: what the best detector of the learned signals would say",
            size="medium",
        )
    return figure


def draw_shape(axes: Axes, signal: pd.DataFrame, said: pd.DataFrame) -> None:
    """One signal, and what was said of it."""
    axes.axvline(said["location"].iloc[0] - 0.5, color=SOFT, linewidth=0.8, linestyle=":")
    axes.plot(signal["sample"], signal["value"], color=COLOUR, linewidth=1.2)
    right = int((said["predicted"] == said["location"]).sum())
    text = (
        f"{said['confidence'].mean():.1%} ({right} of {len(said)})\n"
        f"ideal {said['ideal'].iloc[0]:.1%}"
    )
    axes.set_xlabel(f"sample\n{text}")
