"""What noise and artefacts in the input do to patterns (§2.3, §3.4, Fig. 5)."""

from itertools import pairwise

import numpy as np
import pandas as pd

from glassbox.claims.evidence import Evidence, Missing, paired
from glassbox.claims.hypotheses import REPORTED, above, below
from glassbox.claims.judging import claim
from glassbox.claims.pardo2019.readings import (
    ACCURACY,
    AREA,
    MAP,
    NOISY,
    TELLS,
    TEST,
    Measure,
    by_replicate,
    centres,
    having,
    introspected,
    mean_distance,
    of_all,
    told_by,
)
from glassbox.claims.verdicts import Comparison, counted

DIGIT, MISREAD = 1, (2, 4)  # what noisy ones are taken for
OTHERS = 9  # wrong answers that there are
MUCH_LESS = -1.0  # log2: half as far
# Length of the mean of unit vectors, 1 where all go one way; 2 / pi of random ones on one side of a
# border.
ONE_DIRECTION = 2 / np.pi
CLEAN = ["clean1", "clean2"]
EXAMPLE = ["replicate", "origin_id"]


def noisy(evidence: Evidence, method: str, noise: str) -> pd.DataFrame:
    """What introspection says of noisy copies, and where the clean example is in the map.

    Columns besides: sigma, the deviation of the noise, and clean1 and clean2.
    """
    rows = evidence.rows("introspection", "introspection", method=method)
    rows = rows[rows["set"].str.startswith(NOISY.format(noise))]
    deviations = rows["set"].str.removeprefix(NOISY.format(noise)).astype(float)
    rows = rows.assign(sigma=deviations)
    clean = rows[rows["sigma"] == 0].groupby(EXAMPLE)[MAP].mean().set_axis(CLEAN, axis=1)
    if clean.empty or not rows["sigma"].gt(0).any():
        raise Missing(f"copies with noise and without in {noise}, of {method}")
    return rows.join(clean, on=EXAMPLE)


def _moved(rows: pd.DataFrame) -> np.ndarray:
    """How far copies are from the clean example in the map, (n, 2)."""
    return rows[MAP].to_numpy() - rows[CLEAN].to_numpy()


def _way(rows: pd.DataFrame) -> float:
    return float(np.linalg.norm(_moved(rows), axis=1).mean())


@claim("P-C20")
def away_with_noise(evidence: Evidence, method: str, noise: str) -> list[Comparison]:
    """P-C20: noise moves a pattern away, the more so the more there is (§3.4, Fig. 5a to 5d)."""
    rows = noisy(evidence, method, noise)
    ways = {
        sigma: by_replicate(evidence, own, _way, method) for sigma, own in rows.groupby("sigma")
    }
    # From the clean places themselves the way is 0, and farther whatever noise does.
    return [
        Comparison(
            f"mean way in the map, noise of {more:g} minus {less:g}",
            ways[more] - ways[less],
            above(0) if less else REPORTED,
            "units of the map",
        )
        for less, more in pairwise(ways)
    ]


@claim("P-C21")
def ones_as_twos_and_fours(evidence: Evidence, method: str, noise: str) -> list[Comparison]:
    """P-C21: noisy ones are taken for twos and fours first of all (§3.4, Fig. 5c)."""
    rows = noisy(evidence, method, noise)
    is_misread = (rows["label"] == DIGIT) & (rows["sigma"] > 0) & (rows["answer"] != DIGIT)
    err = having(evidence, rows, is_misread, f"misread noisy {DIGIT}", method)
    first, share = (
        by_replicate(evidence, rows[is_misread], measure, method)[err]
        for measure in (_are_first, lambda wrong: wrong["answer"].isin(MISREAD).mean())
    )
    return [
        Comparison(
            "wrong answers to noisy ones that are 2 or 4",
            share,
            above(len(MISREAD) / OTHERS),
            "share of wrong answers",
        ),
        counted(
            "networks in which 2 and 4 are the two most frequent wrong answers to noisy ones",
            first,
            1,
            REPORTED,
            "share of networks",
        ),
    ]


