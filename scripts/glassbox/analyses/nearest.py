"""The stored patterns that are most like others, exactly, by products or by bounds (lee2019 §2.2).

By products every cosine is computed, a tile of stored patterns and a block of others at a time. By
bounds from a few directions (see `bounds`) those are, whose upper bound is not below the lower
bounds of as many as are wanted: none of the others can be among them.
"""

from dataclasses import dataclass

import numpy as np
import torch

from glassbox.analyses.bounds import (
    COUNTS,
    Directions,
    between,
    cost_of_bounds,
    cost_of_trying,
    leading_directions,
    sketches_are_worth,
    upper_bounds,
)
from glassbox.analyses.cosines import (
    ALLOWED,
    PAIR,
    TILE,
    Block,
    at_hand,
    blocks,
    cosines_of_pairs,
    most_pairs,
    tiles,
)

NOBODY = -1  # the node in a place that a library has too few nodes for


@dataclass(frozen=True)
class MostActive:
    """The most active nodes of each library for each pattern, the most active first.

    nodes: (T, n, k) int64, places among the rows of all libraries; NOBODY where a library has
    fewer. cosines: (T, n, k) float64, 0 where there is nobody.
    """

    nodes: np.ndarray
    cosines: np.ndarray

    @property
    def top(self) -> int:
        """How many there are for each pattern, k."""
        return self.nodes.shape[2]

    def part(self, patterns: slice | np.ndarray) -> "MostActive":
        """What is found for some of the patterns: a view, for a slice of them."""
        return MostActive(self.nodes[:, patterns], self.cosines[:, patterns])


@dataclass(frozen=True)
class Stored:
    """The patterns of some rows (U,) of patterns (N, d), and who holds which: member (T, U)."""

    patterns: np.ndarray | torch.Tensor
    rows: np.ndarray
    member: np.ndarray


def nearest_patterns(
    patterns: np.ndarray, stored: np.ndarray, count: int, device: torch.device
) -> MostActive:
    """The stored patterns (N, d) whose cosines with patterns (n, d) are largest, exactly.

    As nodes of a single library: nodes (1, n, count) are rows of `stored`.
    """
    every = np.ones((1, len(stored)), bool)
    return most_active(patterns, stored, np.arange(len(stored)), every, count, device)


def most_active(
    patterns: np.ndarray,
    stored: np.ndarray,
    rows: np.ndarray,
    member: np.ndarray,
    top: int,
    device: torch.device,
) -> MostActive:
    """The `top` most active nodes of each library for patterns (n, d).

    stored: (N, d), the patterns whose rows (U,) are nodes; member: (T, U), which library holds
    which. Of nodes that are equally active any may come first.
    """
    shape = len(member), len(patterns), top
    found = MostActive(np.full(shape, NOBODY), np.zeros(shape))
    nodes = Stored(at_hand(stored, device), rows, member)
    is_worth = sketches_are_worth(len(patterns), len(rows), patterns.shape[1])
    way = _by_bounds if is_worth else _by_products
    way(at_hand(patterns, device), nodes, found, device)
    return found


def _by_products(
    patterns: np.ndarray | torch.Tensor, nodes: Stored, found: MostActive, device: torch.device
) -> None:
    """Fill in what is found for patterns (n, d)."""
    cosines = torch.full(found.nodes.shape, -torch.inf, device=device)
    names = torch.full(found.nodes.shape, NOBODY, device=device)
    held = torch.as_tensor(nodes.member, device=device)
    for tile, units in tiles(nodes.patterns, nodes.rows, device):
        called = torch.arange(tile.start, tile.start + len(units), device=device)
        for block, here in blocks(patterns, device):
            product = block.cosines(units)
            for place, mine in enumerate(held[:, tile]):
                known = torch.cat([cosines[place, here], product[:, mine]], dim=1)
                ours = called[mine].expand(len(product), -1)
                best, which = known.topk(found.top, dim=1)
                cosines[place, here] = best
                names[place, here] = torch.cat([names[place, here], ours], dim=1).gather(1, which)
    cosines[names == NOBODY] = 0
    found.nodes[:] = names.cpu().numpy()
    found.cosines[:] = cosines.double().cpu().numpy()


def _by_bounds(
    patterns: np.ndarray | torch.Tensor, nodes: Stored, found: MostActive, device: torch.device
) -> None:
    """Fill in what is found for patterns (n, d), by products where bounds leave too much open."""
    directions = leading_directions(nodes.patterns, nodes.rows, device)
    stored = _sketches(nodes, directions, device)
    held = [torch.from_numpy(np.flatnonzero(each)).to(device) for each in nodes.member]
    size, width = len(nodes.rows), patterns.shape[1]
    bounds = COUNTS[-1] * width + cost_of_bounds(COUNTS[-1]) * sum(map(len, held))
    left = np.zeros(len(patterns), bool)
    lost = cost_of_trying(width) + COUNTS[-1] * size * width
    for block, here in blocks(patterns, device):
        if lost > ALLOWED * len(patterns) * size * width:
            left[here.start :] = True
            break
        able = _able_of_all(directions.sketch(block), stored, held, found.top, directions.slack)
        left[here] = able is None
        lost += len(block.rows) * bounds
        if able is not None:
            pairs = _fill(found.part(here), able, block, nodes)
            lost += PAIR * pairs * width - len(block.rows) * size * width
    if left.any():
        rest = found.part(left)
        _by_products(patterns[left], nodes, rest, device)
        found.nodes[:, left], found.cosines[:, left] = rest.nodes, rest.cosines


