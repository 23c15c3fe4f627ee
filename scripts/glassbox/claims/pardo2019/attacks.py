"""Targeted attacks as paths through the map (§2.10, §3.5, §4, Fig. 6)."""

import numpy as np
import pandas as pd
from scipy import stats
from scipy.spatial import cKDTree

from glassbox.claims.evidence import Evidence, Unanswerable
from glassbox.claims.hypotheses import REPORTED, above, below
from glassbox.claims.judging import claim
from glassbox.claims.pardo2019.readings import (
    AREA,
    ATTACK,
    MAP,
    NEAREST,
    ORDERS,
    STRAIGHT,
    TELLS,
    TEST,
    WALK,
    by_replicate,
    having,
    introspected,
    told_by,
)
from glassbox.claims.verdicts import Comparison, counted

PATH = ["replicate", "origin_id", "target"]
MOST = 0.8  # of the paths
NOT_ALL = 0.99  # of the attacks
DEPENDS = 0.05  # share of the variance of success
CELL, SIDE = 0.25, 32  # of a grid over the map from -4 to 4
CAR, EASY, HARD = 1, (8, 0, 9), (2, 4, 5, 7)  # ship, plane, truck; bird, deer, dog, horse
TRIPLES = 35  # in which three of the seven may be the easiest
LESS = 0.05  # AUROC by which an attack is noticed less
AS_OFTEN = 0.5  # success of an attack that evades, over that of one that does not
PLAIN, KNOWING, ENDS = "plain", "knowing", "end of attacks from"
SIGNS = {
    "estimated error": "estimate",
    "error of reconstruction": "reconstruction",
    "low density in the map": "rare",
}


def walked(evidence: Evidence, method: str, attack: str, walk: str) -> pd.DataFrame:
    """The steps of paths that start at a right answer, towards other classes, in their order.

    Columns besides those of introspection: success, whether the path ends at its target, and
    place, from 0 at its start to 1 at its end.
    """
    rows = evidence.rows("introspection", "paths", method=method, set=f"{attack}/{walk}")
    rows = rows[rows["target"] != rows["label"]].sort_values([*PATH, "step"])
    paths = rows.groupby(PATH)
    rows = rows.assign(
        success=paths["answer"].transform("last") == rows["target"],
        place=rows["step"] / paths["step"].transform("max"),
    )
    rows = rows[paths["answer"].transform("first") == rows["label"]]
    if rows.empty:
        raise Unanswerable(f"example of {attack} that {method} answers rightly")
    return rows


def _ends(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["place"] == 1]


