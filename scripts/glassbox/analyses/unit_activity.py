"""Units that are never active (chen2017 §4.2.2, Fig. 4.5)."""

import numpy as np
import pandas as pd

from glassbox.activations import Activations
from glassbox.analyses.layers import by_layer
from glassbox.tables import Examples


def units(activations: Activations) -> pd.DataFrame:
    """How active the units of all hidden layers are: see `unit_activity`."""
    return by_layer(activations, unit_activity, activations.hidden)


def unit_activity(examples: Examples) -> pd.DataFrame:
    """How often, and how much, each unit of a layer is active on a set of examples.

    Columns: unit (0-based); active, the share of examples with an activation above 0, which
    is 0 for a dead unit; mean, the mean activation.
    """
    values = examples.values
    return pd.DataFrame(
        {
            "unit": np.arange(values.shape[1]),
            "active": (values > 0).mean(axis=0),
            "mean": values.mean(axis=0, dtype=np.float64),
        }
    )
