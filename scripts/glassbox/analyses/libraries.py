"""Libraries of activation patterns by greedy insertion in data order (lee2019 §2.1, Eq. 1).

A pattern is stored when its largest cosine with those stored before is below a threshold; the first
always is. The cosine is the plain one (E-L01), and that of a zero vector with any other is 0, as in
the published code: below a positive threshold every zero vector is stored.

Blocks of patterns are compared with the library by one product, and what is left of them with each
other by another, so that the result is that of one at a time at the speed of matrix products. All
thresholds share them: the nodes of all libraries are kept once, with who holds them.

Rounding decides nothing. A product in float32 is trusted beyond `tolerance` of the threshold; what
is nearer is settled by `cosines_exactly` from the patterns as they came, the same for every block,
order of summation and device.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch

from glassbox.errors import GlassboxError

FIRST = 32  # patterns in the first block; each further one has twice as many, up to LARGEST
LARGEST = {"cpu": 512, "cuda": 4096}
TILE = {"cpu": 1024, "cuda": 4096}  # nodes in one product
SETTLED = 2**24  # bytes of patterns that are settled at a time
TAME = (1e-12, 1e12)  # norms within which float32 products neither vanish nor overflow
WORTH = 0.75  # share of a block's patterns, below which the others are left out of its products


@dataclass(frozen=True)
class Libraries:
    """One library per threshold over one set of patterns.

    thresholds: (T,) float64. rows: (U,) int64, in increasing order, the patterns that any library
    stored. member: (T, U) bool, which library holds which.
    """

    thresholds: np.ndarray
    rows: np.ndarray
    member: np.ndarray

    @property
    def sizes(self) -> np.ndarray:
        """How many patterns each library holds, (T,)."""
        return self.member.sum(axis=1)

    def library(self, threshold: int) -> np.ndarray:
        """The rows of the patterns that the library of one threshold (its place) holds."""
        return self.rows[self.member[threshold]]


def build_libraries(
    patterns: np.ndarray,
    thresholds: np.ndarray | list[float],
    device: torch.device,
    progress: Callable[[range], Iterator[int]] = iter,
) -> Libraries:
    """Libraries of patterns (n, d) float32, in data order, for thresholds (T,) in (-1, 1].

    progress wraps the count of blocks. Memory beside the patterns: see `working_memory`. Raises
    GlassboxError for thresholds out of range and for patterns that are not finite.
    """
    return _Builder(patterns, _checked(thresholds), device).build(progress)


def working_memory(width: int, thresholds: int, nodes: int, device: torch.device) -> int:
    """Bytes that `build_libraries` needs at most beside the patterns, when `nodes` get stored.

    The nodes of all libraries once and one tile more, two copies of a block, its products with a
    tile and with itself under three masks per threshold in turn, and what is settled at a time.
    """
    block, tile = LARGEST[device.type], TILE[device.type]
    vectors = (nodes + tile + 4 * block) * width * 4
    masks = (nodes + tile + 4 * block) * thresholds
    products = 4 * max(block * tile, block * block) * 4
    return vectors + masks + products + 4 * max(SETTLED, 32 * width)


def tolerance(width: int) -> float:
    """How far a float32 cosine of vectors of this width may be off: 16 u (sqrt(width) + 1).

    The probabilistic bound of Higham and Mary (2019), λ u sqrt(width), with room for that of the
    norms; λ = 8 alone fails with a probability of about exp(-32).
    """
    return 16 * 2.0**-24 * (math.sqrt(width) + 1)


def cosines_exactly(one: np.ndarray, other: np.ndarray, near: float) -> np.ndarray:
    """Cosines of vectors one (p, d) and other (p, d), float32: (p,) float64.

    Products of float32 are exact in float64. Where float64 sums might fall on either side of
    `near`, the sums are the exact ones, rounded once; parallel vectors then have a cosine of 1.
    """
    one, other = one.astype(np.float64), other.astype(np.float64)
    dots = np.einsum("pd,pd->p", one, other)
    squares = np.einsum("pd,pd->p", one, one) * np.einsum("pd,pd->p", other, other)
    cosines = np.divide(dots, np.sqrt(squares), out=np.zeros(len(dots)), where=squares > 0)
    doubtful = np.abs(cosines - near) <= 8 * one.shape[1] * 2.0**-52
    for place in np.flatnonzero(doubtful & (squares > 0)):
        a, b = one[place], other[place]
        dot, square, other_square = (math.fsum(each) for each in (a * b, a * a, b * b))
        cosines[place] = dot / math.sqrt(square * other_square)
    return cosines


@dataclass(frozen=True)
class Tile:
    """Some nodes: units (k, d) of length 1, rows (k,) int64 in the patterns, member (T, k)."""

    units: torch.Tensor
    rows: np.ndarray
    member: torch.Tensor


class Nodes:
    """A growing set of stored patterns in tiles of one size, so that nothing is ever copied."""

    def __init__(self, width: int, thresholds: int, device: torch.device) -> None:
        self.size = TILE[device.type]
        self._new_units = lambda: torch.empty(self.size, width, device=device)
        self._new_member = lambda: torch.empty(
            thresholds, self.size, dtype=torch.bool, device=device
        )
        self._units: list[torch.Tensor] = []
        self._member: list[torch.Tensor] = []
        self._rows: list[np.ndarray] = []
        self.count = 0

    def add(self, units: torch.Tensor, rows: np.ndarray, member: torch.Tensor) -> None:
        """Append nodes: units (k, d), rows (k,), member (T, k)."""
        while len(rows):
            used = self.count % self.size
            if used == 0:
                self._units.append(self._new_units())
                self._member.append(self._new_member())
            fit = min(self.size - used, len(rows))
            self._units[-1][used : used + fit] = units[:fit]
            self._member[-1][:, used : used + fit] = member[:, :fit]
            self._rows.append(rows[:fit])
            self.count += fit
            units, rows, member = units[fit:], rows[fit:], member[:, fit:]

    def rows(self) -> np.ndarray:
        """The patterns that are stored, (count,) int64."""
        return np.concatenate([np.zeros(0, np.int64), *self._rows])

    def tiles(self) -> Iterator[Tile]:
        """All nodes in the order in which they were stored."""
        rows = self.rows()
        for place, (units, member) in enumerate(zip(self._units, self._member, strict=True)):
            here = rows[place * self.size : (place + 1) * self.size]
            yield Tile(units[: len(here)], here, member[:, : len(here)])


class Block:
    """Some rows of the patterns on the device, not normalised, and one over their norms."""

    def __init__(self, rows: np.ndarray, values: torch.Tensor, inverse: torch.Tensor) -> None:
        """Take rows (b,) of the patterns, their values (b, d) and inverse norms (b,)."""
        self.rows, self.values, self.inverse = rows, values, inverse

    @classmethod
    def read(cls, patterns: np.ndarray, start: int, stop: int, device: torch.device) -> "Block":
        """The patterns from start to stop. Raises GlassboxError when a value is not finite."""
        return cls.of(patterns[start:stop], np.arange(start, stop), device)

    @classmethod
    def of(cls, patterns: np.ndarray, rows: np.ndarray, device: torch.device) -> "Block":
        """These patterns (b, d), called by their rows. Raises as `read` does."""
        values = torch.from_numpy(patterns).to(device)
        norms = torch.linalg.vector_norm(values, dim=1)
        least, most = torch.aminmax(norms)
        if not (TAME[0] <= least and most <= TAME[1]):
            values = _tamed(values, rows)
            norms = torch.linalg.vector_norm(values, dim=1)
        return cls(rows, values, torch.where(norms > 0, 1 / norms, 0.0))

    def subset(self, which: torch.Tensor) -> "Block":
        """The patterns at some places of the block."""
        rows = self.rows[which.cpu().numpy()]
        return Block(rows, self.values[which], self.inverse[which])

    def units(self) -> torch.Tensor:
        """The patterns with length 1, zero vectors left as they are."""
        return self.values * self.inverse[:, None]

    def cosines(self, units: torch.Tensor) -> torch.Tensor:
        """Cosines of the patterns with unit vectors (k, d): (b, k)."""
        return (self.values @ units.T).mul_(self.inverse[:, None])


class _Builder:
    """Greedy insertion for several thresholds over one pass of the patterns."""

    def __init__(self, patterns: np.ndarray, thresholds: np.ndarray, device: torch.device) -> None:
        self.patterns, self.thresholds, self.device = patterns, thresholds, device
        self.band = tolerance(patterns.shape[1])
        self.nodes = Nodes(patterns.shape[1], len(thresholds), device)

    def build(self, progress: Callable[[range], Iterator[int]]) -> Libraries:
        bounds = self.bounds()
        for number in progress(range(len(bounds) - 1)):
            start, stop = bounds[number], bounds[number + 1]
            block = Block.read(self.patterns, start, stop, self.device)
            novel = self.novel(block)
            candidates = novel.any(0).nonzero()[:, 0]
            self.insert(block.subset(candidates), novel[:, candidates])
        members = [tile.member.cpu().numpy() for tile in self.nodes.tiles()]
        none = np.zeros((len(self.thresholds), 0), bool)
        return Libraries(
            self.thresholds, self.nodes.rows(), np.concatenate([none, *members], axis=1)
        )

    def bounds(self) -> list[int]:
        """Where the blocks begin, and where the last one ends."""
        bounds, size = [0], FIRST
        while bounds[-1] < len(self.patterns):
            bounds.append(min(bounds[-1] + size, len(self.patterns)))
            size = min(2 * size, LARGEST[self.device.type])
        return bounds

    def novel(self, block: Block) -> torch.Tensor:
        """Which patterns of a block are below which threshold with all its nodes, (T, b).

        What no library can store any more is left out of the products that remain.
        """
        shape = len(self.thresholds), len(block.rows)
        novel = torch.ones(shape, dtype=torch.bool, device=self.device)
        here = torch.arange(len(block.rows), device=self.device)
        for tile in self.nodes.tiles():
            undecided = novel[:, here].any(0)
            count = int(undecided.sum())
            if not count:
                break
            if count < WORTH * len(here):
                block, here = block.subset(undecided.nonzero()[:, 0]), here[undecided]
            cosines = block.cosines(tile.units)
            for place in range(len(self.thresholds)):
                novel[place, here] &= self.below(place, cosines, block, tile, novel[place, here])
        return novel

    def below(
        self, place: int, cosines: torch.Tensor, block: Block, tile: Tile, asked: torch.Tensor
    ) -> torch.Tensor:
        """Which patterns are below one threshold with a tile, (b,), exact where it is asked."""
        threshold, member = self.thresholds[place], tile.member[place]
        if not member.all():
            cosines = cosines + torch.where(member, 0.0, -4.0)
        largest = cosines.amax(1)
        below = largest < threshold - self.band
        near = (~below & (largest < threshold + self.band) & asked).nonzero()[:, 0]
        if len(near):
            pairs = (cosines[near] >= threshold - self.band).nonzero()
            pairs[:, 0] = near[pairs[:, 0]]
            below[near] = True
            below[self.reaching(pairs, block.rows, tile.rows, threshold)] = False
        return below

    def insert(self, candidates: Block, novel: torch.Tensor) -> None:
        """Store, for each threshold, what is novel (T, m) and below it with those before."""
        units = candidates.units()
        cosines = units @ units.T
        stored = torch.stack(
            [
                self.first_come(cosines, candidates.rows, asked, threshold)
                for asked, threshold in zip(novel, self.thresholds, strict=True)
            ]
        )
        if not self.nodes.count and len(units):
            stored[:, 0] = True
        kept = stored.any(0)
        self.nodes.add(units[kept], candidates.rows[kept.cpu().numpy()], stored[:, kept])

    def first_come(
        self, cosines: torch.Tensor, rows: np.ndarray, active: torch.Tensor, threshold: float
    ) -> torch.Tensor:
        """Which of the active ones (m,) are stored when they come in order, (m,).

        In rounds: who has nobody active before it within reach is stored, and whom these reach
        is not. The first active one always is such a one.
        """
        # As float32, so that asking for any is a product with a vector.
        sure = (cosines >= threshold + self.band).tril(-1).float()
        near = (cosines >= threshold - self.band).tril(-1).float() - sure
        active, stored = active.clone(), torch.zeros_like(active)
        while active.any():
            fresh = active & ~_any(sure + near, active)
            stored |= fresh
            active &= ~fresh & ~_any(sure, fresh)
            pairs = ((near > 0) & active[:, None] & fresh).nonzero()
            if len(pairs):
                active[self.reaching(pairs, rows, rows, threshold)] = False
        return stored

    def reaching(
        self, pairs: torch.Tensor, rows: np.ndarray, other_rows: np.ndarray, threshold: float
    ) -> torch.Tensor:
        """The first places of those pairs (p, 2) whose cosine is not below the threshold."""
        left, right = pairs.cpu().numpy().T
        at_once = max(1, SETTLED // (16 * self.patterns.shape[1]))
        found = []
        for start in range(0, len(left), at_once):
            some = slice(start, start + at_once)
            one, other = self.patterns[rows[left[some]]], self.patterns[other_rows[right[some]]]
            reached = cosines_exactly(one, other, threshold) >= threshold
            found.append(left[some][reached])
        return torch.from_numpy(np.concatenate(found)).to(pairs.device)


def _any(mask: torch.Tensor, who: torch.Tensor) -> torch.Tensor:
    """Whether a row of a mask (m, m) of 0 and 1 has a 1 where `who` (m,) is true."""
    return (mask @ who.float()) > 0


def _tamed(values: torch.Tensor, rows: np.ndarray) -> torch.Tensor:
    """Values scaled to length 1 in float64, for norms that may leave float32."""
    doubles = values.double()
    norms = torch.linalg.vector_norm(doubles, dim=1, keepdim=True)
    wrong = (~norms[:, 0].isfinite()).nonzero()[:, 0]
    if len(wrong):
        raise GlassboxError(
            f"pattern {rows[int(wrong[0])]} holds NaN or infinity; libraries need numbers"
        )
    return (doubles / torch.where(norms > 0, norms, 1.0)).float()


def _checked(thresholds: np.ndarray | list[float]) -> np.ndarray:
    thresholds = np.asarray(thresholds, np.float64)
    wrong = thresholds[~((thresholds > -1) & (thresholds <= 1))]
    if thresholds.ndim != 1 or not len(thresholds) or len(wrong):
        raise GlassboxError(f"thresholds must be above -1 and at most 1; found {wrong.tolist()}")
    return thresholds