def _sketches(nodes: Stored, directions: Directions, device: torch.device) -> torch.Tensor:
    """The sketches of all nodes, (U, D + 1)."""
    size = TILE[device.type]
    parts = np.split(nodes.rows, range(size, len(nodes.rows), size))
    tiles = (Block.of(nodes.patterns[rows], rows, device) for rows in parts)
    return torch.cat([directions.sketch(each) for each in tiles])


def _able_of_all(
    sketches: torch.Tensor,
    stored: torch.Tensor,
    held: list[torch.Tensor],
    top: int,
    slack: float,
) -> list[torch.Tensor] | None:
    """`_able` of each library; None where products of all nodes take less."""
    most, found = most_pairs(len(sketches), len(stored)), []
    for mine in held:
        able = _able(sketches, stored[mine], mine, top, slack)
        least = len(sketches) * min(top, len(mine))  # which are to be found in any case
        if able is None or len(able) - least > most:
            return None
        most -= len(able) - least
        found.append(able)
    return found


def _able(
    sketches: torch.Tensor, nodes: torch.Tensor, names: torch.Tensor, top: int, slack: float
) -> torch.Tensor | None:
    """Which nodes (k, D + 1) may be among the most active for which patterns (b, D + 1).

    names: (k,), what the nodes are called. Returns pairs (p, 2) of places and names; None where
    there are so many that products take less.
    """
    most = len(sketches) * top + most_pairs(len(sketches), len(nodes))
    tile = TILE[sketches.device.type]
    floor = sketches.new_full((len(sketches), top), -torch.inf)
    pairs, bounds = [names.new_empty(0, 2)], [sketches.new_empty(0)]
    for some, called in zip(nodes.split(tile), names.split(tile), strict=True):
        upper = upper_bounds(sketches, some)
        lower = upper - between(sketches, some)
        best = lower.topk(min(top, len(some)), dim=1).values
        floor = torch.cat([floor, best], dim=1).topk(top, dim=1).values
        found = (upper >= floor[:, -1:] - 2 * slack).nonzero()
        pairs.append(torch.stack([found[:, 0], called[found[:, 1]]], dim=1))
        bounds.append(upper[found[:, 0], found[:, 1]])
        if sum(map(len, pairs)) > most + len(sketches) * tile:  # a first tile has no floor yet
            return None
    every = torch.cat(pairs)
    every = every[torch.cat(bounds) >= floor[every[:, 0], -1] - 2 * slack]
    return every if len(every) <= most else None


def _fill(found: MostActive, able: list[torch.Tensor], block: Block, nodes: Stored) -> int:
    """Fill in the most active of the nodes that may be so: pairs (p, 2) for each library.

    Returns how many pairs there are in all.
    """
    size = len(nodes.rows)
    every = torch.cat(able)
    keys, place = (every[:, 0] * size + every[:, 1]).unique(return_inverse=True)
    pairs = torch.stack([keys // size, keys % size], dim=1)
    cosines = _cosines(block, pairs, nodes)[place]
    for library, (mine, theirs) in enumerate(
        zip(able, cosines.split([len(each) for each in able]), strict=True)
    ):
        who, name = mine.cpu().numpy().T
        values = theirs.double().cpu().numpy()
        order = np.lexsort((name, -values, who))
        who, name, values = who[order], name[order], values[order]
        rank = np.arange(len(who)) - np.searchsorted(who, who)
        kept = rank < found.top
        found.nodes[library, who[kept], rank[kept]] = name[kept]
        found.cosines[library, who[kept], rank[kept]] = values[kept]
    return len(pairs)


def _cosines(block: Block, pairs: torch.Tensor, nodes: Stored) -> torch.Tensor:
    """Of pairs (p, 2) of a pattern of a block and a node: (p,)."""
    names, node = pairs[:, 1].unique(return_inverse=True)
    rows = nodes.rows[names.cpu().numpy()]
    cosines = torch.empty(len(pairs), device=pairs.device)
    for tile, units in tiles(nodes.patterns, rows, pairs.device):
        here = ((node >= tile.start) & (node < tile.stop)).nonzero()[:, 0]
        found, _ = cosines_of_pairs(block, units, pairs[here, 0], node[here] - tile.start)
        cosines[here] = found
    return cosines