def _are_first(wrong: pd.DataFrame) -> bool:
    counts = wrong["answer"].value_counts().reindex(range(10), fill_value=0)
    return counts[list(MISREAD)].min() > counts.drop([DIGIT, *MISREAD]).max()


@claim("P-C22")
def trained_with_noise(
    evidence: Evidence, method: str, other: str, data: str, noise: str
) -> list[Comparison]:
    """P-C22: a network trained with noise responds to it much more stably (§3.4, Fig. 5e to 5h)."""
    ways = paired(*(_relative_way(evidence, each, data, noise) for each in (other, method)))
    right = paired(*(_accuracy(evidence, each, noise) for each in (other, method)))
    versus = "mean over levels of noise, trained with noise"
    return [
        Comparison(
            f"way in the map over the distance of classes there, {versus} over without",
            np.log2(ways[0] / ways[1]),
            below(MUCH_LESS),
            "log2",
        ),
        Comparison(f"accuracy, {versus} minus without", right[0] - right[1], above(0), ACCURACY),
    ]


def _relative_way(evidence: Evidence, method: str, data: str, noise: str) -> np.ndarray:
    """The mean way of noisy copies over the mean distance of two classes' middles."""
    scale = of_all(
        evidence, method, TEST.format(data), lambda own: mean_distance(centres(own).to_numpy())
    )
    return _over_levels(evidence, method, noise, _way) / scale


def _accuracy(evidence: Evidence, method: str, noise: str) -> np.ndarray:
    return _over_levels(evidence, method, noise, lambda own: own["right"].mean())


def _over_levels(evidence: Evidence, method: str, noise: str, measure: Measure) -> np.ndarray:
    """The mean of a measure over all levels of noise but none, (replicates,)."""
    rows = noisy(evidence, method, noise)
    levels = rows[rows["sigma"] > 0].groupby("sigma")
    values = [by_replicate(evidence, own, measure, method) for _, own in levels]
    return np.mean(values, axis=0)


@claim("P-C20 (direction)")
def in_one_direction(evidence: Evidence, method: str, other: str, noise: str) -> list[Comparison]:
    """P-C20 (direction): noise moves the pattern in one direction (§3.4)."""
    ours, theirs = (_directed(evidence, each, noise) for each in (method, other))
    part = "length of the mean direction of an example's copies, the most noise"
    unit = "of 1 where all go one way"
    return [
        Comparison(part, ours, above(ONE_DIRECTION), unit),
        Comparison(f"{part}: trained with noise", theirs, REPORTED, unit),
    ]


def _directed(evidence: Evidence, method: str, noise: str) -> np.ndarray:
    rows = noisy(evidence, method, noise)
    most = rows[rows["sigma"] == rows["sigma"].max()]
    if most.groupby(EXAMPLE).size().max() < 2:
        raise Missing(f"several copies of an example in {noise}")
    return by_replicate(evidence, most, _resultant, method)


def _resultant(rows: pd.DataFrame) -> float:
    """The length of the mean of the directions that an example's copies go in, over examples."""
    moved = _moved(rows)
    length = np.linalg.norm(moved, axis=1, keepdims=True)
    directions = pd.DataFrame(moved / np.where(length == 0, 1, length))
    means = directions.groupby(rows["origin_id"].to_numpy()).mean()
    return float(np.linalg.norm(means, axis=1).mean())


@claim("P-C03 (anomalies)")
def anomalies_lie_apart(
    evidence: Evidence, method: str, data: str, changed: list[str]
) -> list[Comparison]:
    """P-C03 (anomalies): noise and artefacts lie far from common patterns (§2.3, Fig. 1c)."""
    shown = TEST.format(data)
    clean = introspected(evidence, method, shown)
    comparisons = []
    for each in changed:
        both = pd.concat([clean, introspected(evidence, method, each)])
        both = both.assign(odd=both["set"] != shown, rare=-both["density"])
        apart, built = (
            by_replicate(evidence, both, told_by(column), method)
            for column in ("rare", "reconstruction")
        )
        comparisons += [
            Comparison(f"low density in the map: {each}", apart, above(TELLS), AREA),
            Comparison(f"error of reconstruction: {each}", built, REPORTED, AREA),
        ]
    return comparisons
