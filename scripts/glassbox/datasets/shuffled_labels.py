"""A set with its labels permuted, which leaves nothing to be learned (chen2017 §6.2.1)."""

from dataclasses import replace

import numpy as np

from glassbox.tables import Examples


def shuffle_labels(rng: np.random.Generator, examples: Examples) -> Examples:
    """The same inputs under a random permutation of their labels: class sizes stay as they are."""
    metadata = {**examples.metadata, "labels": "shuffled"}
    return replace(examples, labels=rng.permutation(examples.labels), metadata=metadata)
