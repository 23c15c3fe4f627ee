"""Ensembles whose members are weighted by their confidence (§2.3, §4)."""

import numpy as np
import pandas as pd

from glassbox.claims.evidence import Evidence
from glassbox.claims.hypotheses import REPORTED, above
from glassbox.claims.judging import claim
from glassbox.claims.pardo2019.readings import ACCURACY, TEST
from glassbox.claims.verdicts import Comparison

OURS, PLAIN, OUTPUT = "confidence", "uniform", "maximum output"


@claim("P-C35")
def weighted_by_confidence(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """P-C35: the estimated error can weigh the members of an ensemble (§4)."""
    rows = evidence.rows("ensembles", "ensembles", method=method, set=TEST.format(data))
    table = rows.pivot(index="members", columns="weighting", values="accuracy")
    return [
        Comparison(
            f"accuracy of ensembles, weighted by {one} minus {other}",
            pseudo_values(table[one] - table[other]),
            hypothesis,
            ACCURACY,
        )
        for one, other, hypothesis in (
            (OURS, PLAIN, above(0)),
            (OURS, OUTPUT, REPORTED),
            (OUTPUT, PLAIN, REPORTED),
        )
    ]


def pseudo_values(values: pd.Series) -> np.ndarray:
    """The jackknife's values of a mean over ensembles that share members, (members,).

    values: by the members of each ensemble, in words. A member's is n times the mean over all
    ensembles less n - 1 times the mean over those without it, n being how many members its block
    has; so their mean is that over ensembles, and they vary as it does. NaN for a member that is in
    every ensemble of its block.
    """
    ensembles = {each: frozenset(map(int, each.split())) for each in values.index}
    found = {}
    for block in _blocks(ensembles.values()):
        own = {each: members for each, members in ensembles.items() if members <= block}
        whole = values[list(own)].mean()
        for member in block:
            without = values[[each for each, members in own.items() if member not in members]]
            found[member] = len(block) * whole - (len(block) - 1) * without.mean()
    return np.array([found[member] for member in sorted(found)])


def _blocks(ensembles) -> list[frozenset[int]]:
    """The members that are linked by being in one ensemble, directly or through others."""
    blocks: list[frozenset[int]] = []
    for each in ensembles:
        linked = [block for block in blocks if block & each]
        blocks = [block for block in blocks if not block & each]
        blocks.append(each.union(*linked))
    return blocks
