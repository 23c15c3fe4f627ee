"""How a network is trained, and when it is done: the recipe, as data."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Recipe:
    """Descent in small batches, looked at after every period: an epoch, or a cycle of steps.

    Optimiser: SGD (chen2017 §3.3.1), with `momentum` as in PyTorch's MNIST example (lee2019 §3.1);
    or Adam (pardo2019 §2.6).
    schedule: a constant `learning_rate`, or cycles of `cycle` steps up to it, see `rate`.
    noise: the largest standard deviation of white Gaussian noise on what the network is given in
    training; each batch of each replicate has its own, uniform from 0 (pardo2019 §3.4).
    stop: "validation-loss" keeps the weights of the least validation loss and ends `patience`
    epochs after it; "train-accuracy" ends when every training example is classified right;
    "epochs" trains for `max_epochs`, the limit of these three. "cycles" has cycles of `cycle` steps
    for its periods, `max_cycles` at most, and ends when the validation loss has risen from each
    cycle to the next `patience` times on end (pardo2019 §2.6). Which weights are kept then, the
    paper does not say: those of the least validation loss, as early stopping has it.
    checkpoints: periods after which to keep the weights besides, 0 being the start.
    """

    batch_size: int
    learning_rate: float
    stop: Literal["validation-loss", "train-accuracy", "epochs", "cycles"]
    max_epochs: int | None = None
    patience: int | None = None
    momentum: float = 0.0
    checkpoints: Collection[int] = ()
    optimizer: Literal["sgd", "adam"] = "sgd"
    schedule: Literal["constant", "triangular", "sawtooth"] = "constant"
    cycle: int | None = None
    decay: float = 1.0
    max_cycles: int | None = None
    noise: float = 0.0

    @property
    def period(self) -> Literal["epoch", "cycle"]:
        """What ends with a look at the validation set."""
        return "cycle" if self.stop == "cycles" else "epoch"

    @property
    def max_periods(self) -> int:
        """The most epochs, or cycles where these are what is counted."""
        return self.max_cycles if self.period == "cycle" else self.max_epochs

    def steps(self, examples: int) -> int:
        """How many steps a period has with so many training examples."""
        return self.cycle if self.period == "cycle" else math.ceil(examples / self.batch_size)

    def rate(self, step: int) -> float:
        """The learning rate of a step, the first being 0.

        "triangular" rises from 0 to the peak in the first half of each cycle and falls back in the
        second (Smith 2017; pardo2019 §2.6 as read in E-P09); "sawtooth" rises to it all along the
        cycle. The peak is `learning_rate`, times `decay` after every cycle.
        """
        if self.schedule == "constant":
            return self.learning_rate
        cycles, within = divmod(step, self.cycle)
        phase = within / self.cycle
        height = phase if self.schedule == "sawtooth" else 1 - abs(2 * phase - 1)
        return self.learning_rate * self.decay**cycles * height
