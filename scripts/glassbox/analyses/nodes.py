"""Patterns that are stored as they come, on the device."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from glassbox.analyses.cosines import TILE, Block, cosines_of_pairs


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

    def since(self, count: int) -> Iterator[tuple[int, Tile]]:
        """The nodes that were stored after the first so many, with the place of each part's."""
        first = 0
        for tile in self.tiles():
            skip = max(0, count - first)
            if skip < len(tile.rows):
                rest = Tile(tile.units[skip:], tile.rows[skip:], tile.member[:, skip:])
                yield first + skip, rest
            first += len(tile.rows)

    def cosines(self, block: Block, pairs: torch.Tensor) -> tuple[torch.Tensor, int]:
        """Cosines of some pairs (p, 2), the place of a pattern and that of a node: (p,).

        And how many multiplications they took, in those of a product.
        """
        cosines, work = torch.empty(len(pairs), device=pairs.device), 0
        tiles = pairs[:, 1] // self.size
        for number in tiles.unique().tolist():
            here = (tiles == number).nonzero()[:, 0]
            who, node = pairs[here, 0], pairs[here, 1] % self.size
            cosines[here], more = cosines_of_pairs(block, self._units[number], who, node)
            work += more
        return cosines, work
