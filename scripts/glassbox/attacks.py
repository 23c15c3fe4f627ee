"""Attacks on classifiers and the controls beside them (lee2019 §3.4).

Each changes inputs by at most `size` in the maximum norm and then clips them to [0, 1], in one of
two spaces: that of pixels, as it should be, or that of inputs normalised by mean and deviation, as
published (E-L08), where clipping alone changes an image and sizes are in units of the deviation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import nn

from glassbox.models.classifier import Classifier

Space = Literal["pixels", "normalised"]


@dataclass(frozen=True)
class Attack:
    """Projected gradient ascent of the cross-entropy: advertorch's LinfPGDAttack as published."""

    size: float
    steps: int = 40
    step: float = 0.01


def reach(inputs: np.ndarray, size: float) -> tuple[np.ndarray, np.ndarray]:
    """The least and the largest values that inputs may take within `size`, then within [0, 1].

    Inputs beyond [0, 1] by more than `size` have one value left, 0 or 1.
    """
    return np.clip(inputs - size, 0, 1), np.clip(inputs + size, 0, 1)


def projected_gradient(
    model: nn.Module,
    inputs: np.ndarray,
    labels: np.ndarray,
    attack: Attack,
    seed: int,
    device: torch.device,
) -> np.ndarray:
    """Inputs (n, ...) moved up the cross-entropy of the model's logits with labels (n,).

    The start is uniform within `reach`, and so is every step clipped: the same sets as
    advertorch's order, clipping to the size and then to [0, 1], leaves for each value. In batches
    of the Adversarial Robustness Toolbox, whose boxes have a size per value.
    """
    from art.attacks.evasion import ProjectedGradientDescentPyTorch
    from art.estimators.classification import PyTorchClassifier

    least, most = (each.reshape(len(inputs), -1) for each in reach(inputs, attack.size))
    network = _Flat(model.eval(), inputs.shape[1:])
    classes = int(network(torch.from_numpy(least[:1]).to(device)).shape[1])
    estimator = PyTorchClassifier(
        network,
        nn.CrossEntropyLoss(),
        (least.shape[1],),
        classes,
        device_type="gpu" if device.type == "cuda" else "cpu",
    )
    half = (most - least) / 2
    method = ProjectedGradientDescentPyTorch(
        estimator,
        eps=half,
        eps_step=np.full_like(half, attack.step),
        max_iter=attack.steps,
        num_random_init=1,
        batch_size=len(inputs),
        verbose=False,
    )
    moved = _seeded(seed, lambda: method.generate((least + most) / 2, labels))
    return np.clip(moved, least, most).astype(np.float32).reshape(inputs.shape)


def random_corner(inputs: np.ndarray, size: float, rng: np.random.Generator) -> np.ndarray:
    """The control for the direction: each value at one end of its reach or the other."""
    least, most = reach(inputs, size)
    return np.where(rng.random(inputs.shape) < 0.5, least, most).astype(np.float32)


def clipped(inputs: np.ndarray) -> np.ndarray:
    """The control for the clipping: nothing else is done."""
    return np.clip(inputs, 0, 1)


def in_space(
    space: Space, model: Classifier, pixels: torch.Tensor
) -> tuple[np.ndarray, nn.Module, Callable[[np.ndarray], torch.Tensor]]:
    """Images (n, channels, height, width) in a space, the logits from there, and the way back."""
    if space == "pixels":
        return pixels.numpy(), model, torch.from_numpy
    device = model.mean.device

    def back(moved: np.ndarray) -> torch.Tensor:
        return model.pixels(torch.from_numpy(moved).to(device)).cpu()

    return model.normalise(pixels.to(device)).cpu().numpy(), _Logits(model), back


class _Flat(nn.Module):
    """A network that takes its inputs flat."""

    def __init__(self, model: nn.Module, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.model, self.shape = model, shape

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return self.model(inputs.reshape(len(inputs), *self.shape))


class _Logits(nn.Module):
    """A classifier from normalised inputs on."""

    def __init__(self, model: Classifier) -> None:
        super().__init__()
        self.model = model

    def forward(self, normalised: torch.Tensor) -> torch.Tensor:
        return self.model.logits(normalised)


def _seeded(seed: int, action: Callable[[], np.ndarray]) -> np.ndarray:
    """What an action gives that draws from numpy's global stream, which goes on undisturbed."""
    state = np.random.get_state()
    np.random.seed(seed % 2**32)
    try:
        return action()
    finally:
        np.random.set_state(state)
