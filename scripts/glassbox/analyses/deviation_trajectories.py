"""Deviations over the time of training, from checkpoints (the future work of chen2017 §7.3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from glassbox.activations import Activations

if TYPE_CHECKING:
    import torch

CONFIDENCE = 0.95


def trajectories(
    series: Iterable[tuple[int, Activations]], *, ordered: bool, device: torch.device
) -> pd.DataFrame:
    """The deviation measures of every layer at every checkpoint of one replicate.

    series: each epoch with the activations there. Columns: epoch, and those of `deviations`; the
    input's are the same at all epochs.
    """
    from glassbox.analyses.deviations import deviations

    frames = [
        deviations(activations, ordered=ordered, device=device).assign(epoch=epoch)
        for epoch, activations in series
    ]
    whole = pd.concat(frames, ignore_index=True)
    return whole[["epoch", *whole.columns.drop("epoch")]]


def slopes(trajectories: pd.DataFrame, scope: str, measure: str) -> pd.DataFrame:
    """The slope over layers of a measure, relative to the input's: epochs by replicates.

    trajectories: of one network on one set, with a column replicate. The output layer is left out,
    as in Fig. 6.7. Below 0 the layers contract what the measure is about, above 0 they expand it.
    """
    shown = trajectories[(trajectories["scope"] == scope) & (trajectories["measure"] == measure)]
    shown = shown[shown["depth"] < shown["depth"].max()]
    values = shown.pivot(index=["epoch", "replicate"], columns="depth", values="value")
    depth = values.columns.to_numpy() - values.columns.to_numpy().mean()
    relative = values.div(values[0], axis=0).to_numpy()
    slope = pd.Series(relative @ depth / (depth**2).sum(), index=values.index)
    return slope.unstack("replicate")


def parting(memorising: pd.DataFrame, learning: pd.DataFrame) -> int | None:
    """The first epoch from which on the memorising network's slopes are above the learning one's.

    Both as `slopes` gives them. Compared at the epochs that both have, paired by replicate, with
    t-intervals that hold together at 95 % (Bonferroni over the epochs); None where they never part
    for good.
    """
    difference = (memorising - learning).dropna(axis=1, how="all").dropna(axis=0)
    count = difference.shape[1]
    if count < 2 or difference.empty:
        return None
    alpha = (1 - CONFIDENCE) / len(difference)
    margin = stats.t.ppf(1 - alpha / 2, count - 1) * difference.std(axis=1) / np.sqrt(count)
    apart = (difference.mean(axis=1) - margin) > 0
    together = apart.index[~apart]
    after = apart.index[apart.index > together.max()] if len(together) else apart.index
    return int(after.min()) if len(after) else None
