"""Deviation over the time of training: when memorising and learning part ways."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassbox.analyses.deviation_trajectories import parting, slopes
from glassbox.figures.style import INK, SOFT, legend_above, look, panels, title_panels

MEASURES = {
    "normalised": "normalised Euclidean",
    "cosine": "cosine",
    "correlation": "correlation",
}


def by_network(trajectories: pd.DataFrame, shown: list[dict]) -> dict[str, pd.DataFrame]:
    """The trajectories of each network on a set, by "<network> on <set>".

    trajectories: columns method, set and those that `slopes` needs. shown: keys model and set.
    """
    of = trajectories.groupby(["method", "set"])
    names = [(each["model"], each["set"]) for each in shown]
    return {f"{network} on {wanted}": of.get_group((network, wanted)) for network, wanted in names}


def deviation_slopes(
    tables: dict[str, pd.DataFrame], learning: str, names: list[str], colours: list[str]
) -> Figure:
    """A panel per measure: the slope over layers of the inner deviation, epoch by epoch.

    tables: trajectories by what they show, "<network> on <set>", `learning` being the key that the
    others are compared with. Each is marked where it parts from the learning network for good.
    """
    with look():
        figure, axes = panels(len(names), height=3.0)
        for each, name in zip(axes, names, strict=True):
            found = {key: slopes(table, "inner", name) for key, table in tables.items()}
            for colour, (key, values) in zip(colours, found.items(), strict=False):
                _draw(each, values, key, colour)
                if key != learning:
                    _mark(each, parting(values, found[learning]), colour)
            each.axhline(0, color=INK, linewidth=0.6)
            each.set_xscale("symlog", linthresh=1)
            each.set(xlabel="epoch", ylabel="slope over layers / input's")
            each.xaxis.set_major_formatter("{x:g}")
            each.set_xlim(left=0)
        legend_above(figure, *axes[0].get_legend_handles_labels())
        title_panels(axes, [f"{MEASURES[name]}, within classes" for name in names])
        count = next(iter(tables.values()))["replicate"].nunique()
        note = f"bold: mean over replicates (n = {count}); thin: each; dotted: parts for good"
        figure.supxlabel(note, size="medium")
    return figure


def _draw(axes: Axes, values: pd.DataFrame, name: str, colour: str) -> None:
    """Epochs by replicates; epochs that only some replicates have are left out of the mean."""
    axes.plot(values.index, values, color=colour, linewidth=0.6, alpha=0.5)
    mean = values.dropna().mean(axis=1)
    axes.plot(mean.index, mean, color=colour, linewidth=2, marker="o", markersize=4, label=name)


def _mark(axes: Axes, epoch: int | None, colour: str) -> None:
    if epoch is None:
        return
    axes.axvline(epoch, color=colour, linestyle=":", linewidth=1.2)
    top = axes.get_xaxis_transform()
    axes.text(epoch, 0.02, f" {epoch}", color=SOFT, transform=top, size=7)
