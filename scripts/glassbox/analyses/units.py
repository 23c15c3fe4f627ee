"""Units that are never active (chen2017 §4.2.2, Fig. 4.5)."""

import numpy as np
import pandas as pd

from glassbox.tables import Examples


def unit_activity(layer: int, examples: Examples) -> pd.DataFrame:
    """How often, and how much, each unit of a rectified layer is active on a set of examples.

    Columns: layer; unit (0-based); active, the share of examples with an activation above 0, which
    is 0 for a dead unit; mean, the mean activation.
    """
    values = examples.values
    return pd.DataFrame(
        {
            "layer": layer,
            "unit": np.arange(values.shape[1]),
            "active": (values > 0).mean(axis=0),
            "mean": values.mean(axis=0, dtype=np.float64),
        }
    )
