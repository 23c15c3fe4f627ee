"""Links from the nodes of libraries to a network's answers, and what they predict (lee2019 §2.2).

Nodes and patterns meet in tiles and blocks: beside the patterns there is at no time more than one
tile of nodes, one block of patterns and their product, whatever the number of thresholds. Where the
patterns lie in a space of few directions, links are made from their coordinates there, which `span`
makes and says the memory of.
"""

from collections.abc import Callable, Iterator

import numpy as np
import torch

from glassbox.analyses.cosines import at_hand, blocks, tiles
from glassbox.analyses.nearest import MostActive
from glassbox.analyses.span import in_their_span

KERNEL = 0.01  # width of g in Eq. 2


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
    cosines. A node's links are the same in every library that holds it. No cosine is left out,
    however low: between unlikely answers the sums of such decide. progress wraps the places of the
    tiles' first nodes.
    """
    patterns = in_their_span(at_hand(patterns, device), len(rows), device)
    links = np.zeros((len(kernels), len(rows), classes))
    chosen = torch.zeros(len(patterns), classes, device=device)
    chosen[torch.arange(len(patterns)), torch.as_tensor(answers, device=device)] = 1
    for tile, units in tiles(patterns, rows, device, progress):
        sums = torch.zeros(len(kernels), len(units), classes, dtype=torch.float64, device=device)
        for block, here in blocks(patterns, device):
            distances = 1 - block.cosines(units).T
            for place, width in enumerate(kernels):
                sums[place] += torch.exp(distances / -width) @ chosen[here]
        links[:, tile] = sums.cpu().numpy()
    return 2 * links - links.sum(axis=2, keepdims=True)


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
    patterns, stored = at_hand(patterns, device), at_hand(stored, device)
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
