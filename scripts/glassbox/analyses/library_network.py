"""Library networks of one layer: libraries with links to a network's answers (lee2019 Fig. 1)."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
import torch

from glassbox.analyses.libraries import Libraries, build_libraries
from glassbox.analyses.links import KERNEL, all_node_predictions, hebbian_links, predictions
from glassbox.analyses.nearest import MostActive, most_active


@dataclass(frozen=True)
class Answered:
    """Patterns (n, d) float32 of some examples in one layer, and the network's answers (n,)."""

    patterns: np.ndarray
    answers: np.ndarray


@dataclass(frozen=True)
class LibraryNetwork:
    """A library network per threshold, over the patterns of one training set.

    links: (U, classes) float64, W^F of Eq. 2, of the nodes of all libraries.
    """

    libraries: Libraries
    links: np.ndarray

    @classmethod
    def fit(
        cls,
        training: Answered,
        classes: int,
        thresholds: Sequence[float],
        device: torch.device,
        progress: Callable[[range], Iterator[int]] = iter,
    ) -> Self:
        """Libraries of training patterns, in their order, and links to the answers."""
        (found,) = cls.by_order(training, classes, thresholds, device, progress=progress)
        return found[KERNEL]

    @classmethod
    def by_order(
        cls,
        training: Answered,
        classes: int,
        thresholds: Sequence[float],
        device: torch.device,
        orders: Sequence[np.ndarray] = (),
        kernels: tuple[float, ...] = (KERNEL,),
        progress: Callable[[range], Iterator[int]] = iter,
    ) -> list[dict[float, Self]]:
        """Libraries of training patterns in their order, and in each of several other ones (n,).

        Each with links by several widths of g in Eq. 2, which are the keys. A pattern has the same
        links in every library that stores it, so that they are made once for all orders.
        """
        patterns, answers = training.patterns, training.answers
        logging.info("libraries of %d patterns of %d units", *patterns.shape)
        built = [build_libraries(patterns, thresholds, device, progress)]
        for order in orders:
            logging.info("libraries of the same patterns in another order")
            found = build_libraries(patterns[order], thresholds, device, progress)
            built.append(found.in_given_order(order))
        rows = np.unique(np.concatenate([each.rows for each in built]))
        logging.info("links of %d nodes", len(rows))
        links = hebbian_links(patterns, rows, answers, classes, device, kernels, progress)
        return [
            {
                width: cls(each, of_width[np.searchsorted(rows, each.rows)])
                for width, of_width in zip(kernels, links, strict=True)
            }
            for each in built
        ]

    def most_active(
        self, patterns: np.ndarray, stored: np.ndarray, top: int, device: torch.device
    ) -> MostActive:
        """The `top` most active nodes for patterns (n, d); stored: (N, d), those of training."""
        rows, member = self.libraries.rows, self.libraries.member
        return most_active(patterns, stored, rows, member, top, device)

    def predictions(self, active: MostActive, top: int) -> np.ndarray:
        """P of Eq. 3 from the `top` most active nodes: (T, n, classes)."""
        return predictions(active, self.links, top)

    def all_node_predictions(
        self, patterns: np.ndarray, stored: np.ndarray, device: torch.device
    ) -> np.ndarray:
        """P of Eq. 3 from all nodes for patterns (n, d), stored as above: (T, n, classes)."""
        rows, member = self.libraries.rows, self.libraries.member
        return all_node_predictions(patterns, stored, rows, member, self.links, device)

    def table(self) -> pd.DataFrame:
        """One row per node: its pattern's `row`, which libraries it is in, and its links."""
        frame = pd.DataFrame({"row": self.libraries.rows})
        for threshold, member in zip(self.libraries.thresholds, self.libraries.member, strict=True):
            frame[_column(threshold)] = member
        for label, column in enumerate(self.links.T):
            frame[f"link {label}"] = column
        return frame

    @classmethod
    def of_table(cls, table: pd.DataFrame, thresholds: Sequence[float]) -> Self:
        """The inverse of `table` for some of its thresholds (T,); nodes may be in none of them."""
        member = [table[_column(threshold)].to_numpy() for threshold in thresholds]
        libraries = Libraries(
            np.asarray(thresholds, np.float64),
            table["row"].to_numpy(),
            np.array(member, bool).reshape(len(thresholds), len(table)),
        )
        return cls(libraries, table.filter(like="link ").to_numpy())


def _column(threshold: float) -> str:
    return f"in {threshold:g}"
