"""Two-dimensional representations in a bottleneck (chen2017 Figs 4.7 and 4.8)."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassbox.analyses.averages import class_means
from glassbox.errors import GlassboxError
from glassbox.figures.style import INK, look, panels, title_panels
from glassbox.tables import Examples

EVERY = 5  # classes from one printed label to the next


def bottleneck_representations(examples: Examples, colour_map: str, first: int) -> Figure:
    """Activations of a layer of two units: all examples, and the means of the classes.

    first: the location that class 0 stands for. Raises GlassboxError for a layer of another width.
    """
    if examples.values.shape[1] != 2:
        raise GlassboxError(
            f"a plane needs a layer of two units; this one has {examples.values.shape[1]}"
        )
    locations = first + np.arange(examples.classes)
    means = class_means(examples.values, examples.labels, examples.classes)
    with look():
        figure, axes = panels(2, height=3.4)
        shown = axes[0].scatter(
            *examples.values.T,
            c=examples.labels + first,
            cmap=colour_map,
            s=2,
            linewidths=0,
            rasterized=True,
        )
        axes[1].plot(*means.T, color=INK, linewidth=0.6)
        axes[1].scatter(*means.T, c=locations, cmap=colour_map, s=16, zorder=2)
        for location, mean in list(zip(locations, means, strict=True))[::EVERY]:
            axes[1].annotate(str(location), mean, xytext=(3, 3), textcoords="offset points", size=7)
        for each in axes:
            _label(each)
        figure.colorbar(shown, ax=axes, label="jump location", shrink=0.9)
        count = f"{len(examples.labels):,}"
        title_panels(axes, [f"{count} signals", "means of the classes, in order"])
        figure.supxlabel("replicate 0", size="medium")
    return figure


def _label(axes: Axes) -> None:
    axes.set(xlabel="activation of unit 1", ylabel="activation of unit 2")
