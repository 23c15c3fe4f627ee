"""How sure a network is of the location of hand-made signals (chen2017 §7.2, Fig. 7.1)."""

import numpy as np
import pandas as pd

from glassbox.activations import Activations
from glassbox.analyses.detectors import (
    blind_step_likelihood,
    gaussian_derivative,
    step_posterior,
)

WINDOW, TAU = 19, 2.9  # the filter of the thesis (§3.2.3)


def confidences(activations: Activations) -> pd.DataFrame:
    """One row per hand-made signal of glassbox.datasets.shapes and what a network says of it.

    Columns: example_id;
    name, parameter and value (of the sweep; null for a named shape); location (where it rises);
    predicted (most probable location); confidence (probability of `location`); rival (where another
    rise is, -1 for none) and rival_confidence; and beside it what detectors of signal processing
    answer: ideal (the probability of `location` by the posterior of the learned signals), filter
    and blind (locations by the smoothed derivative, and by the likelihood of a step of any height).
    """
    examples, output = activations.examples, activations.probabilities
    first, classes = examples.metadata["first_class"], examples.classes
    shapes = pd.DataFrame(examples.metadata["shapes"])
    rival = shapes["spike_at"].to_numpy()
    place = {"first": first, "last": first + classes - 1}
    height, noise = examples.metadata["height"], examples.metadata["noise"]
    ideal = step_posterior(examples.values, height, noise, **place)
    rows = np.arange(len(output))
    has_rival = (rival >= place["first"]) & (rival <= place["last"])
    beside = output[rows, np.where(has_rival, rival - first, 0)]
    return pd.DataFrame(
        {
            "example_id": examples.ids,
            "name": shapes["name"],
            "parameter": shapes["parameter"].astype("str").where(shapes["parameter"].notna(), ""),
            "value": shapes["value"].astype(float),
            "location": examples.labels + first,
            "predicted": output.argmax(1) + first,
            "confidence": output[rows, examples.labels].astype(float),
            "rival": rival,
            "rival_confidence": np.where(has_rival, beside, np.nan),
            "ideal": ideal[rows, examples.labels],
            "filter": gaussian_derivative(examples.values, WINDOW, TAU, **place),
            "blind": blind_step_likelihood(examples.values, **place),
        }
    )
