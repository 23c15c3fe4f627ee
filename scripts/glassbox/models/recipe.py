"""How a network is trained, and when it is done: the recipe, as data."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Recipe:
    """Stochastic gradient descent on the cross-entropy.

    Optimiser: SGD (chen2017 §3.3.1), with `momentum` as in PyTorch's MNIST example (lee2019 §3.1).
    Schedule: a constant `learning_rate`. Loss: the mean cross-entropy of a batch. Regularisation:
    none but the stop.
    stop: "validation-loss" keeps the weights of the least validation loss and ends `patience`
    epochs after it; "train-accuracy" ends when every training example is classified right;
    "epochs" trains for `max_epochs`, the limit of the others too.
    checkpoints: epochs after which to keep the weights besides, 0 being the start.
    """

    batch_size: int
    learning_rate: float
    stop: Literal["validation-loss", "train-accuracy", "epochs"]
    max_epochs: int
    patience: int | None = None
    momentum: float = 0.0
    checkpoints: Collection[int] = ()
