"""The paths that attacks take over the map of hidden activations (pardo2019 Fig. 6)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from glassbox.figures import maps
from glassbox.figures.style import INK, SOFT, WIDTH, look
from glassbox.tables import Examples

LIGHT = 0.55  # of the plane behind the paths
REACHED, MISSED = "#0072b2", "#d55e00"
OUTLINE = [withStroke(linewidth=1.5, foreground="white")]


def attack_trajectories(
    paths: pd.DataFrame,
    examples: Examples,
    shape: list[int] | None,
    points: pd.DataFrame,
    plane: pd.DataFrame,
    colour_map: str,
    limits: tuple[float, float],
) -> Figure:
    """A row per attacked example: its input, and a panel per class that an attack aims at.

    paths: columns origin_id, label, target, step, z1, z2 and answer. examples: those attacked, and
    shape: of their images. points: the map whose classes get their numbers. plane, limits: as of
    `introspection_maps`. An attack reaches its target if that is the answer after its last step.
    """
    attacked = paths["origin_id"].unique()
    targets = np.sort(paths["target"].unique())
    across = 1 + len(targets)
    panel = WIDTH / across
    with look():
        figure = Figure(figsize=(WIDTH, (panel + 0.2) * len(attacked) + 0.9))
        figure.get_layout_engine().set(w_pad=0.01, h_pad=0.02)
        grid = figure.subplots(len(attacked), across, squeeze=False)
        for (first, *others), origin in zip(grid, attacked, strict=True):
            own = paths[paths["origin_id"] == origin]
            maps.draw_input(first, maps.input_of(examples, origin), shape)
            first.set_title(f"class {own['label'].iloc[0]}", size=7.5, loc="center", pad=2)
            for axes, target in zip(others, targets, strict=True):
                path = own[own["target"] == target].sort_values("step")
                image = maps.draw_plane(axes, plane, colour_map, limits, LIGHT)
                maps.number_classes(axes, points, size=5, color=SOFT, path_effects=None)
                draw_path(axes, path)
                maps.show_all(axes, points, own)
                maps.frame(axes)
        maps.bar_below(figure, grid, image, maps.ERROR)
        figure.supxlabel(
            f"{paths['step'].max():.0f} steps towards each class; blue, filled dot: it is the "
            "answer at the end; orange, open: it is not;\ngrey: the example's own class; numbers: "
            "where classes lie in the map ($z_1$, $z_2$)",
            size=9,
        )
    return figure


def draw_path(axes: Axes, path: pd.DataFrame) -> None:
    """One path from its start, a cross, to its end, with the target and whether it was reached."""
    first, last = path.iloc[0], path.iloc[-1]
    reached = last["answer"] == last["target"]
    colour = REACHED if reached else MISSED
    if last["label"] == last["target"]:
        colour = SOFT
    axes.plot(path["z1"], path["z2"], color=colour, linewidth=1.1, path_effects=OUTLINE)
    axes.plot(first["z1"], first["z2"], "x", color=INK, markersize=4, markeredgewidth=1)
    axes.annotate(
        "start",
        (first["z1"], first["z2"]),
        xytext=(0, 3),
        textcoords="offset points",
        size=5,
        ha="center",
    )
    face = colour if reached else "white"
    axes.plot(last["z1"], last["z2"], "o", color=colour, markerfacecolor=face, markersize=3.2)
    sign = "✓" if reached else "✗"
    axes.set_title(f"to {last['target']:.0f} {sign}", size=7.5, loc="center", color=colour, pad=2)
