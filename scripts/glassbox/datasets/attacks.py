"""Attacks on networks and the controls beside them (lee2019 §3.4): sets of changed inputs.

Each changes inputs by at most `size` in the maximum norm and then clips them to their bounds, in
one of two spaces: that of pixels, the values of the set, as it should be, or that of inputs
normalised by mean and deviation, as published (E-L08), where clipping alone changes an image and
sizes are in units of the deviation. Signals have no bounds, and so nothing of theirs is clipped.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np
import torch
from torch import nn

from glassbox.seeds import generator, stream_seed
from glassbox.tables import Examples

Space = Literal["pixels", "normalised"]
Logits = Callable[[torch.Tensor], torch.Tensor]
Bounds = tuple[float, float]


class Arranged(Protocol):
    """The way from examples (n, d) to what a network is given, and back."""

    def arrange(self, values: torch.Tensor) -> torch.Tensor: ...
    def flatten(self, arranged: torch.Tensor) -> torch.Tensor: ...
    def normalise(self, arranged: torch.Tensor) -> torch.Tensor: ...
    def restore(self, normalised: torch.Tensor) -> torch.Tensor: ...


class Attacked(Protocol):
    """What is attacked: logits (n, classes) of normalised inputs, through which gradients flow."""

    inputs: Arranged

    @property
    def device(self) -> torch.device: ...
    def logits(self, normalised: torch.Tensor) -> torch.Tensor: ...


@dataclass(frozen=True)
class Attack:
    """Projected gradient ascent of the cross-entropy: advertorch's LinfPGDAttack as published.

    bounds: of the values of an input; None where there are none.
    """

    size: float
    steps: int = 40
    step: float = 0.01
    bounds: Bounds | None = (0, 1)


def attack_with_controls(
    examples: Examples,
    model: Attacked,
    answers: np.ndarray,
    space: Space,
    attack: Attack,
    stream: tuple[int | str, ...],
) -> Iterator[tuple[str, Examples]]:
    """The attacked examples, and what the controls make of them, by kind: pgd, noise and clip.

    answers: (n,) of the model, which the attack leads away from. stream: the study's seed and the
    names of what is drawn. Clipping is no control where there are no bounds.
    """
    inputs, logits, back = in_space(space, model, examples.values)
    seed = stream_seed(*stream, "pgd")
    moved = {
        "pgd": projected_gradient(logits, inputs, answers, attack, seed, model.device),
        "noise": random_corner(inputs, attack, generator(*stream, "noise")),
    }
    if attack.bounds:
        moved["clip"] = clipped(inputs, attack.bounds)
    for kind, values in moved.items():
        told = {"attack": kind, "space": space, "size": attack.size}
        metadata = {**examples.metadata, **told}
        yield kind, replace(examples, values=back(values), metadata=metadata)


def reach(inputs: np.ndarray, attack: Attack) -> tuple[np.ndarray, np.ndarray]:
    """The least and the largest values that inputs may take within the size, then the bounds.

    Inputs beyond the bounds by more than the size have one value left, that of the bound.
    """
    least, most = inputs - attack.size, inputs + attack.size
    if attack.bounds is None:
        return least, most
    return clipped(least, attack.bounds), clipped(most, attack.bounds)


def projected_gradient(
    logits: Logits,
    inputs: np.ndarray,
    labels: np.ndarray,
    attack: Attack,
    seed: int,
    device: torch.device,
) -> np.ndarray:
    """Inputs (n, ...) moved up the cross-entropy of their logits (n, classes) with labels (n,).

    The start is uniform within `reach`, and so is every step clipped: the same sets as
    advertorch's order, clipping to the size and then to the bounds, leaves for each value. In
    batches of the Adversarial Robustness Toolbox, whose boxes have a size per value.
    """
    from art.attacks.evasion import ProjectedGradientDescentPyTorch
    from art.estimators.classification import PyTorchClassifier

    least, most = (each.reshape(len(inputs), -1) for each in reach(inputs, attack))
    network = _Flat(logits, inputs.shape[1:])
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


def random_corner(inputs: np.ndarray, attack: Attack, rng: np.random.Generator) -> np.ndarray:
    """The control for the direction: each value at one end of its reach or the other."""
    least, most = reach(inputs, attack)
    return np.where(rng.random(inputs.shape) < 0.5, least, most).astype(np.float32)


def clipped(inputs: np.ndarray, bounds: Bounds) -> np.ndarray:
    """The control for the clipping: nothing else is done."""
    return np.clip(inputs, *bounds)


def in_space(
    space: Space, model: Attacked, values: np.ndarray
) -> tuple[np.ndarray, Logits, Callable[[np.ndarray], np.ndarray]]:
    """Examples (n, d) as the model arranges them, in a space; the logits from there; the way back.

    What comes back is (n, d) again.
    """
    inputs, device = model.inputs, model.device
    arranged = inputs.arrange(torch.from_numpy(values))

    def back(moved: np.ndarray) -> np.ndarray:
        return inputs.flatten(torch.from_numpy(moved)).numpy()

    if space == "pixels":
        return arranged.numpy(), lambda pixels: model.logits(inputs.normalise(pixels)), back

    def restored(moved: np.ndarray) -> np.ndarray:
        return back(inputs.restore(torch.from_numpy(moved).to(device)).cpu().numpy())

    return inputs.normalise(arranged.to(device)).cpu().numpy(), model.logits, restored


class _Flat(nn.Module):
    """Logits of inputs that come flat."""

    def __init__(self, logits: Logits, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.logits, self.shape = logits, shape

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return self.logits(inputs.reshape(len(inputs), *self.shape))


def _seeded(seed: int, action: Callable[[], np.ndarray]) -> np.ndarray:
    """What an action gives that draws from numpy's global stream, which goes on undisturbed."""
    state = np.random.get_state()
    np.random.seed(seed % 2**32)
    try:
        return action()
    finally:
        np.random.set_state(state)
