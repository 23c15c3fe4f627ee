"""Maps of hidden activations, and the estimated error over them (pardo2019 Fig. 2 b-d, f-h)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from glassbox.figures import maps
from glassbox.figures.style import WIDTH, look, title_panels


def introspection_maps(
    points: dict[str, pd.DataFrame],
    plane: pd.DataFrame,
    colours: list[str],
    colour_map: str,
    limits: tuple[float, float],
) -> Figure:
    """A row per set: examples in the colours of their classes; the estimate, and what is wrong.

    points: the map of each set, by title. plane: columns z1, z2 and estimate, the log10 of the
    estimated error over a grid; limits: the range of estimates that are told apart by colour.
    """
    tints = maps.rgb(colours)
    with look():
        figure = Figure(figsize=(WIDTH, 3.2 * len(points) + 0.3))
        axes = figure.subplots(len(points), 2, squeeze=False)
        titles = []
        for (title, shown), (left, right) in zip(points.items(), axes, strict=True):
            maps.draw_points(left, shown, tints, maps.dot_size(4, len(shown)))
            image = maps.draw_plane(right, plane, colour_map, limits)
            for each in (left, right):
                maps.draw_wrong(each, shown, tints)
                maps.show_all(each, plane, *points.values())
                maps.name_axes(each)
            maps.number_classes(left, shown)
            titles += [f"{title}: {_share_wrong(shown)}", f"{title}: estimated error"]
        title_panels(axes.ravel(), titles)
        figure.colorbar(image, ax=axes, extend="both", label=maps.ERROR, shrink=0.7, aspect=35)
        maps.legend_of_classes(figure, _labels(points.values()), tints)
        figure.supxlabel("triangles: misclassified, in the colour of their class", size=9)
    return figure


def _share_wrong(points: pd.DataFrame) -> str:
    return f"{np.mean(~points['right']):.1%} of {len(points):,} wrong"


def _labels(shown) -> list[int]:
    return sorted(set().union(*(each["label"] for each in shown)))
