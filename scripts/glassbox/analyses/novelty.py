"""Which patterns are below which threshold with all nodes of a library, by products or by bounds.

Both ways give the same: what rounding or a bound leaves open is settled exactly.
"""

import numpy as np
import torch

from glassbox.analyses.bounds import Directions, between, cost_of_bounds, upper_bounds
from glassbox.analyses.cosines import Block, most_pairs, reach_exactly
from glassbox.analyses.nodes import Nodes, Tile
from glassbox.analyses.rounding import tolerance

WORTH = 0.75  # share of a block's patterns, below which the others are left out of its products


class ByProducts:
    """By the cosines with all nodes that any library holds."""

    def __init__(self, patterns: np.ndarray, thresholds: np.ndarray, nodes: Nodes) -> None:
        self.patterns, self.thresholds, self.nodes = patterns, thresholds, nodes
        self.band = tolerance(patterns.shape[1])

    def novel(self, block: Block) -> torch.Tensor:
        """Which patterns of a block are below which threshold with all its nodes, (T, b).

        What no library can store any more is left out of the products that remain.
        """
        shape = len(self.thresholds), len(block.rows)
        novel = torch.ones(shape, dtype=torch.bool, device=block.values.device)
        here = torch.arange(len(block.rows), device=block.values.device)
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
            reached = reach_exactly(self.patterns, pairs, block.rows, tile.rows, threshold)
            below[near] = True
            below[pairs[reached, 0]] = False
        return below


class ByBounds:
    """By bounds on the cosines with each library's own nodes, see `bounds`.

    Of the cosines that bounds leave open, a pattern's likeliest to reach a library is computed
    first, and the others where that one doesn't. A block of which they leave so much open that
    products take less goes by products.

    lost: multiplications that all blocks took beyond those of products, as far as can be told.
    """

    def __init__(self, products: ByProducts, directions: Directions) -> None:
        self.products, self.directions = products, directions
        self.patterns, self.thresholds = products.patterns, products.thresholds
        self.nodes, self.band = products.nodes, products.band
        none = directions.axes.new_empty(0, directions.axes.shape[1] + 1)
        self.sketches = [none] * len(self.thresholds)
        self.places = [none.new_empty(0, dtype=torch.int64)] * len(self.thresholds)
        self.count = 0  # nodes that are known
        self.lost = 0

    def novel(self, block: Block) -> torch.Tensor:
        """Which patterns of a block are below which threshold with all its nodes, (T, b)."""
        self.learn()
        width, count = self.directions.axes.shape
        self.lost += len(block.rows) * width * count
        sketches, found = self.directions.sketch(block), []
        for library in range(len(self.thresholds)):
            reached = self.reached(library, block, sketches)
            if reached is None:
                return self.products.novel(block)
            found.append(~reached)
        novel = torch.stack(found)
        # By products what no library stores ends with the first tile, as good as always.
        stored = int(novel.any(0).sum())
        others = (len(block.rows) - stored) * min(self.count, self.nodes.size)
        self.lost -= (stored * self.count + others) * width
        return novel

    def learn(self) -> None:
        """Take in the nodes that were stored since the last block."""
        for first, tile in self.nodes.since(self.count):
            sketches = self.directions.sketch(Block.of_units(tile.units))
            for library, member in enumerate(tile.member):
                mine = member.nonzero()[:, 0]
                self.sketches[library] = torch.cat([self.sketches[library], sketches[mine]])
                self.places[library] = torch.cat([self.places[library], first + mine])
        self.count = self.nodes.count

    def reached(self, library: int, block: Block, sketches: torch.Tensor) -> torch.Tensor | None:
        """Which patterns reach a node of a library, (b,) bool; None where much stays open.

        sketches: theirs, (b, D + 1).
        """
        sifted = self.sifted(library, sketches)
        if sifted is None:
            return None
        reached, pairs, upper = sifted
        best = upper.new_full(reached.shape, -torch.inf)
        best = best.scatter_reduce(0, pairs[:, 0], upper, "amax")
        likeliest = upper == best[pairs[:, 0]]
        for some in (pairs[likeliest], pairs[~likeliest]):
            asked = some[~reached[some[:, 0]]]
            reached[asked[self.reaching(block, asked, self.thresholds[library]), 0]] = True
        return reached

    def sifted(
        self, library: int, sketches: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor] | None:
        """Which patterns (b, D + 1) are sure to reach a node of a library, and which others may.

        Returns the sure ones, (b,) bool; the pairs (p, 2) of the others, place and node, whose
        cosine may be at the threshold or above; and the upper bounds of these, (p,). None where
        there are so many that products take less.
        """
        threshold, slack = self.thresholds[library], self.directions.slack
        most, cost = most_pairs(len(sketches), self.count), cost_of_bounds(sketches.shape[1] - 1)
        sure = torch.zeros(len(sketches), dtype=torch.bool, device=sketches.device)
        here = torch.arange(len(sketches), device=sketches.device)
        pairs, bounds = [here.new_empty(0, 2)], [sketches.new_empty(0)]
        nodes = zip(
            self.sketches[library].split(self.nodes.size),
            self.places[library].split(self.nodes.size),
            strict=True,
        )
        for some, places in nodes:
            upper = upper_bounds(sketches[here], some)
            able = (upper.amax(1) >= threshold - slack).nonzero()[:, 0]
            upper, who = upper[able], here[able]
            lower = upper - between(sketches[who], some)
            sure[who[(lower >= threshold + slack).any(1)]] = True
            found = ((upper >= threshold - slack) & ~sure[who][:, None]).nonzero()
            pairs.append(torch.stack([who[found[:, 0]], places[found[:, 1]]], dim=1))
            bounds.append(upper[found[:, 0], found[:, 1]])
            self.lost += len(here) * len(some) * cost
            if sum(map(len, pairs)) > most:
                return None
            here = here[~sure[here]]
        every, upper = torch.cat(pairs), torch.cat(bounds)
        still = ~sure[every[:, 0]]
        return sure, every[still], upper[still]

    def reaching(self, block: Block, pairs: torch.Tensor, threshold: float) -> torch.Tensor:
        """Which pairs (p, 2) of a pattern and a node reach the threshold, (p,) bool."""
        cosines, work = self.nodes.cosines(block, pairs)
        self.lost += work
        found = cosines >= threshold + self.band
        near = (~found & (cosines >= threshold - self.band)).nonzero()[:, 0]
        if len(near):
            rows = block.rows, self.nodes.rows()
            found[near] = reach_exactly(self.patterns, pairs[near], *rows, threshold)
        return found
