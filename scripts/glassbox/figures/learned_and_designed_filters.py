"""Learned filters beside those of signal processing (chen2017 Figs 3.6, 3.15 and 3.16)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassbox.analyses.detectors import gaussian_smoother
from glassbox.analyses.learned_filters import (
    ALIGNED,
    TAU,
    WINDOW,
    aligned,
    reference_filters,
)
from glassbox.figures.style import INK, SOFT, look, panels, title_panels

LEARNED, DERIVATIVE, STEP = "#0072b2", "#d55e00", "#009e73"
REPLICATE = 0


def learned_and_designed_filters(table: pd.DataFrame, likeness: pd.DataFrame, label: int) -> Figure:
    """Four panels: one class's filter, the thesis's, all classes at their jump, and comparisons.

    table: columns replicate, label, location, offset, raw and centred; likeness: columns replicate,
    variant, label, measure and value, over all replicates. label: the class of panel (a).
    """
    shown = table[table["replicate"] == REPLICATE]
    first = int((shown["location"] - shown["offset"]).min())
    matrix = shown.pivot(index="label", columns="location", values="centred").to_numpy()
    raw = shown.pivot(index="label", columns="location", values="raw").to_numpy()
    references = reference_filters(matrix.shape[1], first, len(matrix))
    with look():
        figure, axes = panels(4, height=2.7)
        draw_column(axes[0], raw[label], first + label, LEARNED)
        draw_column(axes[1], references["derivative"][label], first + label, DERIVATIVE)
        smoother = gaussian_smoother(WINDOW, TAU)
        places = first + label + np.arange(WINDOW) - (WINDOW - 1) // 2
        axes[1].plot(places, smoother, color=SOFT, linestyle="--", linewidth=1, label="smoother")
        axes[1].legend(loc="upper left")
        draw_aligned(axes[2], *aligned(matrix, first))
        draw_comparison(axes[3], matrix, references, first)
        title_panels(
            axes,
            [
                f"learned weights of location {first + label}",
                f"smoothed first derivative ({WINDOW}, {TAU:g})",
                "learned, every class at its jump",
                "their mean, beside derivative and step",
            ],
        )
        figure.supxlabel(
            f"replicate {REPLICATE}; c, d: less the mean over classes; cosines: of the curves; "
            f"of single classes:\n{_by_class(likeness)}",
            size="medium",
        )
    return figure


def draw_column(axes: Axes, values: np.ndarray, location: int, colour: str) -> None:
    """The weights (length,) that one class gives to the samples."""
    axes.axvline(location - 0.5, color=SOFT, linewidth=0.8, linestyle=":")
    axes.plot(np.arange(1, len(values) + 1), values, color=colour, linewidth=1.2)
    axes.grid(axis="y")
    axes.set(xlabel="sample", ylabel="weight")


def draw_aligned(axes: Axes, offsets: np.ndarray, shapes: np.ndarray) -> None:
    """A thin line per class (classes, m), and a bold one for their mean."""
    axes.plot(offsets, shapes.T, color=LEARNED, linewidth=0.4, alpha=0.5)
    axes.plot(offsets, shapes.mean(0), color=INK, linewidth=1.6)
    axes.grid(axis="y")
    axes.set(xlabel="samples from the jump", ylabel="weight")


def draw_comparison(
    axes: Axes, matrix: np.ndarray, references: dict[str, np.ndarray], first: int
) -> None:
    """The mean aligned filter and the two references, each of unit length."""
    offsets, learned = mean_aligned(matrix, first)
    axes.plot(offsets, learned, color=LEARNED, linewidth=1.4, label="learned")
    for name, colour in (("derivative", DERIVATIVE), ("step", STEP)):
        offsets, mean = mean_aligned(references[name] - references[name].mean(0), first)
        label = f"{name}: cosine {mean @ learned:.2f}"
        axes.plot(offsets, mean, color=colour, linewidth=1.4, label=label)
    axes.grid(axis="y")
    axes.set(xlabel="samples from the jump", ylabel="weight / length")
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.45 * (high - low))
    axes.legend(loc="upper left")


def mean_aligned(values: np.ndarray, first: int) -> tuple[np.ndarray, np.ndarray]:
    """The samples from the jump, and the mean over classes of filters aligned there, length 1."""
    offsets, shapes = aligned(values, first)
    mean = shapes.mean(0)
    return offsets, mean / np.linalg.norm(mean)


def _by_class(likeness: pd.DataFrame) -> str:
    """The cosines of single classes in words."""
    rows = likeness[(likeness["variant"] == "centred") & (likeness["label"] != ALIGNED)]
    means = rows.groupby("measure")["value"].mean()
    said = ", ".join(f"{name} {means[name]:.2f}" for name in ("derivative", "step"))
    return f"{said}, the mean over classes and replicates (n = {rows['replicate'].nunique()})"
