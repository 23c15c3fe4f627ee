"""Links from the nodes of libraries to a network's answers, and what they predict (lee2019 §2.2).

Nodes and patterns meet in tiles and blocks: at no time is there more than one tile of nodes, one
block of patterns and their product, whatever the number of thresholds. Where only a narrow kernel
is asked for, parts of a product whose cosines all are too low to count are left out (see `bounds`).
"""

import math
from collections.abc import Callable, Iterator

import numpy as np
import torch

from glassbox.analyses.bounds import leading_directions, sketches_are_worth, upper_bounds
from glassbox.analyses.cosines import LARGEST, Block, blocks, tiles
from glassbox.analyses.nearest import MostActive

KERNEL = 0.01  # width of g in Eq. 2
LEFT_OUT = 2.0**-24  # activity of a node by all that is left out, beside 1 by its own pattern
HIGH = 0.5  # what a kernel counts from, to be narrow


def hebbian_links(
    patterns: np.ndarray,
    rows: np.ndarray,
    answers: np.ndarray,
    classes: int,
    device: torch.device,
    kernels: tuple[float, ...] = (KERNEL,),
    progress: Callable[[range], Iterator[int]] = iter,
) -> np.ndarray:
    """W^F of Eq. 2 for nodes that hold the patterns of some rows: (K, U, classes) float64.

    patterns: (n, d) of the training examples, answers: (n,) of the network to them; a prediction
    node has 1 for the network's answer and -1 otherwise. K kernels g of different widths share the
    cosines. A node's links are the same in every library that holds it. progress wraps the places
    of the tiles' first nodes. By bounds a sum of activities is off by at most `LEFT_OUT`, which is
    less than a float32 cosine of 1 makes of it.
    """
    chosen = torch.zeros(len(patterns), classes, device=device)
    chosen[torch.arange(len(patterns)), torch.as_tensor(answers, device=device)] = 1
    counting = 1 - max(kernels) * math.log(len(patterns) / LEFT_OUT)
    if counting >= HIGH and sketches_are_worth(len(patterns), len(rows), patterns.shape[1]):
        activity = _by_bounds(patterns, rows, answers, chosen, kernels, counting, progress)
    else:
        activity = _by_products(patterns, rows, chosen, kernels, progress)
    return 2 * activity - activity.sum(axis=2, keepdims=True)


def _by_products(
    patterns: np.ndarray,
    rows: np.ndarray,
    chosen: torch.Tensor,
    kernels: tuple[float, ...],
    progress: Callable[[range], Iterator[int]],
) -> np.ndarray:
    """The sums of g of each node over the patterns with each answer, (K, U, classes)."""
    device, classes = chosen.device, chosen.shape[1]
    found = np.zeros((len(kernels), len(rows), classes))
    for tile, units in tiles(patterns, rows, device, progress):
        sums = torch.zeros(len(kernels), len(units), classes, dtype=torch.float64, device=device)
        for block, here in blocks(patterns, device):
            distances = 1 - block.cosines(units).T
            for place, width in enumerate(kernels):
                sums[place] += torch.exp(distances / -width) @ chosen[here]
        found[:, tile] = sums.cpu().numpy()
    return found


def _by_bounds(
    patterns: np.ndarray,
    rows: np.ndarray,
    answers: np.ndarray,
    chosen: torch.Tensor,
    kernels: tuple[float, ...],
    counting: float,
    progress: Callable[[range], Iterator[int]],
) -> np.ndarray:
    """The same, without what has no cosine from `counting` on.

    Patterns and nodes are taken answer by answer, so that what counts lies together.
    """
    device, size = chosen.device, LARGEST[chosen.device.type]
    directions = leading_directions(patterns, np.arange(len(patterns)), device)
    order = np.argsort(answers, kind="stable")
    parts = np.split(order, range(size, len(order), size))
    sketches = [directions.sketch(Block.of(patterns[part], part, device)) for part in parts]
    places = np.argsort(answers[rows], kind="stable")
    found = np.zeros((len(kernels), len(rows), chosen.shape[1]))
    for tile, units in tiles(patterns, rows[places], device, progress):
        sums = torch.zeros(len(kernels), len(units), chosen.shape[1], dtype=torch.float64)
        sums = sums.to(device)
        nodes = directions.sketch(Block.of_units(units))
        for part, sketch in zip(parts, sketches, strict=True):
            counts = upper_bounds(sketch, nodes) >= counting - directions.slack
            some, mine = counts.any(1).nonzero()[:, 0], counts.any(0).nonzero()[:, 0]
            if len(some):
                here = part[some.cpu().numpy()]
                cosines = Block.of(patterns[here], here, device).cosines(units[mine]).T
                for place, width in enumerate(kernels):
                    weights = torch.exp((1 - cosines) / -width)
                    sums[place, mine] += (weights @ chosen[here]).double()
        found[:, places[tile]] = sums.cpu().numpy()
    return found


def predictions(active: MostActive, links: np.ndarray, top: int) -> np.ndarray:
    """P of Eq. 3 from the `top` most active nodes: (T, n, classes).

    links: (U, classes). The cosines weigh the links, not the kernel of them (E-L02).
    """
    total = np.zeros((*active.nodes.shape[:2], links.shape[1]))
    for place in range(top):
        total += links[active.nodes[..., place]] * active.cosines[..., place, None]
    return total


def all_node_predictions(
    patterns: np.ndarray,
    stored: np.ndarray,
    rows: np.ndarray,
    member: np.ndarray,
    links: np.ndarray,
    device: torch.device,
) -> np.ndarray:
    """P of Eq. 3 from all nodes of each library, (T, n, classes): the limit of many nodes."""
    total = np.zeros((len(member), len(patterns), links.shape[1]))
    for tile, units in tiles(stored, rows, device):
        for block, here in blocks(patterns, device):
            found = block.cosines(units).double().cpu().numpy()
            for place, mine in enumerate(member[:, tile]):
                total[place, here] += found[:, mine] @ links[tile][mine]
    return total


def node_purity(links: np.ndarray) -> np.ndarray:
    """Share of a node's activity g that its most frequent answer gives, of links (U, classes).

    The sums of g over all patterns and over those with one answer follow from the links of Eq. 2,
    of which there must be more than two classes. NaN for a node without activity, a zero vector.
    """
    total = links.sum(axis=1) / (2 - links.shape[1])
    undefined = np.full(len(links), np.nan)
    return np.divide(links.max(axis=1) + total, 2 * total, out=undefined, where=total > 0)


def agreement(predicted: np.ndarray, answers: np.ndarray, best: int = 1) -> np.ndarray:
    """Share of patterns whose answer (n,) is among the `best` of predictions (..., n, classes)."""
    own = np.take_along_axis(
        predicted, np.broadcast_to(answers, predicted.shape[:-1])[..., None], axis=-1
    )
    labels = np.arange(predicted.shape[-1])
    before = (predicted > own) | ((predicted == own) & (labels < answers[:, None]))
    return (before.sum(axis=-1) < best).mean(axis=-1)
