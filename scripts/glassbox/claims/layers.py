"""The study's tables of layers and their units as arrays, for the tests of every work."""

from collections.abc import Sized

import numpy as np
import pandas as pd

from glassbox.analyses.mapped import usual
from glassbox.claims.evidence import Evidence, Missing

UNTRAINED = "{}@0"  # the start of a network, as a checkpoint


def deviation(evidence: Evidence, method: str, wanted: str, scope: str, measure: str) -> np.ndarray:
    """A deviation measure of the input and the hidden layers, (replicates, layers)."""
    rows = evidence.rows(
        "deviations", "deviations", method=method, set=wanted, scope=scope, measure=measure
    )
    values = rows.pivot(index="replicate", columns="depth", values="value")
    return evidence.per_replicate(values, method)[:, : 1 + hidden_of(values.columns, method)]


def hits(evidence: Evidence, network: str, shown: str, labels: str) -> np.ndarray:
    """The neighbourhood hit in each layer less what chance gives, (replicates, layers).

    The input is the first layer. Six neighbours count where several numbers of them do.
    """
    rows = _neighbourhoods(evidence, network, shown, labels=labels, measure="hit")
    rows = rows.assign(excess=rows["value"] - rows["chance"])
    values = rows.pivot(index="replicate", columns="depth", values="excess")
    return evidence.per_replicate(values, network)


def dimensions(evidence: Evidence, network: str, shown: str) -> np.ndarray:
    """The intrinsic dimension of the input and of each layer, (replicates, layers)."""
    rows = _neighbourhoods(evidence, network, shown, measure="dimension")
    values = rows.pivot(index="replicate", columns="depth", values="value")
    return evidence.per_replicate(values, network)


def _neighbourhoods(evidence: Evidence, network: str, shown: str, **wanted: str) -> pd.DataFrame:
    """What the table has of layers as they are, by the usual number of neighbours."""
    name = "neighbourhoods"
    return usual(evidence.rows(name, name, method=network, set=shown, space="layer", **wanted))


def by_label_and_unit(rows: pd.DataFrame, column: str, replicates: int) -> np.ndarray:
    """A column of a layer as (replicates, labels, units)."""
    labels, units = (np.unique(rows[axis]) for axis in ("label", "unit"))
    index = pd.MultiIndex.from_product([range(replicates), labels, units])
    values = rows.set_index(["replicate", "label", "unit"])[column].reindex(index)
    return values.to_numpy(np.float64).reshape(replicates, len(labels), len(units))


def hidden_of(layers: Sized, method: str) -> int:
    """How many of these layers, the input and the output among them, are hidden."""
    if len(layers) < 3:
        raise Missing(f"hidden layers of {method}")
    return len(layers) - 2


def trend(values: np.ndarray) -> np.ndarray:
    """The correlation of values (replicates, steps) with their order, (replicates,).

    0 where they are constant. By values, not ranks, so that replicates differ where all rise.
    """
    steps = np.arange(values.shape[1])
    return np.array([np.corrcoef(steps, each)[0, 1] if np.ptp(each) else 0.0 for each in values])
