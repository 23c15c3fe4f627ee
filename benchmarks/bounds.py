"""Libraries and nearest patterns by bounds, against bare products and FAISS's exact index.

One thread for all, on the patterns of `layers`. Products and FAISS take in proportion to the
patterns that are shown, and are measured on a part.
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
from glassbox.analyses.nearest import nearest_patterns

CPU = torch.device("cpu")
PART = 20  # into how many parts goes what is measured on one


def main() -> None:
    for layer in WIDTHS:
        patterns, shown = patterns_of(layer, CPU)
        of_libraries(layer, patterns)
        of_nearest(layer, patterns, shown)
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
