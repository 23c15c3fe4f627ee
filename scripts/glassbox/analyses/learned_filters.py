"""The filter that a network applies at each location, and what it is like (chen2017 §3.3.3).

The filter of a class is the gradient of its logit with respect to the signal, the mean over signals
of the class. Of a 1-layer network it is that class's column of the weights (Fig. 3.15), whatever
the signals are. A softmax output doesn't change when all logits gain the same: "centred" filters
are those of the logit less the mean logit, the only part that the output depends on.

The best linear weights for a step in white noise are steps themselves, 1 from the jump on (the
log-likelihood of a location); centred, these fall before the jump, rise at it, and fall after it.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from glassbox.analyses.averages import class_means
from glassbox.analyses.detectors import gaussian_smoother
from glassbox.tables import Examples

if TYPE_CHECKING:
    from glassbox.models.model import Model

WINDOW, TAU = 19, 2.9  # the filter of the thesis (§3.2.3)
WIDTHS = np.arange(0.3, 10.01, 0.1)  # widths among which the most alike derivative is sought
FREE_WIDTHS = np.geomspace(0.4, 8, 121)  # the same, so close that one between is no more alike
BEST, STEP = "derivative at its best width", "step"
EVERYWHERE = "{}, all samples"
ALIGNED = -1  # in place of a label: the mean over classes, aligned at the jump


def network_filters(model: Model, examples: Examples) -> dict[str, np.ndarray]:
    """The filters "raw" and "centred" of each class, (classes, d) float64; NaN for no example."""
    import torch

    inputs = torch.from_numpy(examples.values).to(model.device).requires_grad_()
    logits = model(inputs)
    own = logits[torch.arange(len(logits)), torch.from_numpy(examples.labels)]
    found = {}
    for name, scores in (("raw", own), ("centred", own - logits.mean(1))):
        gradient = torch.autograd.grad(scores.sum(), inputs, retain_graph=True)[0]
        found[name] = class_means(gradient.cpu().numpy(), examples.labels, examples.classes)
    return found


def reference_filters(
    length: int, first: int, classes: int, window: int = WINDOW, tau: float = TAU
) -> dict[str, np.ndarray]:
    """The smoothed first derivative and the step at each location: arrays (classes, length).

    The derivative is that of the smoothed signal from sample t - 1 to t; of the step all samples
    from t on count, the best linear detector of a step in white noise.
    """
    time = np.arange(1, length + 1)
    locations = first + np.arange(classes)[:, None]
    return {
        "derivative": derivative_filter(time - locations, window, tau),
        "step": (time >= locations).astype(np.float64),
    }


def derivative_filter(offsets: np.ndarray, window: int, tau: float) -> np.ndarray:
    """What sample t + offset adds to the increase of the smoothed signal from t - 1 to t.

    The smoother less the same a sample earlier: Fig. 3.16(d), seen from the location.
    """
    kernel, half = gaussian_smoother(window, tau), (window - 1) // 2

    def smoother(place: np.ndarray) -> np.ndarray:
        return np.where(np.abs(place) <= half, kernel[np.clip(place + half, 0, window - 1)], 0.0)

    return smoother(offsets) - smoother(offsets + 1)


def aligned(filters: np.ndarray, first: int) -> tuple[np.ndarray, np.ndarray]:
    """Filters (classes, length) seen from their jump, where all have samples.

    Returns the offsets (m,), 0 being the first sample at the new level, and (classes, m).
    """
    classes, length = filters.shape
    offsets = np.arange(1 - first, length - (first + classes - 1) + 1)
    rows = np.arange(classes)[:, None]
    return offsets, filters[rows, first - 1 + rows + offsets]


def laid(filters: np.ndarray) -> np.ndarray:
    """The mean of filters (classes, length) over classes, laid at the jump of each.

    The mean is taken sample by sample, over the classes whose filters reach so far from their jump.
    """
    classes, length = filters.shape
    places = np.arange(length) - np.arange(classes)[:, None] + classes - 1
    sums = np.bincount(places.ravel(), weights=filters.ravel())
    return (sums / np.bincount(places.ravel()))[places]


def cosines(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The cosine of each row of two arrays (n, d), (n,); NaN for a row of zeros."""
    norms = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (left * right).sum(1) / norms


def most_alike_width(offsets: np.ndarray, shape: np.ndarray) -> float:
    """The width tau of the Gaussian derivative that is most like a filter (m,), in samples."""
    windows = [2 * int(np.ceil(4 * tau)) + 1 for tau in WIDTHS]
    candidates = np.stack(
        [derivative_filter(offsets, *each) for each in zip(windows, WIDTHS, strict=True)]
    )
    return float(WIDTHS[cosines(candidates, np.broadcast_to(shape, candidates.shape)).argmax()])


def cosines_near(own: np.ndarray, other: np.ndarray, first: int) -> np.ndarray:
    """Cosines (classes + 1,) of filters (classes, length) where all have samples, the mean last."""
    shapes = (aligned(each, first)[1] for each in (own, other))
    return cosines(*(np.vstack([each, each.mean(0)]) for each in shapes))


