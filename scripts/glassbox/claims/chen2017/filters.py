"""Linear filters: their noise and width, and those that networks learn (§3.2, §3.3.3)."""

import numpy as np
import pandas as pd
from scipy import stats

from glassbox.analyses.learned_filters import ALIGNED, TAU, WINDOW
from glassbox.analyses.step_filters import best_width
from glassbox.claims.chen2017.readings import ONE_LAYER, TEST
from glassbox.claims.evidence import Evidence, Missing, paired
from glassbox.claims.hypotheses import REPORTED, above, below, inside
from glassbox.claims.judging import claim
from glassbox.claims.verdicts import Comparison

QUIET, LOUD = "nn-1-quiet", "nn-1-loud"

TAU_NEAR = 0.3  # samples about the printed width
REGRET = 0.01  # more error than the least, relative to it
TWO_PERCENT = 0.02
ALIKE = 0.8  # cosine, or share of squares, from which filters are near
BEST_WIDTH = "derivative at its best width"
MISSED = 0.25  # noise over height up to which hardly a signal is missed


@claim("C-C02")
def noise_of_filters(evidence: Evidence) -> list[Comparison]:
    """C-C02: a filter multiplies the noise by its squared norm (§3.2.2, Eq. 3.4)."""
    rows = evidence.rows("mixed_filters.gains", "noise of filters")
    gains = {name: each.set_index("replicate") for name, each in rows.groupby("filter")}
    exact = [
        Comparison(
            f"variance over its square norm's, minus 1: {name}",
            evidence.per_replicate(each["gain"] / each["squared_norm"] - 1),
            inside(-TWO_PERCENT, TWO_PERCENT),
            "relative difference",
        )
        for name, each in gains.items()
    ]
    smooths, rises = (
        evidence.per_replicate(gains[name]["gain"])
        for name in ("moving average", "first derivative")
    )
    return [
        *exact,
        Comparison("variance after the moving average", smooths, below(1), "of the noise"),
        Comparison("variance after the first derivative", rises, above(1), "of the noise"),
    ]


@claim("C-C03")
def noise_widens_the_filter(evidence: Evidence) -> list[Comparison]:
    """C-C03: more noise lowers the best probability and widens the best filter (Fig. 3.5)."""
    best = _found(evidence)["share"].groupby(["replicate", "noise"]).max().unstack()
    steps = best.diff(axis=1).iloc[:, 1:]
    drops = [
        Comparison(
            f"best probability, noise {noise:g} minus the level below",
            evidence.per_replicate(steps[noise]),
            below(0),
            "probability",
        )
        for noise in steps
        if noise > MISSED
    ]
    return [
        *drops,
        Comparison("best width", _width_exponents(evidence), above(0), "exponent of the noise"),
    ]


@claim("C-C04")
def width_is_proportional(evidence: Evidence) -> list[Comparison]:
    """C-C04: the best width is proportional to the noise (§3.2.2)."""
    exponents = _width_exponents(evidence)
    return [Comparison("best width", exponents, inside(0.8, 1.2), "exponent of the noise")]


def _width_exponents(evidence: Evidence) -> np.ndarray:
    """The slope of log best width over log noise, where every width misses some signals: (R,)."""
    table = _found(evidence)
    slopes = {}
    for replicate, rows in table.groupby("replicate"):
        levels = [
            (noise, best_width(each["found"]))
            for noise, each in rows.groupby("noise")
            if each["found"].max() < each["signals"].max()
        ]
        if len(levels) > 1:
            slopes[replicate] = stats.linregress(*np.log(levels).T).slope
    return evidence.per_replicate(pd.Series(slopes, dtype=float))


def _found(evidence: Evidence) -> pd.DataFrame:
    rows = evidence.rows("filter_widths", "detection by width", detector="gaussian-derivative")
    return rows.set_index(["replicate", "noise", "tau"]).sort_index()


