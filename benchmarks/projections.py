"""Maps by the study's own ways and by scikit-learn's, on one thread, with how good each is.

t-SNE of 12,000 jump signals and of 2,000 images; a series of maps of 2,000 that start each from
the one before, beside as many by scikit-learn; metric scaling of 2,000. The images are MNIST's
below GLASSBOX_DATA, or drawn without it. One round, as scikit-learn takes minutes.

The neighbours that a hit counts in a layer of 4,096 units, beside the product of all pairs: by
bounds, and of points that no bounds help.
"""

import os
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from layers import drawn_patterns
from openTSNE.affinity import PerplexityBasedNN
from scipy.spatial.distance import pdist, squareform
from sklearn.manifold import MDS, TSNE
from threadpoolctl import threadpool_limits
from timing import peak_memory, ratio, report

from glassbox.analyses.neighbourhoods import label_hit, nearest_neighbours
from glassbox.analyses.projections import PERPLEXITY, aligned_maps, project
from glassbox.analyses.scaling import euclidean_distances, metric_scaling
from glassbox.datasets.idx import read_idx_images
from glassbox.datasets.jumps import jump_signals

COUNT, CLASSES = 2000, 10
STEPS, BATCH = 150, 64  # between two of the states of a network whose layer is followed
UNITS, WIDE, FEWER = 4096, 60_000, 20_000
PART = 20  # into how many parts goes a product that is measured on one


def main() -> None:
    signals()
    images, _ = images_of(COUNT)
    one_map(images)
    series(states(images, *images_of(20_000, "train")))
    scaling(images)
    neighbours(drawn_patterns(UNITS, WIDE), "near a space of few dimensions")
    rng = np.random.default_rng(0)
    neighbours(rng.standard_normal((FEWER, UNITS), np.float32), "without directions")


def signals() -> None:
    rng = np.random.default_rng(0)
    signals = jump_signals(rng, 200, length=100, first=21, last=80, height=3.0, noise=1.0)
    maps = {}

    def ours() -> None:
        maps["openTSNE"] = project(signals.values, seed=0)

    def theirs() -> None:
        maps["scikit-learn"] = by_scikit_learn(signals.values)

    faster = 1 / ratio(ours, theirs, rounds=1, uncounted=0)
    report("t-SNE of 12,000: scikit-learn / openTSNE", faster, 2, more_is_better=True)
    for name, points in maps.items():
        hit = label_hit(nearest_neighbours(points, 6), signals.labels).mean()
        print(f"neighbourhood hit in the map of {name}: {hit:.3f}")


def one_map(images: np.ndarray) -> None:
    maps = {}

    def ours() -> None:
        maps["ours"] = project(images, seed=0)

    def theirs() -> None:
        maps["theirs"] = by_scikit_learn(images)

    report("t-SNE of 2,000 / scikit-learn", ratio(ours, theirs, rounds=1, uncounted=0), 0.75)
    compare("its divergence / scikit-learn's", [images], [maps["ours"]], [maps["theirs"]])


def series(states: list[np.ndarray]) -> None:
    maps = {}

    def ours() -> None:
        maps["ours"] = [each.places for each in aligned_maps(states, seed=0)]

    def theirs() -> None:
        maps["theirs"] = [by_scikit_learn(each) for each in states]

    measured = ratio(ours, theirs, rounds=1, uncounted=0)
    report(f"{len(states)} maps, each from the one before / scikit-learn", measured, 0.4)
    compare("their divergence / scikit-learn's", states, maps["ours"], maps["theirs"])


def scaling(images: np.ndarray) -> None:
    stress = {}

    def ours() -> None:
        stress["ours"] = metric_scaling(euclidean_distances(images), seed=0).stress

    def theirs() -> None:
        method = MDS(n_init=1, init="classical_mds", random_state=0, normalized_stress=False)
        stress["theirs"] = method.fit(images.astype(np.float64)).stress_

    report("metric scaling / scikit-learn", ratio(ours, theirs, rounds=1, uncounted=0), 0.5)
    report("its stress / scikit-learn's", stress["ours"] / stress["theirs"], 1.0)


