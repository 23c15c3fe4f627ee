"""Libraries of activation patterns by greedy insertion in data order (lee2019 §2.1, Eq. 1).

A pattern is stored when its largest cosine with those stored before is below a threshold; the first
always is. The cosine is the plain one (E-L01), and that of a zero vector with any other is 0, as in
the published code: below a positive threshold every zero vector is stored.

Blocks of patterns are compared with the library by one product, and what is left of them with each
other by another, so that the result is that of one at a time at the speed of matrix products. All
thresholds share them: the nodes of all libraries are kept once, with who holds them. Once there are
many nodes, bounds from a few directions may decide nearly all cosines, and only the others are
computed (see `bounds`); where they don't, products go on.

Rounding decides nothing. A cosine in float32 is trusted beyond `tolerance` of the threshold; what
is nearer is settled exactly.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Self

import numpy as np
import torch

from glassbox.analyses.bounds import COUNTS, HELD_OUT, SAMPLE, cost_of_trying, worth
from glassbox.analyses.cosines import (
    ALLOWED,
    LARGEST,
    SETTLED,
    TILE,
    Block,
    reach_exactly,
)
from glassbox.analyses.nodes import Nodes
from glassbox.analyses.novelty import ByBounds, ByProducts
from glassbox.analyses.rounding import tolerance
from glassbox.errors import GlassboxError

FIRST = 32  # patterns in the first block; each further one has twice as many, up to LARGEST
# Nodes, from which on bounds may be worth their while; on a GPU products always take less.
MANY = {"cpu": 256, "cuda": math.inf}


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

    def in_given_order(self, order: np.ndarray) -> Self:
        """These libraries with rows as they were before the patterns were put in an order (n,)."""
        rows = order[self.rows]
        increasing = np.argsort(rows)
        return type(self)(self.thresholds, rows[increasing], self.member[:, increasing])


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

    The nodes of all libraries once and one tile more; two copies of a block, or what finding
    directions takes; its products with a tile and with itself under three masks per threshold in
    turn; the sketches of each library's nodes, twice while they grow; and what is settled at a
    time.
    """
    block, tile = LARGEST[device.type], TILE[device.type]
    sample = 2 * (SAMPLE + HELD_OUT) + 4 * COUNTS[-1]
    vectors = (nodes + tile + max(4 * block, sample)) * width * 4
    masks = (nodes + tile + 4 * block) * thresholds
    products = 4 * max(block * tile, block * block) * 4
    sketches = 2 * nodes * thresholds * (COUNTS[-1] + 1) * 4
    return vectors + masks + products + sketches + 4 * max(SETTLED, 32 * width)


class _Builder:
    """Greedy insertion for several thresholds over one pass of the patterns."""

    def __init__(self, patterns: np.ndarray, thresholds: np.ndarray, device: torch.device) -> None:
        self.patterns, self.thresholds, self.device = patterns, thresholds, device
        self.band = tolerance(patterns.shape[1])
        self.nodes = Nodes(patterns.shape[1], len(thresholds), device)
        self.products = ByProducts(patterns, thresholds, self.nodes)
        self.bounds: ByBounds | None = None
        self.allowed: float | None = None  # multiplications that may be lost by bounds

    def build(self, progress: Callable[[range], Iterator[int]]) -> Libraries:
        starts = self.starts()
        for number in progress(range(len(starts) - 1)):
            start, stop = starts[number], starts[number + 1]
            block = Block.read(self.patterns, start, stop, self.device)
            novel = self.novelty(start).novel(block)
            candidates = novel.any(0).nonzero()[:, 0]
            self.insert(block.subset(candidates), novel[:, candidates])
        members = [tile.member.cpu().numpy() for tile in self.nodes.tiles()]
        none = np.zeros((len(self.thresholds), 0), bool)
        return Libraries(
            self.thresholds, self.nodes.rows(), np.concatenate([none, *members], axis=1)
        )

    def starts(self) -> list[int]:
        """Where the blocks begin, and where the last one ends."""
        starts, size = [0], FIRST
        while starts[-1] < len(self.patterns):
            starts.append(min(starts[-1] + size, len(self.patterns)))
            size = min(2 * size, LARGEST[self.device.type])
        return starts

    def novelty(self, done: int) -> ByProducts | ByBounds:
        """The way that is likely to take less, once there are many nodes; what fails is left."""
        (count, width), nodes = self.patterns.shape, self.nodes.count
        allowed = ALLOWED * (count - done) * nodes * width - cost_of_trying(width)
        if self.allowed is None and nodes >= MANY[self.device.type] and allowed >= 0:
            self.allowed = allowed
            growth = (count / done) ** 0.5  # as if libraries grew with the root
            share = partial(self.undecided, growth / count)
            directions = worth(self.patterns, self.device, growth * nodes, share)
            if directions:
                self.bounds = ByBounds(self.products, directions)
        if self.bounds and self.bounds.lost > self.allowed:
            self.bounds = None
        return self.bounds or self.products

    def undecided(self, growth: float, lower: torch.Tensor, upper: torch.Tensor) -> float:
        """The share of the cosines with all nodes that bounds are likely to leave open.

        For each library: of the patterns that it will store, its size times `growth`, those with
        its nodes whose bounds are to either side of the threshold. What it won't store mostly has
        a cosine that is sure.
        """
        sizes = sum(tile.member.sum(1) for tile in self.nodes.tiles())
        open_ = [((lower < each) & (upper >= each)).float().mean() for each in self.thresholds]
        return float((growth * sizes * torch.stack(open_) * sizes).sum() / self.nodes.count)

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
                reached = reach_exactly(self.patterns, pairs, rows, rows, threshold)
                active[pairs[reached, 0]] = False
        return stored


def _any(mask: torch.Tensor, who: torch.Tensor) -> torch.Tensor:
    """Whether a row of a mask (m, m) of 0 and 1 has a 1 where `who` (m,) is true."""
    return (mask @ who.float()) > 0


def _checked(thresholds: np.ndarray | list[float]) -> np.ndarray:
    thresholds = np.asarray(thresholds, np.float64)
    wrong = thresholds[~((thresholds > -1) & (thresholds <= 1))]
    if thresholds.ndim != 1 or not len(thresholds) or len(wrong):
        raise GlassboxError(f"thresholds must be above -1 and at most 1; found {wrong.tolist()}")
    return thresholds
