"""Libraries of 10,000 patterns of 3,200 dimensions, against products and against plain loops.

One thread for all, NumPy's products too. "Dense" patterns fill a library that grows with them,
"sparse" ones a small one. The time of the loop that stacks a copy at every insertion, as the
published code does, is estimated from some of its insertions.
"""

import time
from collections.abc import Callable

import numpy as np
import torch
from threadpoolctl import threadpool_limits
from timing import ratio, report

from glassbox.analyses.libraries import Libraries, build_libraries

COUNT, WIDTH = 10_000, 3_200
CPU = torch.device("cpu")
THRESHOLDS = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85]


def main() -> None:
    dense, sparse = patterns(300, (1.0, 1.0)), patterns(60, (0.35, 0.35))
    for name, values in (("dense", dense), ("sparse", sparse)):
        built = build_libraries(values, [0.7], CPU)
        print(f"{name}: {built.sizes[0]} of {COUNT} patterns stored at 0.7")
        products = bare_products(values, built)
        rate = 1 / ratio(lambda v=values: build_libraries(v, [0.7], CPU), products, rounds=3)
        report(f"{name}: rate of a library / rate of a bare product", rate, 0.7, True)
    against_loops(dense)
    together(patterns(300, (0.3, 1.0)))


def patterns(clusters: int, noise: tuple[float, float]) -> np.ndarray:
    """Clusters whose patterns lie within cosines of 1 / (1 + noise²), from one noise to another."""
    rng = np.random.default_rng(0)
    centres = rng.standard_normal((clusters, WIDTH), np.float32)
    near = centres[rng.integers(clusters, size=COUNT)]
    spread = rng.uniform(*noise, (COUNT, 1)).astype(np.float32)
    return near + spread * rng.standard_normal((COUNT, WIDTH), np.float32)


def bare_products(values: np.ndarray, built: Libraries) -> Callable[[], torch.Tensor]:
    """One product with as many multiplications as one at a time needs: sum of sizes so far x d."""
    needed = np.searchsorted(built.rows, np.arange(COUNT)).sum()
    left = torch.from_numpy(values)
    right = left[: max(1, round(needed / COUNT))].clone()
    return lambda: left @ right.T


def against_loops(values: np.ndarray) -> None:
    start = time.perf_counter()
    rows = loop(values, 0.7)
    preallocated = time.perf_counter() - start
    stacking = stacking_seconds(values[rows])
    start = time.perf_counter()
    built = build_libraries(values, [0.7], CPU)
    ours = time.perf_counter() - start
    assert built.rows.tolist() == rows
    report("dense: preallocated NumPy loop / ours", preallocated / ours, 4, True)
    report("dense: stacking NumPy loop (estimated) / ours", stacking / ours, 25, True)


def loop(values: np.ndarray, threshold: float) -> list[int]:
    units = values / np.linalg.norm(values, axis=1, keepdims=True)
    library, rows = np.empty_like(units), []
    for row, unit in enumerate(units):
        if not rows or (library[: len(rows)] @ unit).max() < threshold:
            library[len(rows)] = unit
            rows.append(row)
    return rows


def stacking_seconds(stored: np.ndarray, parts: int = 5, insertions: int = 20) -> float:
    """Seconds of a loop that stacks a copy at each of all insertions, by the middle of each part.

    An insertion takes time in proportion to the library, so that the middle stands for its part.
    """
    units = stored / np.linalg.norm(stored, axis=1, keepdims=True)
    part, total = len(units) // parts, 0.0
    for middle in range(part // 2, len(units), part):
        library = units[:middle].copy()
        start = time.perf_counter()
        for unit in units[middle : middle + insertions]:
            if (library @ unit).max() < 1:
                library = np.vstack([library, unit])
        total += (time.perf_counter() - start) / insertions * part
    return total


def together(values: np.ndarray) -> None:
    sizes = build_libraries(values, THRESHOLDS, CPU).sizes
    print(f"mixed: {sizes.tolist()} patterns stored at {THRESHOLDS}")
    shared = ratio(
        lambda: build_libraries(values, THRESHOLDS, CPU),
        lambda: [build_libraries(values, [each], CPU) for each in THRESHOLDS],
        rounds=1,
    )
    report("mixed: eight thresholds in one pass / one by one", shared, 1.0)


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
