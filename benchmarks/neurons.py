"""Correlations of many neurons, and the map of 512 by 1 - |r|, on one thread.

Correlations of 4,608 neurons over 60,000 observations beside the bare product of the same blocks,
and how much memory they take besides. The map beside scikit-learn's SMACOF, and the stress of both.
"""

import sys

import numpy as np
import torch
from sklearn.manifold import smacof
from threadpoolctl import threadpool_limits
from timing import peak_memory, ratio, report

from glassbox.analyses.covariance import ROWS, correlations
from glassbox.analyses.neuron_maps import dissimilarities, metric_map

NEURONS, OBSERVATIONS, MAPPED, CLASSES = 4608, 60_000, 512, 10
CPU = torch.device("cpu")


def main(observations: int) -> None:
    rng = np.random.default_rng(0)
    values = rng.standard_normal((observations, NEURONS), np.float32)
    np.maximum(values, 0, out=values)
    rate_of_products(values, None, "")
    rate_of_products(values, rng.integers(CLASSES, size=observations), ", class means removed")
    map_of_neurons(rng)


def rate_of_products(values: np.ndarray, labels: np.ndarray | None, what: str) -> None:
    before = peak_memory()
    correlations(values[:ROWS], None if labels is None else labels[:ROWS], CPU)
    slower = ratio(
        lambda: correlations(values, labels, CPU), lambda: bare(values), rounds=1, uncounted=0
    )
    of = f"correlations of {NEURONS:,} neurons over {len(values):,} observations{what}"
    report(f"{of}: rate / of the bare product", 1 / slower, 0.7, more_is_better=True)
    print(
        f"memory beside {values.nbytes / 2**20:,.0f} MB of values: {peak_memory() - before:,.0f} MB"
    )


def bare(values: np.ndarray) -> torch.Tensor:
    """The products of the blocks alone, summed."""
    total = torch.zeros(values.shape[1], values.shape[1])
    for block in torch.from_numpy(values).split(ROWS):
        total.addmm_(block.T, block)
    return total


def map_of_neurons(rng: np.random.Generator) -> None:
    labels = rng.integers(CLASSES, size=2000)
    tells = rng.standard_normal((CLASSES, MAPPED))
    values = np.maximum(tells[labels] + rng.standard_normal((2000, MAPPED)), 0)
    apart, stress = dissimilarities(values.astype(np.float32), None, CPU), {}

    def ours() -> None:
        stress["ours"] = metric_map(apart, 0)[1]

    def theirs() -> None:
        stress["theirs"] = smacof(apart, n_init=1, random_state=0, normalized_stress=True)[1]

    report(
        f"map of {MAPPED} neurons / by scikit-learn's SMACOF", ratio(ours, theirs, rounds=3), 0.5
    )
    report("its stress / scikit-learn's", stress["ours"] / stress["theirs"], 1.01)


if __name__ == "__main__":
    with threadpool_limits(1):
        torch.set_num_threads(1)
        main(int(sys.argv[1]) if sys.argv[1:] else OBSERVATIONS)
