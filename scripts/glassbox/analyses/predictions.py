"""What a network or a detector answers, example by example."""

import numpy as np
import pandas as pd

from glassbox.activations import Activations
from glassbox.tables import Examples


def predictions(activations: Activations) -> pd.DataFrame:
    """The most probable class of each example.

    Columns: example_id, label, predicted (0-based classes), probability (of `predicted`).
    """
    answers = activations.answers
    probability = np.take_along_axis(activations.probabilities, answers[:, None], axis=1)[:, 0]
    return _frame(activations.examples, answers).assign(probability=probability)


def detector_predictions(examples: Examples, locations: np.ndarray) -> pd.DataFrame:
    """The class of each example by 1-based `locations` (n,) of a detector: see `predictions`.

    There is no column probability, since a detector gives none.
    """
    return _frame(examples, locations - examples.metadata["first_class"])


def _frame(examples: Examples, answers: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {"example_id": examples.ids, "label": examples.labels, "predicted": answers}
    )
