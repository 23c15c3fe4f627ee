"""Images some of which are inverted, as SVHN has light and dark digits (rauber2017, Fig. 6)."""

from dataclasses import replace

import numpy as np

from glassbox.errors import GlassboxError
from glassbox.tables import Examples

INVERTED = "inverted"


def invert(rng: np.random.Generator, examples: Examples, share: float) -> Examples:
    """The examples, with 1 - x in place of x for a share of those of each class.

    Of the n of a class round(share * n) are drawn at random. The column `inverted` of the origins
    is 1 for those, else 0. Raises GlassboxError for values that are not within 0 and 1, and where
    some are inverted already.
    """
    if INVERTED in examples.origin:
        raise GlassboxError(f"the column {INVERTED} is there already: some are inverted")
    if not 0 <= examples.values.min() <= examples.values.max() <= 1:
        raise GlassboxError("values are not within 0 and 1, so that 1 - x has no meaning")
    chosen = np.zeros(len(examples.ids), np.int64)
    for label in range(examples.classes):
        own = rng.permutation(np.flatnonzero(examples.labels == label))
        chosen[own[: round(share * len(own))]] = 1
    values = np.where(chosen[:, None] == 1, 1 - examples.values, examples.values)
    return replace(
        examples,
        values=values,
        metadata={**examples.metadata, INVERTED: share},
        origin={**examples.origin, INVERTED: chosen},
    )
