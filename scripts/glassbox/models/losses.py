"""What training makes small, for networks of any outputs and targets."""

from collections.abc import Sequence
from typing import Any, Protocol

import torch
from torch.nn.functional import cross_entropy


class Loss(Protocol):
    """A loss of each example, whose mean over a batch is descended.

    outputs: what the replicates give for inputs (R, n, ...), whatever that is; targets: as
    `glassbox.models.training.Data` has them, (R, n) labels or (R, n, t) values. unit: of the
    losses. generators: what it draws from, so that training can keep and restore their states.
    """

    unit: str
    generators: Sequence[torch.Generator]

    def losses(self, outputs: Any, targets: torch.Tensor) -> torch.Tensor:
        """(R, n), through which gradients flow. A term of a whole batch counts in each example."""
        ...

    def right(self, outputs: Any, targets: torch.Tensor) -> torch.Tensor:
        """Which examples are answered right, (R, n); NaN where nothing is right or wrong."""
        ...


class CrossEntropy:
    """Of the softmax of logits (R, n, classes), with labels (R, n), in nats."""

    unit, generators = "nats", ()

    def losses(self, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        flat = cross_entropy(outputs.flatten(0, 1), targets.flatten(), reduction="none")
        return flat.view(targets.shape)

    def right(self, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        return outputs.argmax(2) == targets


class SigmoidSquaredError:
    """Half the squared distance of sigmoid outputs from the unit vector of a label.

    ½ ||ŷ - y||², ŷ being the sigmoid of logits (R, n, classes) (pardo2019 §2.4); labels (R, n).
    """

    unit, generators = "none", ()

    def losses(self, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        wanted = targets[..., None] == torch.arange(outputs.shape[2], device=targets.device)
        return (outputs.sigmoid() - wanted.to(outputs.dtype)).square().sum(2) / 2

    def right(self, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        return outputs.argmax(2) == targets


class SquaredError:
    """Half the squared distance of outputs (R, n, t) from targets (R, n, t); nothing is right."""

    unit, generators = "none", ()

    def losses(self, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        return (outputs - targets).square().sum(2) / 2

    def right(self, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        return torch.full(targets.shape[:2], torch.nan, device=targets.device)


# Those of classifiers, by the name that a recipe has for them.
LOSSES: dict[str, Loss] = {
    "cross-entropy": CrossEntropy(),
    "squared-error": SigmoidSquaredError(),
}
