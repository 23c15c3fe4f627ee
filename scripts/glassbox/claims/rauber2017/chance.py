"""How much of a printed neighbourhood hit is chance, which the work does not ask."""

import numpy as np

from glassbox.analyses.hit_variation import LEVELS, by_map, variation
from glassbox.claims.evidence import Evidence, Missing
from glassbox.claims.hypotheses import REPORTED, above
from glassbox.claims.judging import claim
from glassbox.claims.rauber2017.hits import HIT, INPUT, LAST, TEST, maps_of
from glassbox.claims.verdicts import Comparison, exact

TOLD = 0.0005  # half of the last but one digit of what is printed, 89.12 %
ADDED = {"network": "networks", "draw": "draws of points", "seed": "random states of t-SNE"}


@claim("R-N11 (chance)")
def chance_in_hits(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """R-N11 (chance): random states alone move a hit by more than its printed digits tell."""
    comparisons = []
    for place in (INPUT, LAST):
        what = "input" if place == INPUT else "last hidden layer"
        values = by_map(maps_of(evidence, method, TEST.format(data), place))
        if values.shape[2] < 2:
            raise Missing(f"maps of {method} with several random states")
        by_state = np.sqrt(values.var(axis=2, ddof=1).mean(axis=1))
        part = f"{what}: standard deviation over random states"
        comparisons.append(Comparison(part, by_state, above(TOLD), HIT))
        comparisons += _reported(what, values)
    return comparisons


def _reported(what: str, values: np.ndarray) -> list[Comparison]:
    """What each level adds to the spread, and the least differences that maps can tell."""
    found = variation(values)
    told = {
        **{f"what {ADDED[name]} add": found.deviations[name] for name in LEVELS},
        "one map by another network, of other points": found.total,
    }
    least = {
        "maps of the same values": found.smallest_of_seeds(),
        "maps of other networks and points": found.smallest_difference(),
    }
    return [
        *(
            exact(f"{what}: standard deviation, {words}", value, REPORTED, HIT)
            for words, value in told.items()
            if np.isfinite(value)
        ),
        *(
            exact(f"{what}: least difference at 95 %, {words}", value, REPORTED, HIT)
            for words, value in least.items()
            if np.isfinite(value)
        ),
    ]
