"""Patterns by their coordinates, where they lie in a space of far fewer directions than units.

What a layer makes of its input by sums alone, as a first convolution does before it is rectified,
lies in a space of at most one direction more than the input has. Let V have orthonormal columns,
and let x = Vc + e be a pattern of length 1 whose rest e is at most R long. The cosine of c with c'
then is that of x with x' up to 2 R², and R = 2⁻¹³ makes that 2⁻²⁵, half of what float32 can tell
from 1.

How long a rest is, is found out of every pattern, from sums of its entries with random weights: the
mean square of such sums is its squared length, but for chance. A rest that is longer than R passes
for one of R / 4 with a probability of 2e-14.
"""

from __future__ import annotations

import numpy as np
import torch

from glassbox.analyses.cosines import ALLOWED, Block, blocks

REST = 2.0**-13  # R, for patterns of length 1
SUMS = 32  # from which a rest's length is estimated
SAMPLE = 1024  # patterns that directions are found from at a time
MOST = 768  # directions: a sample that spans more than three quarters of its own hides others
FAR = 8  # a pattern in so many may have a rest that the first directions leave
EIGENVECTORS = 16  # what those of a matrix take, in multiplications for the cube of its size


def in_their_span(
    patterns: np.ndarray | torch.Tensor, nodes: int, device: torch.device
) -> np.ndarray | torch.Tensor:
    """Coordinates (n, k) of patterns (n, d) float32 with the cosines of these, on the device.

    The patterns as they are, where coordinates would not halve what products of all with so many
    nodes take. Trying a sample takes about a twentieth of these at most; where its directions would
    do, and patterns outside of it have others, up to half of them is lost. Memory at most: twice
    the coordinates, which are less than half as many as the units; a quarter of the patterns; and
    32 KB for each unit.
    """
    count, width = patterns.shape
    if _trying(width) > ALLOWED * count * nodes * width:
        return patterns
    rows = np.linspace(0, count - 1, min(SAMPLE, count)).astype(np.int64)
    axes = _axes(Block.of(patterns[rows], rows, device).units())
    if axes is None or not _saves(count, nodes, width, axes.shape[1]):
        return patterns
    projected = _projected(patterns, axes, device)
    if projected is None:
        return patterns
    coordinates, rests = projected
    first = axes.shape[1]
    while len(rests):
        more = _axes(rests[:: -(-len(rests) // SAMPLE)], axes)
        if more is None or not _saves(count, nodes, width, axes.shape[1] + more.shape[1]):
            return patterns
        axes, rests = torch.cat([axes, more], dim=1), _left(rests, more)
    if axes.shape[1] == first:
        return coordinates
    further = [block.cosines(axes[:, first:].T) for block, _ in blocks(patterns, device)]
    return torch.cat([coordinates, torch.cat(further)], dim=1)


def _projected(
    patterns: np.ndarray | torch.Tensor, axes: torch.Tensor, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor] | None:
    """Coordinates (n, k), and what they leave of patterns (m, d) where it is too much.

    None where that is so of too many patterns.
    """
    weights = np.random.default_rng(0).standard_normal((len(axes), SUMS), np.float32)
    weights = torch.from_numpy(weights).to(device)
    sums_of_axes, both = axes.T @ weights, torch.cat([axes, weights], dim=1)
    coordinates = torch.empty(len(patterns), axes.shape[1], device=device)
    far, rests = [axes.new_empty(0, len(axes))], 0
    for block, here in blocks(patterns, device):
        own, sums = block.cosines(both.T).split([axes.shape[1], SUMS], dim=1)
        coordinates[here] = own
        lengths = (sums - own @ sums_of_axes).square().mean(1).sqrt()
        places = (lengths > REST / 4).nonzero()[:, 0]
        far.append(block.subset(places).units() - own[places] @ axes.T)
        rests += len(places)
        if FAR * rests > len(patterns):
            return None
    return coordinates, torch.cat(far)


def _axes(vectors: torch.Tensor, held: torch.Tensor | None = None) -> torch.Tensor | None:
    """Orthonormal axes (d, k) by which no rest of vectors (s, d) is longer than R / 16.

    held: axes (d, j) that the new ones are orthogonal to, as the vectors are. None for more than
    `MOST`.
    """
    doubles = vectors.double()
    values, combined = torch.linalg.eigh(doubles @ doubles.T)
    kept = values > (REST / 16) ** 2
    if int(kept.sum()) > MOST:
        return None
    found = doubles.T @ combined[:, kept]
    others = found[:, :0] if held is None else held.double()
    whole = torch.cat([others, found / torch.linalg.vector_norm(found, dim=0)], dim=1)
    return torch.linalg.qr(whole).Q[:, others.shape[1] :].float().contiguous()


def _left(rests: torch.Tensor, axes: torch.Tensor) -> torch.Tensor:
    """What further axes leave of rests (m, d), where it is still too much."""
    rests = rests - rests @ axes @ axes.T
    return rests[torch.linalg.vector_norm(rests, dim=1) > REST / 4]


def _trying(width: int) -> int:
    """What finding the first axes takes, in multiplications."""
    return SAMPLE**2 * width + EIGENVECTORS * SAMPLE**3


def _saves(count: int, nodes: int, width: int, directions: int) -> bool:
    """Whether products of coordinates, and making these, take less than half of all products."""
    made = count * width * (directions + SUMS)
    less = 2 * (made + count * nodes * directions) < count * nodes * width
    return less and directions <= MOST
