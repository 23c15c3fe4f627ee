"""Libraries and nearest patterns by bounds, and links by coordinates, against products and FAISS.

One thread for all, on the patterns of `layers`. Products and FAISS's exact index take in proportion
to the patterns that are shown, and are measured on a part.
"""

import faiss
import numpy as np
import torch
from layers import COUNT, NEAREST, SHOWN, THRESHOLDS, WIDTHS, patterns_of
from libraries import patterns as clusters
from threadpoolctl import threadpool_limits
from timing import ratio, report

from glassbox.analyses import libraries
from glassbox.analyses.libraries import build_libraries
from glassbox.analyses.links import hebbian_links
from glassbox.analyses.nearest import nearest_patterns

CPU = torch.device("cpu")
LINKS = {"CN1": 4, "CN2": 0.8}  # where all are products of patterns, the kernel comes beside
PART = 20  # into how many parts goes what is measured on one


def main() -> None:
    for layer in WIDTHS:
        patterns, shown = patterns_of(layer, CPU)
        of_libraries(layer, patterns)
        of_nearest(layer, patterns, shown)
        of_links(layer, patterns)
    where_products_go_on()


def of_libraries(layer: str, patterns: np.ndarray) -> None:
    built = build_libraries(patterns, THRESHOLDS[layer], CPU)
    print(f"{layer}: {built.sizes.tolist()} of {COUNT} stored at {THRESHOLDS[layer].tolist()}")
    needed = np.searchsorted(built.rows, np.arange(COUNT)).mean()
    stored = torch.from_numpy(patterns[: round(needed)])
    part = torch.from_numpy(patterns[: COUNT // PART])
    faster = PART / ratio(
        lambda: build_libraries(patterns, THRESHOLDS[layer], CPU),
        lambda: part @ stored.T,
        rounds=3,
        uncounted=0,
    )
    report(f"{layer}: bare products with the stored / libraries", faster, 4, True)


def of_nearest(layer: str, patterns: np.ndarray, shown: np.ndarray) -> None:
    units = patterns / np.linalg.norm(patterns, axis=1, keepdims=True)
    asked = shown / np.linalg.norm(shown, axis=1, keepdims=True)
    index = faiss.IndexFlatIP(WIDTHS[layer])
    index.add(units)
    del units
    found = nearest_patterns(shown, patterns, NEAREST, CPU)
    _, theirs = index.search(asked[: SHOWN // PART], NEAREST)
    same = (found.nodes[0, : SHOWN // PART] == theirs).mean()
    print(f"{layer}: {same:.2%} of the neighbours are those of FAISS")
    faster = PART / ratio(
        lambda: nearest_patterns(shown, patterns, NEAREST, CPU),
        lambda: index.search(asked[: SHOWN // PART], NEAREST),
        rounds=3,
        uncounted=0,
    )
    report(f"{layer}: three nearest by FAISS's flat index / by bounds", faster, 5, True)


def of_links(layer: str, patterns: np.ndarray) -> None:
    """Of the nodes of the library of the highest threshold; those of CN1 lie in few directions."""
    rows = build_libraries(patterns, THRESHOLDS[layer][-1:], CPU).rows
    answers = np.arange(COUNT) % 10
    stored, part = torch.from_numpy(patterns[rows]), torch.from_numpy(patterns[: COUNT // PART])
    faster = PART / ratio(
        lambda: hebbian_links(patterns, rows, answers, 10, CPU),
        lambda: part @ stored.T,
        rounds=1,
        uncounted=0,
    )
    report(f"{layer}: bare products with the nodes / links", faster, LINKS[layer], True)


def where_products_go_on() -> None:
    """Of patterns that lie near no space of few dimensions; the trial is all that is lost."""
    patterns, many = clusters(300, (1.0, 1.0)), libraries.MANY["cpu"]

    def without_trial() -> None:
        libraries.MANY["cpu"] = len(patterns)
        build_libraries(patterns, [0.7], CPU)
        libraries.MANY["cpu"] = many

    lost = ratio(lambda: build_libraries(patterns, [0.7], CPU), without_trial)
    report("patterns without directions: with a trial / without", lost, 1.05)


if __name__ == "__main__":
    with threadpool_limits(1):
        torch.set_num_threads(1)
        faiss.omp_set_num_threads(1)
        main()