def neighbours(points: np.ndarray, what: str) -> None:
    """The six nearest of all points, and how much memory that takes besides."""
    cloud = torch.from_numpy(points.astype(np.float64))
    part, before, held = cloud[: len(cloud) // PART], peak_memory(), []

    def ours() -> None:
        nearest_neighbours(points, 6)
        held.append(peak_memory() - before)

    slower = ratio(ours, lambda: part @ cloud.T, rounds=1, uncounted=0)
    of = f"neighbours of {len(points):,} points of {UNITS:,} units {what}"
    report(f"{of} / the product of all pairs", slower / PART, 2)
    print(f"memory beside {points.nbytes / 2**20:,.0f} MB of values: {held[0]:,.0f} MB")


def by_scikit_learn(values: np.ndarray) -> np.ndarray:
    method = TSNE(perplexity=PERPLEXITY, init="pca", random_state=0, n_jobs=1)
    return method.fit_transform(values)


def compare(
    what: str, values: list[np.ndarray], ours: list[np.ndarray], theirs: list[np.ndarray]
) -> None:
    """Report the divergences of maps from the same similarities, summed over the series."""
    ours, theirs = (sum(map(divergence, values, maps)) for maps in (ours, theirs))
    report(what, ours / theirs, 1.0)


def divergence(values: np.ndarray, places: np.ndarray) -> float:
    """The exact divergence of a map (n, 2) of values (n, d)."""
    wanted = PerplexityBasedNN(values.astype(np.float64), perplexity=PERPLEXITY, method="exact").P
    wanted = wanted.toarray()
    kernel = squareform(1 / (1 + pdist(places.astype(np.float64), "sqeuclidean")))
    here = wanted > 0
    return float((wanted[here] * np.log(wanted[here] * kernel.sum() / kernel[here])).sum())


def images_of(count: int, split: str = "t10k") -> tuple[np.ndarray, np.ndarray]:
    """Some images (count, 784) of MNIST and their classes, or such as are drawn."""
    rng = np.random.default_rng(0)
    folder = Path(os.environ.get("GLASSBOX_DATA", "../shared/data")) / "mnist"
    if not folder.is_dir():
        print(f"no MNIST at {folder}: images are drawn")
        labels = rng.integers(0, CLASSES, count)
        means = np.random.default_rng(1).random((CLASSES, 784))
        return (means[labels] + 0.5 * rng.random((count, 784))).astype(np.float32), labels
    files = (folder / f"{split}-{kind}-ubyte.gz" for kind in ("images-idx3", "labels-idx1"))
    images, labels = read_idx_images(*files, 28)
    rows = rng.choice(len(images), count, replace=False)
    return images[rows].reshape(count, -1), labels[rows]


def states(shown: np.ndarray, images: np.ndarray, labels: np.ndarray) -> list[np.ndarray]:
    """The last hidden layer (n, 1000) of an MLP while it learns, at the start and five times on."""
    torch.manual_seed(0)
    widths = [images.shape[1], 1000, 1000]
    layers = [
        each
        for one, other in pairwise(widths)
        for each in (torch.nn.Linear(one, other), torch.nn.ReLU())
    ]
    body, head = torch.nn.Sequential(*layers), torch.nn.Linear(widths[-1], CLASSES)
    descent = torch.optim.SGD([*body.parameters(), *head.parameters()], 0.05, 0.9)
    given, wanted = torch.from_numpy(images), torch.from_numpy(labels)
    found = [body(torch.from_numpy(shown)).detach().numpy()]
    for _ in range(5):
        for _ in range(STEPS):
            rows = torch.randint(0, len(given), (BATCH,))
            descent.zero_grad()
            torch.nn.functional.cross_entropy(head(body(given[rows])), wanted[rows]).backward()
            descent.step()
        found.append(body(torch.from_numpy(shown)).detach().numpy())
    return found


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
