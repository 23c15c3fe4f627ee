"""Activation patterns that the benchmarks of libraries share.

They are those of a LeNet's convolutions on images of MNIST, after one epoch of training, where
GLASSBOX_DATA holds MNIST; else drawn ones with a like spectrum.
"""

import os
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import cross_entropy, max_pool2d, relu

from glassbox.datasets.idx import read_idx_images
from glassbox.models.kinds.lenet import DEVIATION, MEAN, LeNet

WIDTHS = {"CN1": 11_520, "CN2": 3_200}
THRESHOLDS = {"CN1": np.arange(40, 81, 5) / 100, "CN2": np.arange(50, 91, 5) / 100}
COUNT, SHOWN, NEAREST = 60_000, 10_000, 3


def patterns_of(layer: str, device: torch.device) -> tuple[np.ndarray, np.ndarray]:
    """The patterns of training and of test images in a layer, (60,000, d) and (10,000, d)."""
    if not mnist():
        print(f"{layer}: drawn patterns, since GLASSBOX_DATA holds no MNIST")
        drawn = drawn_patterns(WIDTHS[layer], COUNT + SHOWN)
        return drawn[:COUNT], drawn[COUNT:]
    model = trained(*(each.to(device) for each in images("train")))
    return tuple(of_layer(model, layer, images(name)[0]) for name in ("train", "t10k"))


def mnist() -> Path | None:
    """The folder of its files, where there is one."""
    folder = Path(os.environ.get("GLASSBOX_DATA", "")) / "mnist"
    return folder if folder.is_dir() else None


def images(name: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Those of "train" or "t10k", normalised, (n, 1, 28, 28), and their labels (n,)."""
    files = (mnist() / f"{name}-{what}-ubyte.gz" for what in ("images-idx3", "labels-idx1"))
    pixels, labels = read_idx_images(*files, 28)
    return torch.from_numpy((pixels[:, None] - MEAN[0]) / DEVIATION[0]), torch.from_numpy(labels)


def trained(inputs: torch.Tensor, labels: torch.Tensor) -> LeNet:
    """A LeNet after one epoch of PyTorch's example of 2019."""
    torch.manual_seed(0)
    model = LeNet().to(inputs.device)
    optimiser = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.5)
    for batch in torch.randperm(len(inputs)).to(inputs.device).split(64):
        optimiser.zero_grad()
        cross_entropy(model(inputs[batch]), labels[batch]).backward()
        optimiser.step()
    return model


@torch.no_grad()
def of_layer(model: LeNet, layer: str, inputs: torch.Tensor) -> np.ndarray:
    """Patterns before rectification, (n, d), as the published code has them."""
    found = np.empty((len(inputs), WIDTHS[layer]), np.float32)
    for start in range(0, len(inputs), 500):
        hidden = model.conv1(inputs[start : start + 500].to(model.conv1.weight.device))
        if layer == "CN2":
            hidden = model.conv2(max_pool2d(relu(hidden), 2))
        found[start : start + 500] = hidden.flatten(1).cpu().numpy()
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
