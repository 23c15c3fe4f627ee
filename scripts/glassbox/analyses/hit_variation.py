"""How much of a neighbourhood hit is chance: of networks, of draws of points, and of maps.

The hit of one map is one number of a nested design: maps by the random state of a projection, of a
draw of points, of a network (of a random start, and its own draws). A random-effects analysis of
variance (Searle, Casella and McCulloch 1992, §3.2) parts what each level adds.
"""

from dataclasses import dataclass
from math import prod

import numpy as np
import pandas as pd
from scipy import stats

LEVELS = ("network", "draw", "seed")


@dataclass(frozen=True)
class Variation:
    """What hits of single maps vary by.

    deviations: the standard deviation that each of LEVELS adds, 0 where it would be of less than
    none; NaN of a level with one value, which the level above then holds too. total: that of a map
    by another network, of another draw, with another random state. freedom: degrees of it
    (Satterthwaite), and of_seed: of what random states add.
    """

    mean: float
    deviations: dict[str, float]
    total: float
    freedom: float
    of_seed: int

    def smallest_difference(self, alpha: float = 0.05) -> float:
        """The least difference of two maps, each of its own network and draw, that is not chance.

        Such as two networks and draws of one kind give in a share alpha of pairs.
        """
        return float(stats.t.ppf(1 - alpha / 2, self.freedom) * np.sqrt(2) * self.total)

    def smallest_of_seeds(self, alpha: float = 0.05) -> float:
        """The least difference of two maps of the same values that is not chance; see above.

        They differ by their random states alone. NaN where there is one state.
        """
        if not self.of_seed:
            return float("nan")
        quantile = stats.t.ppf(1 - alpha / 2, self.of_seed)
        return float(quantile * np.sqrt(2) * self.deviations["seed"])


def variation(hits: np.ndarray) -> Variation:
    """The parts of the variance of hits (networks, draws, seeds), a value for each map.

    Of differences between two maps by network, draw and seed, too. Where no level has two values
    nothing is known: NaN.
    """
    levels = [_Level.of(hits, axis) for axis in (2, 1, 0) if hits.shape[axis] > 1]
    deviations, below = dict.fromkeys(LEVELS, np.nan), 0.0
    for level in levels:
        deviations[level.name] = float(np.sqrt(max(0.0, (level.square - below) / level.maps)))
        below = level.square
    # The total is a sum of mean squares, with weights none of which is below 0.
    above = [1 / level.maps for level in levels[1:]] + [0.0]
    parts = [
        (1 / level.maps - less) * level.square for level, less in zip(levels, above, strict=False)
    ]
    spread = sum(part**2 / level.freedom for part, level in zip(parts, levels, strict=True))
    return Variation(
        mean=float(hits.mean()),
        deviations=deviations,
        total=float(np.sqrt(sum(parts))) if levels else np.nan,
        freedom=float(sum(parts) ** 2 / spread) if spread else np.nan,
        of_seed=next((level.freedom for level in levels if level.name == "seed"), 0),
    )


@dataclass(frozen=True)
class _Level:
    """One level: the maps in each of its values, its mean square and the degrees of freedom of it.

    The mean square is expected to be what all levels below give together, and its own part times
    these maps.
    """

    name: str
    maps: int
    square: float
    freedom: int

    @classmethod
    def of(cls, hits: np.ndarray, axis: int) -> "_Level":
        means = hits.mean(axis=tuple(range(axis + 1, 3)), keepdims=True)
        sizes = hits.shape
        maps, freedom = prod(sizes[axis + 1 :]), prod(sizes[:axis]) * (sizes[axis] - 1)
        sum_of_squares = maps * np.square(means - means.mean(axis=axis, keepdims=True)).sum()
        return cls(LEVELS[axis], maps, float(sum_of_squares / freedom), freedom)


def by_map(hits: pd.DataFrame) -> np.ndarray:
    """The column value of rows, one of each map, as (networks, draws, seeds).

    hits: columns replicate, draw, seed and value. NaN for a map that there is not.
    """
    table = hits.set_index(["replicate", "draw", "seed"])["value"]
    axes = [table.index.unique(level).sort_values() for level in table.index.names]
    whole = table.reindex(pd.MultiIndex.from_product(axes))
    return whole.to_numpy(np.float64).reshape([len(axis) for axis in axes])
