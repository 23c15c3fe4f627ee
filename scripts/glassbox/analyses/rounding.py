"""How far float32 may be off."""

import math


def tolerance(width: int) -> float:
    """How far a float32 cosine of vectors of this width may be off: 16 u (sqrt(width) + 1).

    The probabilistic bound of Higham and Mary (2019), λ u sqrt(width), with room for that of the
    norms; λ = 8 alone fails with a probability of about exp(-32).
    """
    return 16 * 2.0**-24 * (math.sqrt(width) + 1)