@claim("C-N02")
def search_finds_the_printed_filter(evidence: Evidence) -> list[Comparison]:
    """C-N02: window 19 and tau 2.9 are best on the training signals (§3.2.3)."""
    rows = evidence.rows("filter_search", "errors of the filter by window and width")
    if not ((rows["window"] == WINDOW) & (rows["tau"] == TAU)).any():
        raise Missing(f"errors of the filter with window {WINDOW} and tau {TAU:g}")
    errors = rows.set_index(["replicate", "window", "tau"])["L1"]
    least = errors.groupby("replicate").min()
    printed = errors.xs((WINDOW, TAU), level=("window", "tau"))
    ours = rows[rows["window"] == WINDOW]
    best = ours.loc[ours.groupby("replicate")["L1"].idxmin()].set_index("replicate")["tau"]
    near = inside(round(TAU - TAU_NEAR, 6), round(TAU + TAU_NEAR, 6))
    regret = evidence.per_replicate(printed / least - 1)
    part = f"width of least error, window {WINDOW}"
    return [
        Comparison(part, evidence.per_replicate(best), near, "samples"),
        Comparison(
            f"error of {WINDOW} and {TAU:g} over the least of all, minus 1",
            regret,
            below(REGRET),
            "relative difference",
        ),
    ]


@claim("C-C05")
def networks_find_the_width(evidence: Evidence) -> list[Comparison]:
    """C-C05: networks find the width of the filter by training (§3.2.2)."""
    widths = {}
    for network in (QUIET, ONE_LAYER, LOUD):
        shown = f"{network.replace(ONE_LAYER, 'jumps')}/test"
        widths[network] = _mean_filter(evidence, network, shown, "raw", "tau")
    part = "width of the learned filter, noise {} minus {}"
    return [
        Comparison(part.format(*noises), np.subtract(*paired(*pair)), above(0), "samples")
        for noises, pair in (
            (("1", "0.5"), (widths[ONE_LAYER], widths[QUIET])),
            (("2", "1"), (widths[LOUD], widths[ONE_LAYER])),
        )
    ]


def _mean_filter(
    evidence: Evidence, network: str, shown: str, variant: str, measure: str
) -> np.ndarray:
    """A measure of the mean filter over classes, aligned at the jump."""
    rows = evidence.rows("learned_filters.likeness", "learned filters", method=network, set=shown)
    rows = rows[(rows["variant"] == variant) & (rows["measure"] == measure)]
    rows = rows[rows["label"] == ALIGNED]
    return evidence.per_replicate(rows.set_index("replicate")["value"], network)


@claim("C-C13")
def weights_are_a_derivative(evidence: Evidence) -> list[Comparison]:
    """C-C13: the 1-layer weights are near-diagonal, a smoothed derivative (Figs 3.14 to 3.16)."""
    near = _by_class(evidence, ONE_LAYER, "raw", "near")
    others = _by_class(evidence, ONE_LAYER, "raw", "others")
    mean = _mean_filter(evidence, ONE_LAYER, TEST, "raw", BEST_WIDTH)
    return [
        Comparison(
            "squares of the weights within the filter's samples",
            near,
            above(ALIKE),
            "share of squares",
        ),
        Comparison(
            "filter of a class and those of the others, aligned", others, above(ALIKE), "cosine"
        ),
        Comparison(
            "mean filter and smoothed first derivative of the best width",
            mean,
            above(ALIKE),
            "cosine",
        ),
        *(
            Comparison(
                f"filter of a class and {words}, all samples, {variant}",
                _by_class(evidence, ONE_LAYER, variant, f"{measure}, all samples"),
                REPORTED,
                "cosine",
            )
            for variant in ("raw", "centred")
            for measure, words in ((BEST_WIDTH, "derivative of the best width"), ("step", "step"))
        ),
    ]


def _by_class(evidence: Evidence, network: str, variant: str, measure: str) -> np.ndarray:
    """The mean over classes of a measure of their filters."""
    rows = evidence.rows("learned_filters.likeness", "learned filters", method=network, set=TEST)
    rows = rows[(rows["variant"] == variant) & (rows["measure"] == measure)]
    rows = rows[rows["label"] != ALIGNED]
    return evidence.per_replicate(rows.groupby("replicate")["value"].mean(), network)