def _inside(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[(rows["place"] > 0) & (rows["place"] < 1)]


@claim("P-C23")
def from_class_to_target(
    evidence: Evidence, method: str, data: str, attack: str
) -> list[Comparison]:
    """P-C23: attacks that succeed end in the target's region, and others do not (§2.10, §3.5)."""
    clean = introspected(evidence, method, TEST.format(data))
    regions = {each: own for each, own in clean.groupby("replicate")}
    ends = _ends(walked(evidence, method, attack, ATTACK))
    comparisons = []
    for words, is_so in (
        ("successful attacks that end where the target's examples are", ends["success"]),
        ("failed attacks that end elsewhere", ~ends["success"]),
    ):
        some = having(evidence, ends, is_so, f"{words.split()[0]} attack", method)
        share = by_replicate(evidence, ends[is_so], lambda own: _agreement(own, regions), method)
        comparisons.append(Comparison(words, share[some], above(MOST), "share of attacks"))
    return comparisons


def _agreement(ends: pd.DataFrame, regions: dict[int, pd.DataFrame]) -> float:
    """The share of ends that are in the target's region just if the attack succeeds.

    A region is that of the most frequent label of the nearest clean examples.
    """
    own = regions.get(ends["replicate"].iloc[0])
    if own is None:
        return np.nan
    nearest = cKDTree(own[MAP].to_numpy()).query(ends[MAP].to_numpy(), NEAREST)[1]
    region = stats.mode(own["label"].to_numpy()[nearest], axis=1).mode
    return float(((region == ends["target"]) == ends["success"]).mean())


@claim("P-C24")
def common_paths(evidence: Evidence, method: str, attack: str) -> list[Comparison]:
    """P-C24: paths of different attacks run together (§3.5)."""
    ours, theirs = (
        by_replicate(evidence, walked(evidence, method, attack, walk), _run_together, method)
        for walk in (ATTACK, WALK)
    )
    part = "cells that two images' paths share between start and end, to one target minus to two"
    return [
        Comparison(part, ours, above(0), "share of cells"),
        Comparison(
            f"{part}: attacks minus random walks", ours - theirs, above(0), "share of cells"
        ),
    ]


def _run_together(rows: pd.DataFrame) -> float:
    """What two paths from one class share of their cells, to one target less to different ones.

    The cells of each path's start and end are left out, which belong to its classes.
    """
    paths = rows.groupby(PATH)
    first = paths.first()
    cells = _cells(rows)
    visited = np.zeros((len(first), SIDE * SIDE))
    number = paths.ngroup().to_numpy()
    is_inside = ((rows["place"] > 0) & (rows["place"] < 1)).to_numpy()
    visited[number[is_inside], cells[is_inside]] = 1
    visited[number[~is_inside], cells[~is_inside]] = 0
    shared = visited @ visited.T
    sizes = visited.sum(axis=1)
    either = sizes[:, None] + sizes - shared
    jaccard = shared / np.where(either == 0, 1, either)
    images, targets = (first.index.get_level_values(each) for each in ("origin_id", "target"))
    labels = first["label"].to_numpy()
    from_one = (labels[:, None] == labels) & (images.values[:, None] != images.values)
    to_one = targets.values[:, None] == targets.values
    if not ((from_one & to_one).any() and (from_one & ~to_one).any()):
        return np.nan
    return float(jaccard[from_one & to_one].mean() - jaccard[from_one & ~to_one].mean())


def _cells(rows: pd.DataFrame) -> np.ndarray:
    """The cells of the grid that points lie in, or next to, (n,)."""
    places = np.clip(np.floor(rows[MAP].to_numpy() / CELL) + SIDE // 2, 0, SIDE - 1).astype(int)
    return places[:, 0] * SIDE + places[:, 1]


@claim("P-C25")
def not_all_succeed(evidence: Evidence, method: str, attack: str) -> list[Comparison]:
    """P-C25: not all attacks succeed; that depends on the image and the target (§3.5)."""
    ends = _ends(walked(evidence, method, attack, ATTACK))
    rate = by_replicate(evidence, ends, lambda own: own["success"].mean(), method)
    return [
        Comparison("attacks that succeed", rate, below(NOT_ALL), "share of attacks"),
        *(
            Comparison(
                f"variance of success that is between {words}",
                by_replicate(evidence, ends, lambda own, by=by: between(own, by), method),
                above(DEPENDS),
                "share of variance",
            )
            for by, words in (("origin_id", "images"), ("target", "targets"))
        ),
    ]


def between(ends: pd.DataFrame, by: str) -> float:
    """The share of the variance of success that lies between groups, its intraclass correlation.

    By the mean squares of an analysis of variance; 0 where nothing differs.
    """
    success = ends["success"].astype(float)
    groups = success.groupby(ends[by])
    count, sizes = groups.ngroups, groups.size()
    if count < 2 or len(success) <= count or success.nunique() < 2:
        return 0.0
    among = (sizes * (groups.mean() - success.mean()) ** 2).sum() / (count - 1)
    inside = ((success - groups.transform("mean")) ** 2).sum() / (len(success) - count)
    size = (len(success) - (sizes**2).sum() / len(success)) / (count - 1)
    return float((among - inside) / (among + (size - 1) * inside))


@claim("P-C26")
def a_car_is_a_ship(evidence: Evidence, method: str, attack: str) -> list[Comparison]:
    """P-C26: a car is made a ship, plane or truck, and no bird, deer, dog or horse (§3.5)."""
    ends = _ends(walked(evidence, method, attack, ATTACK))
    cars = ends[ends["label"] == CAR]
    if cars.empty:
        raise Unanswerable(f"car in {attack} that {method} answers rightly")
    first = by_replicate(evidence, cars, _are_easiest, method)
    more = by_replicate(evidence, cars, _easier, method)
    return [
        counted(
            "networks in which these three of the seven are the easiest targets of cars",
            first,
            1,
            above(1 / TRIPLES),
            "share of networks",
        ),
        Comparison("success on cars, the three minus the four", more, above(0), "share of attacks"),
    ]


def _rates(cars: pd.DataFrame, targets: tuple[int, ...]) -> pd.Series:
    return cars.groupby("target")["success"].mean().reindex(targets)


def _are_easiest(cars: pd.DataFrame) -> bool:
    return _rates(cars, EASY).min() > _rates(cars, HARD).max()


def _easier(cars: pd.DataFrame) -> float:
    return _rates(cars, EASY).mean() - _rates(cars, HARD).mean()


@claim("P-C27")
def across_high_errors(evidence: Evidence, method: str, attack: str) -> list[Comparison]:
    """P-C27: paths cross regions of high estimated error, where they may be told (§3.5)."""
    ours, theirs = _successes_and_walks(evidence, method, attack)
    some = _succeeding(evidence, method, attack)
    rise, other = (by_replicate(evidence, each, _rise, method)[some] for each in (ours, theirs))
    both = pd.concat([_on_the_way(ours).assign(odd=True), _on_the_way(theirs).assign(odd=False)])
    found = by_replicate(evidence, both, told_by("estimate"), method)[some]
    part = "mean estimate between start and end minus that at both"
    return [
        Comparison(f"{part}: successful attacks", rise, above(0), ORDERS),
        Comparison(f"{part}: these minus random walks", rise - other, above(0), ORDERS),
        Comparison("mean estimate on the way, attacks from walks", found, above(TELLS), AREA),
    ]


def _successes_and_walks(
    evidence: Evidence, method: str, attack: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The steps of the attacks that succeed, and of the random walks."""
    ours, theirs = (walked(evidence, method, attack, walk) for walk in (ATTACK, WALK))
    return ours[ours["success"]], theirs


def _succeeding(evidence: Evidence, method: str, attack: str) -> np.ndarray:
    """The replicates on which some attack succeeds."""
    ours = walked(evidence, method, attack, ATTACK)
    return having(evidence, ours, ours["success"], "successful attack", method)


def _on_the_way(rows: pd.DataFrame) -> pd.DataFrame:
    """The mean estimate of each path between its start and its end."""
    return _inside(rows).groupby(PATH)["estimate"].mean().reset_index()


def _rise(rows: pd.DataFrame) -> float:
    """How much higher estimates are inside paths than at their ends, the mean over paths."""
    inside = _inside(rows).groupby(PATH)["estimate"].mean()
    ends = rows[rows["place"].isin([0, 1])].groupby(PATH)["estimate"].mean()
    return float((inside - ends).mean())


@claim("P-C34")
def attacks_are_noticed(evidence: Evidence, method: str, attack: str) -> list[Comparison]:
    """P-C34: patterns of attacked inputs lie far from known ones, and are noticed (§4)."""
    both = _successes_and_walks(evidence, method, attack)
    some = _succeeding(evidence, method, attack)
    ours, theirs = map(_starts_and_ends, both)
    comparisons = []
    for name, column in (
        ("low density in the map", "rare"),
        ("error of reconstruction", "reconstruction"),
    ):
        found, walks = (
            by_replicate(evidence, each, told_by(column), method)[some] for each in (ours, theirs)
        )
        comparisons += [
            Comparison(f"{name}, end of attacks from their start", found, above(TELLS), AREA),
            Comparison(f"{name}, the same minus random walks", found - walks, REPORTED, AREA),
        ]
    return comparisons


def _starts_and_ends(rows: pd.DataFrame) -> pd.DataFrame:
    """Where paths start and end, which is odd, and how rare examples are there."""
    ends = rows[rows["place"].isin([0, 1])]
    return ends.assign(odd=ends["place"] == 1, rare=-ends["density"])


@claim("P-C34 (key)")
def noticed_while_secret(
    evidence: Evidence, method: str, attack: str, evading: str
) -> list[Comparison]:
    """P-C34 (key): an attacker who knows the autoencoder evades it (§4)."""
    walks = {PLAIN: attack, KNOWING: evading}
    walks = {words: walked(evidence, method, each, ATTACK) for words, each in walks.items()}
    some = _succeeding(evidence, method, attack) & _succeeding(evidence, method, evading)
    rate = {
        words: by_replicate(evidence, _ends(rows), lambda own: own["success"].mean(), method)
        for words, rows in walks.items()
    }
    shown = {words: _starts_and_ends(rows[rows["success"]]) for words, rows in walks.items()}
    told = {words: _by_sign(evidence, method, rows) for words, rows in shown.items()}
    best = {words: np.max([*signs.values()], axis=0) for words, signs in told.items()}
    noise = _ends(_starts_and_ends(walked(evidence, method, attack, STRAIGHT))).assign(odd=False)
    noisy = {
        words: _by_sign(evidence, method, pd.concat([_ends(rows), noise]))
        for words, rows in shown.items()
    }
    ratio, less = rate[KNOWING] / rate[PLAIN], best[KNOWING] - best[PLAIN]
    part = f"best of three signs, {ENDS} their start: {KNOWING} minus {PLAIN}"
    return [
        Comparison(
            f"attacks that succeed, {KNOWING} over {PLAIN}", ratio[some], above(AS_OFTEN), "ratio"
        ),
        Comparison(part, less[some], below(-LESS), AREA),
        *(
            Comparison(f"{name}, {ENDS} {others}: {words}", values[some], REPORTED, AREA)
            for others, found in (("their start", told), ("that of noise", noisy))
            for words, signs in found.items()
            for name, values in signs.items()
        ),
    ]


def _by_sign(evidence: Evidence, method: str, rows: pd.DataFrame) -> dict[str, np.ndarray]:
    """How well each sign tells the odd rows, by its name."""
    return {
        name: by_replicate(evidence, rows, told_by(column), method)
        for name, column in SIGNS.items()
    }
