"""The plane of an autoencoder's two bottleneck units: densities on it, and grids over it.

Densities are kernel estimates with a product of Gaussian kernels, whose widths follow Scott's rule
in each unit (Scott 1992). The paper estimates densities and does not say how (pardo2019 §2.8).
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import torch

from glassbox.errors import GlassboxError

NARROW = 1e-6  # the least width of a kernel, where all points are one
AT_ONCE = 2**24  # pairs of points whose kernels are held together


@dataclass(frozen=True)
class Grid:
    """A square grid over the plane: places z_ij = (ends of axis 1, ends of axis 2).

    axes: the places along each of the two units, (size,) float64, evenly spaced.
    """

    axes: tuple[np.ndarray, np.ndarray]

    @classmethod
    def within(cls, end: float, size: int) -> Self:
        """The square from -end to end in both units (pardo2019 Eq. 7, Ω')."""
        axis = np.linspace(-end, end, size)
        return cls((axis, axis))

    @classmethod
    def around(cls, points: np.ndarray, size: int, margin: float = 0.05) -> Self:
        """The rectangle that holds points (n, 2), and a margin of its sides."""
        low, high = points.min(axis=0), points.max(axis=0)
        more = np.maximum(margin * (high - low), NARROW)
        ends = zip(low - more, high + more, strict=True)
        return cls(tuple(np.linspace(*each, size) for each in ends))

    @property
    def area(self) -> float:
        """The area of a cell, (Δz)² where both units have the same steps."""
        return float(np.prod([axis[1] - axis[0] for axis in self.axes]))

    @property
    def places(self) -> np.ndarray:
        """All places, the second unit running fastest: (size², 2)."""
        return np.stack(np.meshgrid(*self.axes, indexing="ij"), axis=-1).reshape(-1, 2)


@dataclass(frozen=True)
class Density:
    """The kernel estimate of the density that points (n, 2) float64 are drawn from.

    widths: of the kernel in each unit, (2,).
    """

    points: np.ndarray
    widths: np.ndarray

    @classmethod
    def of(cls, points: np.ndarray) -> Self:
        """With the widths of Scott's rule, the standard deviation times n^(-1/6).

        Raises GlassboxError where there is no point.
        """
        if not len(points):
            raise GlassboxError("the density of no points can't be estimated")
        points = np.asarray(points, np.float64)
        return cls(points, np.maximum(points.std(axis=0) * len(points) ** (-1 / 6), NARROW))

    def on(self, grid: Grid) -> np.ndarray:
        """At each place of a grid, (size, size): a product of the kernels of the two units."""
        first, second = (
            _kernels(axis[:, None] - values, width)
            for axis, values, width in zip(grid.axes, self.points.T, self.widths, strict=True)
        )
        return first @ second.T / len(self.points)

    def log_at(self, places: np.ndarray) -> np.ndarray:
        """The logarithm at places (m, 2): (m,) float64, finite however far they lie."""
        points, others = (
            torch.from_numpy(np.asarray(each, np.float64) / self.widths)
            for each in (self.points, places)
        )
        rows = max(1, AT_ONCE // len(points))
        found = [
            torch.logsumexp(-(torch.cdist(block, points) ** 2) / 2, dim=1)
            for block in others.split(rows)
        ]
        scale = len(points) * 2 * np.pi * np.prod(self.widths)
        return torch.cat(found).numpy() - np.log(scale)


def _kernels(distances: np.ndarray, width: float) -> np.ndarray:
    """The density of a Gaussian of this standard deviation at some distances."""
    return np.exp(-((distances / width) ** 2) / 2) / (width * np.sqrt(2 * np.pi))


def neighbourhood_shares(
    points: np.ndarray,
    labels: np.ndarray,
    places: np.ndarray,
    wanted: np.ndarray,
    neighbours: int,
    is_among: bool,
) -> np.ndarray:
    """The share of the nearest points (n, 2) of each place (m, 2) that have its label: (m,).

    labels: (n,) of the points; wanted: (m,) of the places. is_among: whether the places are the
    points themselves, in their order, which are no neighbours of their own.
    """
    from scipy.spatial import cKDTree  # which only those that are asked of neighbours need

    count = neighbours + is_among
    _, near = cKDTree(points).query(places, k=count)
    near = near.reshape(len(places), count)
    alike = labels[near] == wanted[:, None]
    if not is_among:
        return alike.mean(axis=1)
    own = near == np.arange(len(places))[:, None]
    own[~own.any(axis=1), -1] = True  # among many equal points another one stands for itself
    return (alike & ~own).sum(axis=1) / neighbours
