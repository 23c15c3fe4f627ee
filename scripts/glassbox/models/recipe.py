"""How a network is trained, and when it is done."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Recipe:
    """Stochastic gradient descent without momentum on the cross-entropy (chen2017 §3.3.1).

    stop: "validation-loss" keeps the weights of the least validation loss and ends `patience`
    epochs after it; "train-accuracy" ends when every training example is classified right;
    "epochs" trains for `max_epochs`.
    """

    batch_size: int
    learning_rate: float
    stop: Literal["validation-loss", "train-accuracy", "epochs"]
    max_epochs: int
    patience: int | None = None
