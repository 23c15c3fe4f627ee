"""Ensembles whose members are weighted by their confidence (§2.3, §4)."""

from collections.abc import Iterable, Mapping

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

    values: by the members of each ensemble, in words. Of the ensembles of one size in a block of n
    members, a member's is n times the mean over all less n - 1 times the mean over those without
    it; so their mean is that over ensembles, and they vary as it does. The mean over sizes; an
    ensemble of a whole block takes no part, and NaN is for a block that has no others.
    """
    ensembles = {each: frozenset(map(int, each.split())) for each in values.index}
    found = {}
    for block in _blocks(ensembles.values()):
        own = {each: members for each, members in ensembles.items() if members < block}
        by_size = [
            {each: members for each, members in own.items() if len(members) == size}
            for size in {len(members) for members in own.values()}
        ]
        for member in block:
            each_size = [_pseudo_value(values, some, member, block) for some in by_size]
            found[member] = np.mean(each_size) if by_size else np.nan
    return np.array([found[member] for member in sorted(found)])


def _pseudo_value(
    values: pd.Series, ensembles: Mapping[str, frozenset[int]], member: int, block: frozenset[int]
) -> float:
    whole = values[list(ensembles)].mean()
    without = values[[each for each, members in ensembles.items() if member not in members]].mean()
    return len(block) * whole - (len(block) - 1) * without


def _blocks(ensembles: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    """The members that are linked by being in one ensemble, directly or through others."""
    blocks: list[frozenset[int]] = []
    for each in ensembles:
        linked = [block for block in blocks if block & each]
        blocks = [block for block in blocks if not block & each]
        blocks.append(each.union(*linked))
    return blocks
