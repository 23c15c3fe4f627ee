"""Error measures against the width of a bottleneck (chen2017 Figs 4.3 and 4.4)."""

import pandas as pd
from matplotlib.figure import Figure

from glassbox.analyses.errors import PRINTED
from glassbox.figures.style import SOFT, look, panels, title_panels

NAMES = {
    "L1": "$L_1$ error",
    "L2": "$L_2$ error",
    "L1_p99": "$L_1$ error, lowest 99 %",
    "L2_p99": "$L_2$ error, lowest 99 %",
}


def bottleneck_widths(
    errors: pd.DataFrame, sizes: dict[str, int], reference: str | None, colour: str
) -> Figure:
    """A panel per printed measure: a thin line per replicate over the widths, a bold mean.

    errors: columns method, replicate, measure and value. sizes: the width of each method.
    reference: a method whose mean is drawn as a level.
    """
    shown = errors[errors["method"].isin(sizes)]
    shown = shown.assign(width=shown["method"].map(sizes))
    with look():
        figure, axes = panels(len(PRINTED), height=2.5)
        for each, measure in zip(axes, PRINTED, strict=True):
            rows = shown[shown["measure"] == measure]
            values = rows.pivot(index="width", columns="replicate", values="value")
            each.plot(values.index, values, color=colour, linewidth=0.7, alpha=0.5)
            each.plot(values.index, values.mean(axis=1), color=colour, linewidth=2, marker="o")
            if reference is not None:
                level = errors[(errors["method"] == reference) & (errors["measure"] == measure)]
                mean = level["value"].mean()
                each.axhline(mean, color=SOFT, linestyle="--", linewidth=1, label=reference)
                each.legend(loc="upper right")
            each.set(xlabel="units in the bottleneck", ylabel="samples", xticks=values.index)
            each.set_ylim(bottom=0)
            each.grid(axis="y")
        title_panels(axes, [NAMES[measure] for measure in PRINTED])
        count = shown["replicate"].nunique()
        figure.supxlabel(f"bold: mean over replicates (n = {count}); thin: each", size="medium")
    return figure
