"""The stored patterns that are most like others, exactly, by products or by bounds (lee2019 §2.2).

By products every cosine is computed, a tile of stored patterns and a block of others at a time. By
bounds from a few directions (see `bounds`) those are, whose upper bound is not below the lower
bounds of as many as are wanted: none of the others can be among them.
"""

from dataclasses import dataclass

import numpy as np
import torch

from glassbox.analyses.bounds import Directions, between, cost_of_trying, upper_bounds, worth
from glassbox.analyses.cosines import (
    ALLOWED,
    PAIR,
    TILE,
    Block,
    blocks,
    cosines_of_pairs,
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


@dataclass(frozen=True)
class Stored:
    """The patterns of some rows (U,) of patterns (N, d), and who holds which: member (T, U)."""

    patterns: np.ndarray
    rows: np.ndarray
    member: np.ndarray


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
    nodes = Stored(stored, rows, member)
    directions = _directions(nodes, len(patterns), top, device)
    if directions:
        _by_bounds(patterns, nodes, directions, found, device)
    else:
        _by_products(patterns, nodes, found, device)
    return found


def _by_products(
    patterns: np.ndarray, nodes: Stored, found: MostActive, device: torch.device
) -> None:
    """Fill in what is found for patterns (n, d)."""
    top = found.nodes.shape[2]
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
                best, which = known.topk(top, dim=1)
                cosines[place, here] = best
                names[place, here] = torch.cat([names[place, here], ours], dim=1).gather(1, which)
    cosines[names == NOBODY] = 0
    found.nodes[:] = names.cpu().numpy()
    found.cosines[:] = cosines.double().cpu().numpy()


def _directions(nodes: Stored, count: int, top: int, device: torch.device) -> Directions | None:
    """Directions of the nodes, where products with so many patterns are likely to take more."""

    def undecided(lower: torch.Tensor, upper: torch.Tensor) -> float:
        """The share of cosines that stay to be computed, but for those of the most active."""
        floor = lower.topk(min(top, lower.shape[1]), dim=1).values[:, -1:]
        able = (upper >= floor).float().mean()
        return max(0.0, float(able) - top / lower.shape[1])

    size, width = len(nodes.rows), nodes.patterns.shape[1]
    if cost_of_trying(width) > ALLOWED * count * size * width:
        return None
    return worth(nodes.patterns, nodes.rows, device, 1 / (1 / size + 1 / count), undecided)


def _by_bounds(
    patterns: np.ndarray,
    nodes: Stored,
    directions: Directions,
    found: MostActive,
    device: torch.device,
) -> None:
    """The same, by products only where the bounds of a block leave too much open."""
    top, size = found.nodes.shape[2], len(nodes.rows)
    parts = np.split(nodes.rows, range(TILE[device.type], size, TILE[device.type]))
    stored = (Block.of(nodes.patterns[rows], rows, device) for rows in parts)
    every = torch.cat([directions.sketch(each) for each in stored])
    held = [torch.from_numpy(np.flatnonzero(each)).to(device) for each in nodes.member]
    for block, here in blocks(patterns, device):
        sketches = directions.sketch(block)
        able = [_able(sketches, every[mine], mine, top, directions.slack) for mine in held]
        part = MostActive(found.nodes[:, here], found.cosines[:, here])
        if any(each is None for each in able):
            _by_products(patterns[here], nodes, part, device)
        else:
            _fill(part, able, block, nodes)


def _able(
    sketches: torch.Tensor, nodes: torch.Tensor, names: torch.Tensor, top: int, slack: float
) -> torch.Tensor | None:
    """Which nodes (k, D + 1) may be among the most active for which patterns (b, D + 1).

    names: (k,), what the nodes are called. Returns pairs (p, 2) of places and names; None where
    there are so many that products take less.
    """
    most = max(top, len(nodes) / PAIR) * len(sketches)
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


def _fill(found: MostActive, able: list[torch.Tensor], block: Block, nodes: Stored) -> None:
    """Fill in the most active of the nodes that may be so: pairs (p, 2) for each library."""
    top = found.nodes.shape[2]
    pairs, place = torch.cat(able).unique(dim=0, return_inverse=True)
    cosines = _cosines(block, pairs, nodes)[place]
    for library, (mine, theirs) in enumerate(
        zip(able, cosines.split([len(each) for each in able]), strict=True)
    ):
        who, name = mine.cpu().numpy().T
        values = theirs.double().cpu().numpy()
        order = np.lexsort((name, -values, who))
        who, name, values = who[order], name[order], values[order]
        rank = np.arange(len(who)) - np.searchsorted(who, who)
        kept = rank < top
        found.nodes[library, who[kept], rank[kept]] = name[kept]
        found.cosines[library, who[kept], rank[kept]] = values[kept]


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