def cosines_everywhere(own: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Cosines (classes + 1,) of filters (classes, length) over all samples, the mean filter's last.

    The mean filter's is over the samples of all classes: see `laid`.
    """
    means = (laid(each).reshape(1, -1) for each in (own, other))
    return np.concatenate([cosines(own, other), cosines(*means)])


def freely_alike(own: np.ndarray, first: int, is_centred: bool) -> dict[str, np.ndarray]:
    """How near filters (classes, length) come to the derivative of whatever width, and to the step.

    is_centred: whether they are less their mean over classes, as the references are then. Cosines
    (classes + 1,) by measure, see `likeness`; the last is that of the mean filter.
    """
    found: dict[str, list[np.ndarray]] = {}
    offsets = np.arange(1, own.shape[1] + 1) - first - np.arange(len(own))[:, None]
    for tau in FREE_WIDTHS:
        derivative = derivative_filter(offsets, 2 * int(np.ceil(4 * tau)) + 1, tau)
        derivative = derivative - derivative.mean(0) * is_centred
        found.setdefault(BEST, []).append(cosines_near(own, derivative, first))
        found.setdefault(EVERYWHERE.format(BEST), []).append(cosines_everywhere(own, derivative))
    step = (offsets >= 0) - (offsets >= 0).mean(0) * is_centred
    found[EVERYWHERE.format(STEP)] = [cosines_everywhere(own, step)]
    return {measure: np.max(values, axis=0) for measure, values in found.items()}


def likeness(filters: dict[str, np.ndarray], first: int) -> pd.DataFrame:
    """How near the filters of a network come to the derivative and to the step, as cosines.

    filters: "raw" and "centred", (classes, length). Columns: variant (raw or centred: networks and
    references alike), label (ALIGNED for the mean filter over classes), measure and value:

    - derivative, step: cosine with that filter at the same location;
    - others: cosine of the aligned filter with the mean of the other classes' aligned filters;
    - near: share of the squares of the weights that the derivative's samples hold;
    - tau: width of the Gaussian derivative most alike, of the mean filter alone, in samples;
    - derivative at its best width: cosine with the derivative of the width that is most alike, of
      each filter its own, where all aligned filters have samples;
    - derivative at its best width, all samples; step, all samples: cosines over the whole signal,
      of the mean filter over the samples of all classes, so that no width decides which is nearer.
    """
    rows = []
    for variant, own in filters.items():
        classes, length = own.shape
        references = reference_filters(length, first, classes)
        if variant == "centred":
            references = {name: each - each.mean(0) for name, each in references.items()}
        offsets, shapes = aligned(own, first)
        mean = shapes.mean(0, keepdims=True)
        others = (mean * classes - shapes) / max(classes - 1, 1)
        support = (
            derivative_filter(
                np.arange(1, length + 1) - first - np.arange(classes)[:, None], WINDOW, TAU
            )
            != 0
        )
        by_class = {name: cosines(own, each) for name, each in references.items()}
        by_class["others"] = cosines(shapes, others)
        by_class["near"] = (own**2 * support).sum(1) / (own**2).sum(1)
        rows += [
            (variant, label, measure, float(values[label]))
            for (measure, values), label in product(by_class.items(), range(classes))
        ]
        for name, each in references.items():
            like = cosines(mean, aligned(each, first)[1].mean(0, keepdims=True))[0]
            rows.append((variant, ALIGNED, name, float(like)))
        rows.append((variant, ALIGNED, "tau", most_alike_width(offsets, mean[0])))
        for measure, values in freely_alike(own, first, variant == "centred").items():
            labels = [*range(classes), ALIGNED]
            rows += [
                (variant, label, measure, float(value))
                for label, value in zip(labels, values, strict=True)
            ]
    return pd.DataFrame(rows, columns=["variant", "label", "measure", "value"])


def filter_table(filters: dict[str, np.ndarray], first: int) -> pd.DataFrame:
    """All filters, one row per class and sample: label, location, offset, raw, centred."""
    classes, length = filters["raw"].shape
    labels, time = np.repeat(np.arange(classes), length), np.tile(np.arange(1, length + 1), classes)
    return pd.DataFrame(
        {
            "label": labels,
            "location": time,
            "offset": time - labels - first,
            **{name: each.ravel() for name, each in filters.items()},
        }
    )


def slide(signals: np.ndarray, filters: np.ndarray, first: int) -> np.ndarray:
    """Locations where the mean aligned filter answers most, (n,) int64, 1-based.

    filters: (classes, length) of a network; the search goes over the classes' locations.
    """
    offsets, shapes = aligned(filters, first)
    shape = shapes.mean(0)
    start = first - 1 + offsets[0]
    windows = np.lib.stride_tricks.sliding_window_view(signals, len(shape), axis=1)
    scores = windows[:, start : start + len(filters)] @ shape
    return first + scores.argmax(axis=1)
