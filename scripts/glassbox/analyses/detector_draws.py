"""The errors of a detector on many draws of a set, among which one draw's lie (chen2017 §3.2.3)."""

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from glassbox.analyses.errors import absolute_errors, error_measures
from glassbox.tables import Examples


def errors_by_draw(
    draws: Iterable[Examples], locate: Callable[[np.ndarray], np.ndarray]
) -> pd.DataFrame:
    """The error measures of a detector on each of some draws of a set of jump signals.

    locate: gives the locations (n,), 1-based, of signals (n, length). Columns: draw, measure and
    value, as `error_measures` has them.
    """
    rows = []
    for draw, examples in enumerate(draws):
        found = locate(examples.values) - examples.metadata["first_class"]
        errors = absolute_errors(found, examples.labels)
        rows += [(draw, name, value) for name, value in error_measures(errors).items()]
    return pd.DataFrame(rows, columns=["draw", "measure", "value"])
