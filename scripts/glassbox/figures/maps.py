"""What figures of maps share: points in class colours, the plane of errors, inputs.

A map has the columns label, answer, right, z1 and z2, a row per example.
"""

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from glassbox.figures.style import INK, SOFT
from glassbox.tables import Examples

DOTS = 150  # per inch: points are a picture inside the figure
BACKGROUND = 5000  # points that show where classes lie, behind something else
CROWD = 1000  # points that have room
MARGIN = 0.05  # of the range, around all points
ERROR = "log10 of the estimated error"


def rgb(colours: list[str]) -> np.ndarray:
    """Colours (k, 3) between 0 and 1."""
    return np.array([to_rgb(each) for each in colours])


def rows_of(table: pd.DataFrame, model: str, wanted: str) -> pd.DataFrame:
    """The rows of a model on a set, dataset/split."""
    return table[(table["method"] == model) & (table["set"] == wanted)]


def thinned(points: pd.DataFrame) -> pd.DataFrame:
    """Points evenly spaced over the rows of a map, few enough to lie behind many panels."""
    return points.iloc[:: -(-len(points) // BACKGROUND) or 1]


def draw_points(
    axes: Axes, points: pd.DataFrame, colours: np.ndarray, size: float = 4, **drawn
) -> None:
    """A dot per example in the colour of its class (classes, 3); drawn: how, besides."""
    drawn = {"linewidths": 0, "c": colours[points["label"]], **drawn}
    axes.scatter(points["z1"], points["z2"], s=size, rasterized=True, **drawn)


def draw_wrong(axes: Axes, points: pd.DataFrame, colours: np.ndarray) -> None:
    """A triangle with a black edge per misclassified example, in the colour of its true class."""
    wrong = points[~points["right"]]
    drawn = {"edgecolors": INK, "linewidths": dot_size(0.5, len(wrong)), "marker": "^"}
    draw_points(axes, wrong, colours, dot_size(14, len(wrong)), **drawn)


def dot_size(largest: float, count: int) -> float:
    """The size of dots of which there are many: of more than CROWD, down to a quarter."""
    return largest * max(0.25, min(1, CROWD / max(count, 1)) ** 0.5)


def error_limits(
    plane: pd.DataFrame, lowest: float | None, highest: float | None
) -> tuple[float, float]:
    """The range of estimates (log10) that colours show: as given, else that of the plane."""
    least = plane["estimate"].min() if lowest is None else lowest
    return least, plane["estimate"].max() if highest is None else highest


def draw_plane(
    axes: Axes, plane: pd.DataFrame, colour_map: str, limits: tuple[float, float], alpha: float = 1
) -> AxesImage:
    """The estimate over a grid, columns z1, z2 and estimate; limits: of the range of colours."""
    grid = plane.pivot(index="z2", columns="z1", values="estimate")
    (left, right), (low, high) = _edges(grid.columns), _edges(grid.index)
    edge = {"fill": False, "edgecolor": SOFT, "linewidth": 0.5, "linestyle": ":"}
    axes.add_patch(Rectangle((left, low), right - left, high - low, **edge))
    return axes.imshow(
        grid,
        cmap=matplotlib.colormaps[colour_map],
        vmin=limits[0],
        vmax=limits[1],
        alpha=alpha,
        origin="lower",
        extent=(left, right, low, high),
        interpolation="none",
        aspect="auto",
    )


def _edges(centres: pd.Index) -> tuple[float, float]:
    """Where evenly spaced cells begin and end."""
    half = (centres[-1] - centres[0]) / (len(centres) - 1) / 2
    return centres[0] - half, centres[-1] + half


def draw_cross(axes: Axes, place: tuple[float, float], size: float = 6) -> None:
    """A black cross with a white edge at one place."""
    axes.plot(*place, "x", color="white", markersize=size + 1.2, markeredgewidth=2.8, zorder=4)
    axes.plot(*place, "x", color="black", markersize=size, markeredgewidth=1.3, zorder=4)


def number_classes(axes: Axes, points: pd.DataFrame, **drawn) -> None:
    """The number of each class at the median of its points; drawn: how, as matplotlib takes it."""
    outline = [withStroke(linewidth=2, foreground="white")]
    drawn = {"size": 8, "path_effects": outline, "ha": "center", "va": "center", **drawn}
    for label, middle in points.groupby("label")[["z1", "z2"]].median().iterrows():
        axes.annotate(str(label), middle, **drawn)


def show_all(axes: Axes, *shown: pd.DataFrame) -> None:
    """A square that holds all points or cells of some tables, a unit as long on both axes."""
    places = pd.concat([each[["z1", "z2"]] for each in shown])
    low, high = places.min(), places.max()
    half = (0.5 + MARGIN) * float((high - low).max())
    middle = (low + high) / 2
    axes.set_xlim(middle["z1"] - half, middle["z1"] + half)
    axes.set_ylim(middle["z2"] - half, middle["z2"] + half)
    axes.set_box_aspect(1)


def frame(axes: Axes) -> None:
    """A thin frame without ticks, of small panels."""
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set(visible=True, color=SOFT, linewidth=0.5)


def name_axes(axes: Axes) -> None:
    """The two units of the bottleneck as the names of the axes."""
    axes.set(xlabel="$z_1$", ylabel="$z_2$")


def legend_of_classes(figure: Figure, labels: list[int], colours: np.ndarray) -> None:
    """A dot in the colour of each class, above all panels."""
    dots = [
        Line2D([], [], marker="o", linestyle="", markersize=4.5, color=colours[label])
        for label in labels
    ]
    figure.legend(
        dots,
        list(map(str, labels)),
        loc="outside upper center",
        ncols=12,
        title="class",
        title_fontsize=8,
        handletextpad=0,
    )


def bar_below(figure: Figure, axes: np.ndarray, image: AxesImage, label: str) -> None:
    """A bar of the colours of an image below all panels, whose range goes on at both ends."""
    look = {"location": "bottom", "shrink": 0.4, "aspect": 35, "extend": "both"}
    figure.colorbar(image, ax=axes, label=label, **look)


def draw_input(axes: Axes, values: np.ndarray, shape: list[int] | None) -> None:
    """An input (d,) as the picture that it is, of values between 0 and 1; without shape a line."""
    if shape is None:
        axes.plot(values, color=INK, linewidth=0.8)
    else:
        axes.imshow(
            np.clip(values, 0, 1).reshape(shape), cmap="gray", vmin=0, vmax=1, interpolation="none"
        )
    frame(axes)


def input_of(examples: Examples, example: int) -> np.ndarray:
    """The values (d,) of the example with an id."""
    return examples.values[examples.ids == example][0]
