"""Whether what lies near is alike: Moran's I and purity over nearest neighbours.

Both go with a permutation test: what chance gives is what they are when values are dealt out anew.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from glassbox.analyses.neighbourhoods import chance_hit


@dataclass(frozen=True)
class Tested:
    """A measure, and what chance gives.

    expected: its exact mean over all permutations; deviation: its standard deviation over those
    that were drawn; p: the probability by them of as much as the value, or more.
    """

    value: float
    expected: float
    deviation: float
    p: float

    @classmethod
    def against(cls, value: float, expected: float, drawn: np.ndarray) -> "Tested":
        """By permutations drawn (p,), among which the value itself counts."""
        # What is equal but for rounding is as much.
        more = np.count_nonzero(drawn >= value - 1e-12)
        return cls(value, expected, float(drawn.std()), (1 + more) / (1 + len(drawn)))


UNTESTED = Tested(np.nan, np.nan, np.nan, np.nan)


@dataclass(frozen=True)
class Nearness:
    """The k nearest others of each of n things, and permutations of these.

    indices: (n, k) int64. orders: (p, n) int64.
    """

    indices: np.ndarray
    orders: np.ndarray

    @classmethod
    def of(cls, indices: np.ndarray, permutations: int, rng: np.random.Generator) -> "Nearness":
        """With permutations that are drawn."""
        every = np.tile(np.arange(len(indices)), (permutations, 1))
        return cls(indices, rng.permuted(every, axis=1))

    @cached_property
    def weights(self) -> csr_array:
        """W (n, n), of which a row is 1 / k for each of the k nearest."""
        count, near = self.indices.shape
        starts = np.arange(0, count * near + 1, near)
        shares = np.full(count * near, 1 / near)
        return csr_array((shares, self.indices.ravel(), starts), shape=(count, count))

    def morans_i(self, values: np.ndarray) -> Tested:
        """Moran's I (1950) of values (n,): z' W z / z' z, of z = values less their mean.

        Positive where neighbours have like values; -1 / (n - 1) is expected by chance. NaN of
        values that are all the same.
        """
        if not np.ptp(values) > 0:
            return UNTESTED
        apart = values - values.mean()
        dealt = np.column_stack([apart, apart[self.orders].T])
        found = (dealt * (self.weights @ dealt)).sum(axis=0) / (apart @ apart)
        return Tested.against(float(found[0]), -1 / (len(values) - 1), found[1:])

    def purity(self, labels: np.ndarray) -> Tested:
        """The mean share of the nearest that have one's own label, labels (n,) from 0 on."""
        drawn = np.array([self._alike(labels[order]) for order in self.orders])
        return Tested.against(self._alike(labels), chance_hit(labels), drawn)

    def _alike(self, labels: np.ndarray) -> float:
        return float((labels[self.indices] == labels[:, None]).mean())


def nearest_by(dissimilarities: np.ndarray, count: int) -> np.ndarray:
    """The `count` others of least dissimilarity (n, n) to each, in any order: (n, count) int64."""
    apart = dissimilarities.copy()
    np.fill_diagonal(apart, np.inf)
    return np.argpartition(apart, count - 1, axis=1)[:, :count]
