"""Bounds on cosines from a few directions, by which most cosines need not be computed.

The activation patterns of a layer lie near a space of few dimensions. Let V (d, D) have orthonormal
columns, x be a pattern of length 1, q = Vᵀx its coordinates and r = sqrt(1 - |q|²) the length of
what they leave of it. By the inequality of Cauchy and Schwarz, for any two patterns,

    q·q' - r r'  <=  x·x'  <=  q·q' + r r',

and both bounds are products of D + 1 numbers: of (q, r) with (q', r') and with (q', -r'). Which
directions V has decides how near the bounds lie, and never whether they hold.

In float32 they hold within `slack`, S = 2 g + 3 E + t. Here g = `tolerance(d)` is how far the
product of the coordinates with a vector of length 1 may be off, E = ||VᵀV - I|| in the Frobenius
norm, measured, and t = `tolerance(D + 1)` what the bounds' own product may be off. The length of
the rest is taken from 1 - |q|² + 2 g + E + t, so that it is none too short.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch

from glassbox.analyses.cosines import ALLOWED, PAIR, Block
from glassbox.analyses.rounding import tolerance

COUNTS = (64, 128)  # of directions that are tried
PASSES_OVER = 128  # what passes over the bounds of a pair take, in multiplications
WIDE = 8  # units of patterns to a direction, below which products are as fast
SAMPLE, HELD_OUT = 768, 256  # patterns that directions are found from, and tried on
PASSES = 4  # products with the sample's patterns that finding directions takes


@dataclass(frozen=True)
class Directions:
    """Some directions of patterns: V as axes (d, D), float32 and orthonormal up to rounding."""

    axes: torch.Tensor

    @cached_property
    def skew(self) -> float:
        """How far the axes are from orthonormal: ||VᵀV - I||, in the Frobenius norm."""
        axes = self.axes.double()
        return float((axes.T @ axes - torch.eye(len(axes.T), device=axes.device)).norm())

    @cached_property
    def slack(self) -> float:
        """How far a cosine may lie outside its bounds, all rounding included."""
        width, count = self.axes.shape
        return 2 * tolerance(width) + 3 * self.skew + tolerance(count + 1)

    def sketch(self, block: Block) -> torch.Tensor:
        """The coordinates of patterns (b, d) and the length of their rests, (b, D + 1)."""
        width, count = self.axes.shape
        coordinates = (block.values @ self.axes).mul_(block.inverse[:, None])
        kept = (coordinates * coordinates).sum(1)
        lost = 2 * tolerance(width) + self.skew + tolerance(count + 1)
        rest = ((block.inverse > 0).float() - kept).clamp_(min=0) + lost
        return torch.cat([coordinates, rest.sqrt_()[:, None]], dim=1)

    def leading(self, count: int) -> Directions:
        """The first of them."""
        return Directions(self.axes[:, :count].contiguous())


def upper_bounds(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """The largest that cosines can be, by sketches (b, D + 1) and (k, D + 1): (b, k)."""
    return one @ other.T


def between(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """How far the lower bounds of the same pairs lie below the upper ones, (b, k)."""
    return (2 * one[:, -1:]) * other[:, -1]


def leading_directions(
    patterns: np.ndarray | torch.Tensor, rows: np.ndarray, device: torch.device
) -> Directions:
    """About the leading directions of some rows of patterns (n, d), as many as are ever tried.

    By power iteration from a fixed start on a sample, evenly spaced: Halko, Martinsson and Tropp
    (2011), algorithm 4.3, with one power.
    """
    chosen = rows[np.linspace(0, len(rows) - 1, min(SAMPLE, len(rows))).astype(np.int64)]
    units = Block.of(patterns[chosen], chosen, device).units()
    start = np.random.default_rng(0).standard_normal((len(units), COUNTS[-1]), np.float32)
    found = units.T @ torch.from_numpy(start).to(device)
    axes = torch.linalg.qr(units.T @ (units @ found)).Q
    coordinates = (units @ axes).double()
    order = torch.linalg.eigh(coordinates.T @ coordinates).eigenvectors.flip(1)
    return Directions(axes @ order.float())


def cost_of_bounds(count: int) -> int:
    """What the bounds of one pair take by so many directions, in multiplications."""
    return count + 1 + PASSES_OVER


def cost_of_trying(width: int) -> int:
    """What finding directions and trying them takes, in multiplications, for a width."""
    return (PASSES * SAMPLE + HELD_OUT) * width * COUNTS[-1]


def worth(
    patterns: np.ndarray,
    device: torch.device,
    nodes: float,
    undecided: Callable[[torch.Tensor, torch.Tensor], float],
) -> Directions | None:
    """Directions by which cosines of patterns (n, d) with so many nodes take least.

    undecided: the share of cosines that stay to be computed, by the lower and the upper bounds of
    some (h, h) pairs. None where products of all take less than twice as much.
    """
    count, width = patterns.shape
    if not is_wide(width) or count < 2 * SAMPLE:
        return None
    found = leading_directions(patterns, np.arange(count), device)
    # Between the rows of the sample, as far as these are apart.
    rows = np.linspace(0, count - 1, 2 * HELD_OUT + 1).astype(np.int64)[1::2]
    tried = Block.of(patterns[rows], rows, device)
    costs = {width / 2: None}
    for number in COUNTS:
        directions = found.leading(number)
        sketches = directions.sketch(tried)
        one, other = sketches[::2], sketches[1::2]
        upper = upper_bounds(one, other)
        lower = upper - between(one, other) - directions.slack
        share = undecided(lower, upper + directions.slack)
        costs[cost_of_bounds(number) + PAIR * width * share + width * number / nodes] = directions
    return costs[min(costs)]


def sketches_are_worth(shown: int, nodes: int, width: int) -> bool:
    """Whether sketches of all that meets take little beside the products of all."""
    sketches = COUNTS[-1] * (shown + nodes) * width
    allowed = ALLOWED * shown * nodes * width
    return is_wide(width) and sketches + cost_of_trying(width) <= allowed


def is_wide(width: int) -> bool:
    """Whether patterns have so many units that bounds by directions can take less than products."""
    return width >= WIDE * COUNTS[-1]
