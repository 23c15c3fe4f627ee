"""Libraries and nearest patterns by bounds, against bare products and FAISS's exact index.

One thread for all. The patterns are those of a LeNet's convolutions on 60,000 images of MNIST,
after one epoch of training, where GLASSBOX_DATA holds MNIST; else drawn ones with a like spectrum.
Products and FAISS take in proportion to the patterns that are shown, and are measured on a part.
"""

import os
from pathlib import Path

import faiss
import numpy as np
import torch
from libraries import patterns as clusters
from threadpoolctl import threadpool_limits
from timing import ratio, report
from torch.nn.functional import cross_entropy, max_pool2d, relu

from glassbox.analyses import libraries
from glassbox.analyses.libraries import build_libraries
from glassbox.analyses.nearest import nearest_patterns
from glassbox.datasets.idx import read_idx_images
from glassbox.models.lenet import DEVIATION, MEAN, LeNet

CPU = torch.device("cpu")
THRESHOLDS = {"CN1": np.arange(40, 81, 5) / 100, "CN2": np.arange(50, 91, 5) / 100}
WIDTHS = {"CN1": 11_520, "CN2": 3_200}
COUNT, SHOWN, NEAREST = 60_000, 10_000, 3
PART = 20  # into how many parts goes what is measured on one


def main() -> None:
    for layer in WIDTHS:
        patterns, shown = patterns_of(layer)
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
    patterns, many = clusters(300, (1.0, 1.0)), libraries.MANY

    def without_trial() -> None:
        libraries.MANY = len(patterns)
        build_libraries(patterns, [0.7], CPU)
        libraries.MANY = many

    lost = ratio(lambda: build_libraries(patterns, [0.7], CPU), without_trial)
    report("patterns without directions: with a trial / without", lost, 1.05)


def patterns_of(layer: str) -> tuple[np.ndarray, np.ndarray]:
    """The patterns of training and of test images in a layer."""
    folder = Path(os.environ.get("GLASSBOX_DATA", "")) / "mnist"
    if not folder.is_dir():
        print(f"{layer}: drawn patterns, since GLASSBOX_DATA holds no MNIST")
        drawn = drawn_patterns(WIDTHS[layer], COUNT + SHOWN)
        return drawn[:COUNT], drawn[COUNT:]
    model = trained(*images(folder, "train"))
    return tuple(of_layer(model, layer, images(folder, name)[0]) for name in ("train", "t10k"))


def images(folder: Path, name: str) -> tuple[torch.Tensor, torch.Tensor]:
    files = (folder / f"{name}-{what}-ubyte.gz" for what in ("images-idx3", "labels-idx1"))
    pixels, labels = read_idx_images(*files, 28)
    return torch.from_numpy((pixels[:, None] - MEAN[0]) / DEVIATION[0]), torch.from_numpy(labels)


def trained(inputs: torch.Tensor, labels: torch.Tensor) -> LeNet:
    """A LeNet after one epoch of PyTorch's example of 2019."""
    torch.manual_seed(0)
    model = LeNet()
    optimiser = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.5)
    for batch in torch.randperm(len(inputs)).split(64):
        optimiser.zero_grad()
        cross_entropy(model(inputs[batch]), labels[batch]).backward()
        optimiser.step()
    return model


@torch.no_grad()
def of_layer(model: LeNet, layer: str, inputs: torch.Tensor) -> np.ndarray:
    """Patterns before rectification, (n, d), as the published code has them."""
    found = np.empty((len(inputs), WIDTHS[layer]), np.float32)
    for start in range(0, len(inputs), 500):
        hidden = model.conv1(inputs[start : start + 500])
        if layer == "CN2":
            hidden = model.conv2(max_pool2d(relu(hidden), 2))
        found[start : start + 500] = hidden.flatten(1).numpy()
    return found


def drawn_patterns(width: int, count: int) -> np.ndarray:
    """Classes whose variance along the k-th of 512 directions falls as k to the power of -2.5."""
    rng = np.random.default_rng(0)
    axes = np.linalg.qr(rng.standard_normal((width, 512), np.float32))[0]
    scale = (np.arange(1, 513) ** -1.25).astype(np.float32)
    centres = rng.standard_normal((10, 512), np.float32) * scale
    found = np.empty((count, width), np.float32)
    for start in range(0, count, 1000):
        own = rng.standard_normal((1000, 512), np.float32) * scale
        found[start : start + 1000] = (centres[rng.integers(10, size=1000)] + own) @ axes.T
    return found


if __name__ == "__main__":
    with threadpool_limits(1):
        torch.set_num_threads(1)
        faiss.omp_set_num_threads(1)
        main()
