"""Where noise moves the hidden activations of one example (pardo2019 Fig. 5)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from glassbox.errors import GlassboxError
from glassbox.figures import maps
from glassbox.figures.style import INK, WIDTH, look, title_panels
from glassbox.tables import Examples

FAINT = 0.35  # of the map behind the arrows


@dataclass(frozen=True)
class Noisy:
    """Copies of one example in noise of deviation sigma: their places, and the input of one."""

    sigma: float
    points: pd.DataFrame
    input: np.ndarray


@dataclass(frozen=True)
class Constellation:
    """One network: its map of a noiseless set, the example in it, and its noisy copies."""

    title: str
    points: pd.DataFrame
    example: int
    input: np.ndarray
    noisy: list[Noisy]

    @property
    def start(self) -> pd.Series:
        """The row of the example without noise."""
        return self.points[self.points["example_id"] == self.example].iloc[0]


def noisy_copies(points: pd.DataFrame, examples: Examples, example: int) -> Noisy:
    """The copies of one example among those of a set.

    points: a map of the set, with the column origin_id. examples: the set; its metadata say sigma.
    Raises GlassboxError if the example has no copies there.
    """
    own = points[points["origin_id"] == example]
    if own.empty:
        raise GlassboxError(f"there are no noisy copies of example {example}")
    first = maps.input_of(examples, own["example_id"].iloc[0])
    return Noisy(examples.metadata["sigma"], own, first)


def constellations(
    networks: list[Constellation], shape: list[int] | None, colours: list[str]
) -> Figure:
    """A row per network: its map, then a panel per level of noise, with an input above each.

    shape: of the images; the columns of points are those of a map (`glassbox.figures.maps`), and
    example_id.
    """
    tints = maps.rgb(colours)
    across = 1 + max(len(each.noisy) for each in networks)
    with look():
        figure = Figure(figsize=(WIDTH, 0.7 + len(networks) * (0.7 + 1.6 * WIDTH / across)))
        parts = np.ravel(figure.subfigures(len(networks), 1))
        labels = sorted(set().union(*(each.points["label"] for each in networks)))
        maps.legend_of_classes(figure, labels, tints)
        every, titles = [], []
        for part, network in zip(parts, networks, strict=True):
            every += draw_network(part, network, across, shape, tints)
            titles += ["no noise", *(f"σ = {each.sigma:g}" for each in network.noisy)]
        title_panels(every, titles)
        shown = networks[0]
        figure.supxlabel(
            f"example {shown.example}, of class {shown.start['label']}: black lines lead from its "
            "place without noise (cross) to those\nof noisy copies, dots in the colour of the "
            "answer; left: the map of the noiseless set ($z_1$, $z_2$)",
            size=9,
        )
    return figure


def draw_network(
    part: SubFigure,
    network: Constellation,
    across: int,
    shape: list[int] | None,
    colours: np.ndarray,
) -> list[Axes]:
    """One row of panels. Returns those that get a title, the inputs."""
    part.suptitle(network.title, x=0.01, ha="left", size=9.5, weight="bold")
    above, below = part.subplots(2, across, squeeze=False, height_ratios=(0.55, 1))
    background = maps.thinned(network.points)
    shown = [network.points, *(each.points for each in network.noisy)]
    inputs = [network.input, *(each.input for each in network.noisy)]
    for place, (values, points) in enumerate(zip(inputs, shown, strict=True)):
        maps.draw_input(above[place], values, shape)
        axes = below[place]
        faint = FAINT if place else 1
        maps.draw_points(axes, background, colours, size=2, alpha=faint)
        if place:
            draw_displaced(axes, network.start, points, colours)
            axes.set_xlabel(f"{points['right'].mean():.0%} right")
        else:
            maps.number_classes(axes, network.points, size=6.5)
            axes.set_xlabel(f"{points['right'].mean():.1%} right")
        maps.draw_cross(axes, (network.start["z1"], network.start["z2"]), size=5)
        maps.show_all(axes, background, *shown[1:])
        maps.frame(axes)
    for empty in [*above[len(shown) :], *below[len(shown) :]]:
        empty.set_axis_off()
    return list(above[: len(shown)])


def draw_displaced(axes: Axes, start: pd.Series, points: pd.DataFrame, colours: np.ndarray) -> None:
    """Lines from one place to others, with dots in the colours of the answers there."""
    ends = points[["z1", "z2"]].to_numpy()
    begins = np.broadcast_to(start[["z1", "z2"]].to_numpy(float), ends.shape)
    lines = np.stack([begins, ends, np.full_like(ends, np.nan)], axis=1).reshape(-1, 2)
    axes.plot(*lines.T, color=INK, linewidth=0.4, alpha=0.6, rasterized=True)
    drawn = {"c": colours[points["answer"]], "edgecolors": INK, "linewidths": 0.4, "zorder": 3}
    maps.draw_points(axes, points, colours, size=9, **drawn)
