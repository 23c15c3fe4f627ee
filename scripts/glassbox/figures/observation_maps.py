"""Maps of observations in layers, with their neighbourhood hits (rauber2017 Figs 1 to 8)."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from glassbox.figures import maps
from glassbox.figures.style import WIDTH, look, title_panels

FEW = 4  # panels up to which two stand in a row, and three of more


@dataclass(frozen=True)
class Shown:
    """One map.

    points: columns example_id, label, right (all True where answers are not shown), z1 and z2.
    hits: the neighbourhood hit by space (map, and layer where it is known). accuracy: of the
    network on these points; None where it is not shown. neighbours: that the hits count.
    """

    title: str
    points: pd.DataFrame
    hits: dict[str, float]
    neighbours: int
    accuracy: float | None


def observation_maps(shown: list[Shown], colours: list[str]) -> Figure:
    """A panel per map: a dot per example in the colour of its class, misclassified ones marked."""
    tints = maps.rgb(colours)
    across = min(len(shown), 2 if len(shown) <= FEW else 3)
    rows = -(-len(shown) // across)
    panel = WIDTH / max(across, 2)
    with look():
        figure = Figure(figsize=(panel * across, (panel + 0.35) * rows + 0.8))
        axes = figure.subplots(rows, across, squeeze=False).ravel()
        for each, one in zip(axes, shown, strict=False):
            maps.draw_points(each, one.points, tints, maps.dot_size(5, len(one.points)))
            if one.accuracy is not None:
                maps.draw_wrong(each, one.points, tints)
            maps.number_classes(each, one.points)
            maps.show_all(each, one.points)
            maps.frame(each)
            each.set_xlabel(_told(one), size=8)
        title_panels(axes, [one.title for one in shown])
        for empty in axes[len(shown) :]:
            empty.set_axis_off()
        labels = sorted(set().union(*(one.points["label"] for one in shown)))
        maps.legend_of_classes(figure, labels, tints)
        figure.supxlabel(_caption(shown), size=8.5)
    return figure


def _told(one: Shown) -> str:
    words = [f"NH {one.hits['map']:.1%}"]
    if "layer" in one.hits:
        words.append(f"in the layer {one.hits['layer']:.1%}")
    if one.accuracy is not None:
        words.append(f"accuracy {one.accuracy:.1%}")
    return ", ".join(words)


def _caption(shown: list[Shown]) -> str:
    counts = sorted({len(one.points) for one in shown})
    points = " or ".join(f"{each:,}" for each in counts)
    nearest = " or ".join(str(each) for each in sorted({one.neighbours for one in shown}))
    words = (
        f"{points} examples; NH: the share of the {nearest} nearest neighbours in the map that "
        "have the example's class"
    )
    if any(one.accuracy is not None for one in shown):
        words += "\ntriangles: misclassified, in the colour of their class"
    return words
