"""Deviation measures from layer to layer (chen2017 Figs 6.7 to 6.9 and 6.12 to 6.14)."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from glassbox.figures.style import INK, layers_of, look, panels, title_panels

LOOKS = {
    "inner": {"linestyle": ":", "markerfacecolor": "white"},
    "inter": {"linestyle": "-"},
    "level": {"linestyle": "-"},
}
FLAT = 4.0  # a logarithmic axis spans this factor at least, so that flat curves look flat
WIDE = 15.0  # beyond this factor a logarithmic axis has ticks enough at 1, 2 and 5
LEVEL = 4  # names of more layers than this stand aslant
LEGEND = 2  # columns of a legend; each of its rows takes about 0.13 of the height


@dataclass(frozen=True)
class Curve:
    """One measure: its scope, its name in the legend, its place among the colours."""

    scope: str
    measure: str
    label: str
    colour: int | None
    marker: str = "o"


@dataclass(frozen=True)
class Panel:
    """What is drawn together, on which scale."""

    title: str
    unit: str
    curves: tuple[Curve, ...]
    logarithmic: bool = False


def _insensitive(scope: str) -> tuple[Curve, ...]:
    """The measures that the activation level leaves alone (Fig. 6.9)."""
    return (
        Curve(scope, "normalised", "normalised Euclidean", 0),
        Curve(scope, "cosine", "cosine", 1, "s"),
        Curve(scope, "correlation", "correlation", 2, "^"),
    )


def _both(measure: str) -> tuple[Curve, ...]:
    return tuple(Curve(scope, measure, f"{scope}-class", 0) for scope in ("inner", "inter"))


PANELS = {
    "euclidean": Panel("Euclidean deviation", "distance (units of activation)", _both("euclidean")),
    "level": Panel(
        "activation level",
        "mean $L_1$ norm (units of activation)",
        (Curve("level", "mean_l1", "level", None),),
    ),
    "normalised": Panel(
        "normalised Euclidean deviation",
        "deviation / level (no unit, log scale)",
        _both("normalised"),
        True,
    ),
    "inner": Panel(
        "inner-class deviation", "deviation (no unit, log scale)", _insensitive("inner"), True
    ),
    "inter": Panel(
        "inter-class deviation", "deviation (no unit, log scale)", _insensitive("inter"), True
    ),
}


def deviation_profiles(deviations: pd.DataFrame, names: list[str], colours: list[str]) -> Figure:
    """A panel for each of `names`, keys of PANELS, over all layers but the output.

    deviations: columns replicate, layer, depth, scope, measure and value. colours: of the Euclidean
    measures, cosine and correlation. The output, almost one-hot, is left out as in Fig. 6.7.
    Ratios are on a logarithmic axis: equal factors are equal steps, and measures of different size
    share a panel.
    """
    hidden = deviations[deviations["depth"] < deviations["depth"].max()]
    with look():
        figure, axes = panels(len(names), height=2.9)
        for each, name in zip(axes, names, strict=True):
            draw_panel(each, hidden, PANELS[name], colours)
        title_panels(axes, [PANELS[name].title for name in names])
        count = hidden["replicate"].nunique()
        figure.supxlabel(f"bold: mean over replicates (n = {count}); thin: each", size="medium")
    return figure


def draw_panel(axes: Axes, deviations: pd.DataFrame, panel: Panel, colours: list[str]) -> None:
    """All curves of a panel, with axes and legend."""
    by_curve = deviations.set_index(["scope", "measure"]).sort_index()
    for curve in panel.curves:
        rows = by_curve.loc[(curve.scope, curve.measure)]
        values = rows.pivot(index="depth", columns="replicate", values="value")
        draw_curve(axes, values, curve, INK if curve.colour is None else colours[curve.colour])
    layers = layers_of(deviations)
    axes.set_xticks(list(layers), layers.values())
    if len(layers) > LEVEL:
        axes.tick_params(axis="x", rotation=30)
    axes.set(xlabel="layer", ylabel=panel.unit)
    axes.grid(axis="y")
    entries = len(panel.curves) if len(panel.curves) > 1 else 0
    draw_scale(axes, panel.logarithmic, headroom=0.05 + 0.13 * -(-entries // LEGEND))
    if entries:
        axes.legend(loc="upper left", ncols=LEGEND)


def draw_curve(axes: Axes, values: pd.DataFrame, curve: Curve, colour: str) -> None:
    """A thin line per replicate and a bold one for their mean; values: (layers, replicates)."""
    looks = LOOKS[curve.scope]
    thin = {"color": colour, "linewidth": 0.7, "alpha": 0.5, "linestyle": looks["linestyle"]}
    axes.plot(values.index, values, **thin)
    bold = {"color": colour, "linewidth": 2, "marker": curve.marker, "markersize": 5, **looks}
    axes.plot(values.index, values.mean(axis=1), label=curve.label, **bold)


def draw_scale(axes: Axes, logarithmic: bool, headroom: float) -> None:
    """A linear axis from 0 or a logarithmic one; headroom: what to add above, as a share."""
    if not logarithmic:
        axes.set_ylim(0, axes.get_ylim()[1] * (1 + headroom))
        return
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    widen = max(1.0, (FLAT * low / high) ** 0.5)
    low, high = low / widen, high * widen
    axes.set_ylim(low, high * (high / low) ** headroom)
    steps = (1, 2, 5) if high > WIDE * low else (1, 1.5, 2, 3, 5, 7)
    axes.yaxis.set_major_locator(LogLocator(subs=steps))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter("{x:g}")
