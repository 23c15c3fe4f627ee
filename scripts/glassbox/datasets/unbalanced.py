"""A set of which classes have unequal numbers of examples (pardo2019 §3.2)."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from glassbox.errors import GlassboxError
from glassbox.tables import Examples


def unbalance(rng: np.random.Generator, examples: Examples, shares: Sequence[float]) -> Examples:
    """A share of the examples of each class, drawn at random; ids and order are as they were.

    shares: one per class, above 0 and at most 1. Of n examples round(share * n) stay, and at least
    one. Raises GlassboxError for another number of shares than of classes.
    """
    if len(shares) != examples.classes:
        raise GlassboxError(f"{len(shares)} shares for {examples.classes} classes")
    kept = [
        rng.permutation(own)[: max(1, round(share * len(own)))]
        for label, share in enumerate(shares)
        for own in [np.flatnonzero(examples.labels == label)]
    ]
    metadata = {**examples.metadata, "shares": list(shares)}
    return replace(examples.at(np.sort(np.concatenate(kept))), metadata=metadata)
