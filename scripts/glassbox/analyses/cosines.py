"""Cosines of patterns: products in float32, how far these may be off, and exact ones.

A product in float32 is trusted beyond `tolerance`; what is nearer to where it decides something is
settled by `cosines_exactly` from the patterns as they came, the same for every block, order of
summation and device.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import torch

from glassbox.errors import GlassboxError

LARGEST = {"cpu": 512, "cuda": 4096}  # patterns in a block
TILE = {"cpu": 1024, "cuda": 4096}  # patterns in one product with a block
ALLOWED = 0.05  # share of what products would take, that may be lost by trying other ways
PAIR = 96  # what a cosine by itself takes, in those of a product of all
# Bytes of vectors whose cosines are taken one by one at a time: what a CPU's cache holds.
AT_ONCE = {"cpu": 2**20, "cuda": 2**28}
SETTLED = 2**24  # bytes of patterns that are settled at a time
AT_HAND = 0.5  # share of a GPU's free memory that patterns may take, to be there all the time
TAME = (1e-12, 1e12)  # norms within which float32 products neither vanish nor overflow


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


def reach_exactly(
    patterns: np.ndarray,
    pairs: torch.Tensor,
    rows: np.ndarray,
    other_rows: np.ndarray,
    threshold: float,
) -> torch.Tensor:
    """Which pairs (p, 2) have a cosine that is not below a threshold: (p,) bool.

    The places of a pair are those in rows and other_rows of the patterns (n, d).
    """
    who, other = pairs.cpu().numpy().T
    rows, others = rows[who], other_rows[other]
    at_once = max(1, SETTLED // (16 * patterns.shape[1]))
    found = [np.zeros(0, bool)]
    for start in range(0, len(rows), at_once):
        some = slice(start, start + at_once)
        cosines = cosines_exactly(patterns[rows[some]], patterns[others[some]], threshold)
        found.append(cosines >= threshold)
    return torch.from_numpy(np.concatenate(found)).to(pairs.device)


def at_hand(patterns: np.ndarray, device: torch.device) -> np.ndarray | torch.Tensor:
    """The patterns on the device where that is a GPU with room for them, else as they are."""
    if device.type == "cuda" and patterns.nbytes <= AT_HAND * torch.cuda.mem_get_info(device)[0]:
        return torch.from_numpy(patterns).to(device)
    return patterns


class Block:
    """Some rows of the patterns on the device, not normalised, and one over their norms."""

    def __init__(self, rows: np.ndarray, values: torch.Tensor, inverse: torch.Tensor) -> None:
        """Take rows (b,) of the patterns, their values (b, d) and inverse norms (b,)."""
        self.rows, self.values, self.inverse = rows, values, inverse

    @classmethod
    def read(
        cls, patterns: np.ndarray | torch.Tensor, start: int, stop: int, device: torch.device
    ) -> Block:
        """The patterns from start to stop. Raises GlassboxError when a value is not finite."""
        return cls.of(patterns[start:stop], np.arange(start, stop), device)

    @classmethod
    def of(
        cls, patterns: np.ndarray | torch.Tensor, rows: np.ndarray, device: torch.device
    ) -> Block:
        """These patterns (b, d), called by their rows. Raises as `read` does."""
        values = torch.as_tensor(patterns, device=device)
        norms = torch.linalg.vector_norm(values, dim=1)
        least, most = torch.aminmax(norms)
        if not (TAME[0] <= least and most <= TAME[1]):
            values = _tamed(values, rows)
            norms = torch.linalg.vector_norm(values, dim=1)
        return cls(rows, values, torch.where(norms > 0, 1 / norms, 0.0))

    @classmethod
    def of_units(cls, units: torch.Tensor) -> Block:
        """Patterns (b, d) that have length 1 already, or are zero, called by their places."""
        return cls(np.arange(len(units)), units, units.any(1).float())

    def subset(self, which: torch.Tensor) -> Block:
        """The patterns at some places of the block."""
        rows = self.rows[which.cpu().numpy()]
        return Block(rows, self.values[which], self.inverse[which])

    def units(self) -> torch.Tensor:
        """The patterns with length 1, zero vectors left as they are."""
        return self.values * self.inverse[:, None]

    def cosines(self, units: torch.Tensor) -> torch.Tensor:
        """Cosines of the patterns with unit vectors (k, d): (b, k)."""
        return (self.values @ units.T).mul_(self.inverse[:, None])


def most_pairs(patterns: int, nodes: int) -> int:
    """How many of their cosines can be taken one by one for half of what a product of all takes."""
    return patterns * nodes // (2 * PAIR)


def cosines_of_pairs(
    block: Block, units: torch.Tensor, who: torch.Tensor, node: torch.Tensor
) -> tuple[torch.Tensor, int]:
    """Cosines of some pairs of patterns and units (k, d), called by their places (p,): (p,).

    By a product of all that occur, or one by one if that takes less. And how many multiplications
    it took, in those of a product.
    """
    width = units.shape[1]
    rows, places = who.unique(return_inverse=True)
    nodes, others = node.unique(return_inverse=True)
    of_all, of_each = len(rows) * len(nodes) * width, PAIR * len(who) * width
    if of_all <= of_each:
        return block.subset(rows).cosines(units[nodes])[places, others], of_all
    at_once = max(1, AT_ONCE[units.device.type] // (8 * width))
    parts = zip(who.split(at_once), node.split(at_once), strict=True)
    dots = [(block.values[one] * units[other]).sum(1) for one, other in parts]
    return torch.cat(dots) * block.inverse[who], of_each


def tiles(
    stored: np.ndarray | torch.Tensor,
    rows: np.ndarray,
    device: torch.device,
    progress: Callable[[range], Iterator[int]] = iter,
) -> Iterator[tuple[slice, torch.Tensor]]:
    """The nodes, some at a time: their places, and their units (k, d)."""
    for start in progress(range(0, len(rows), TILE[device.type])):
        tile = slice(start, start + TILE[device.type])
        yield tile, Block.of(stored[rows[tile]], rows[tile], device).units()


def blocks(
    patterns: np.ndarray | torch.Tensor, device: torch.device
) -> Iterator[tuple[Block, slice]]:
    """The patterns, some at a time, and their places."""
    size = LARGEST[device.type]
    for start in range(0, len(patterns), size):
        here = slice(start, min(start + size, len(patterns)))
        yield Block.read(patterns, here.start, here.stop, device), here


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
