"""A perceptron, an autoencoder of its hidden layers and an estimator of its error, trained at once.

Gradients are stopped at the three places that pardo2019 §2.4 names: between the hidden layers and
the autoencoder, between the bottleneck and the estimator, and between the error and the outputs. So
none of the three has to do with how another is trained, and the network is the one that it would be
alone; but what the other two are given changes as long as it learns.
"""

from collections.abc import Collection, Sequence
from itertools import chain
from typing import NamedTuple

import torch
from torch import nn
from torch.nn.functional import one_hot

from glassbox.models.autoencoder import Autoencoders, InfoVAELoss
from glassbox.models.layers import Output
from glassbox.models.losses import Loss, SquaredError
from glassbox.models.outputs import probabilities
from glassbox.models.stack import Stack


class Watched(Stack):
    """A stack that gives its hidden values beside its logits, from one pass."""

    @classmethod
    def of(cls, stack: Stack) -> "Watched":
        """The very layers of a stack."""
        return cls(list(stack.layers), stack.keep, stack.output)

    def watch(
        self, inputs: torch.Tensor, names: Collection[str] | None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits (R, n, classes) of inputs (R, n, d), and hidden layers side by side.

        names: of those layers, (R, n, units); None: all. In training some values are dropped.
        """
        values = self._hidden(inputs)[1:]
        named = zip(self.names()[:-1], values, strict=True)
        chosen = [each for name, each in named if names is None or name in names]
        return self.layers[-1](values[-1]), torch.cat(chosen, 2)


class Seen(NamedTuple):
    """What the three give for a batch: (R, n, ...) each.

    hidden: h, and places: z, have no gradient.
    """

    logits: torch.Tensor
    hidden: torch.Tensor
    places: torch.Tensor
    decoded: torch.Tensor
    estimates: torch.Tensor


class Together(nn.Module):
    """R networks with an autoencoder and an estimator each, as `Replicates` of models.build."""

    metadata = None

    def __init__(
        self,
        network: Watched,
        autoencoders: Autoencoders,
        estimators: Stack,
        names: Collection[str] | None = None,
    ) -> None:
        """Take the three, and the names of the hidden layers that are encoded; None: all."""
        super().__init__()
        self.network, self.autoencoders, self.estimators = network, autoencoders, estimators
        self.names = names

    @property
    def parts(self) -> tuple[Watched, Autoencoders, Stack]:
        return self.network, self.autoencoders, self.estimators

    @property
    def replicates(self) -> int:
        return self.network.replicates

    def forward(self, inputs: torch.Tensor) -> Seen:
        """What all three give for inputs (R, n, d) of the network."""
        logits, hidden = self.network.watch(inputs, self.names)
        hidden = hidden.detach()
        places, decoded = self.autoencoders(hidden)
        return Seen(logits, hidden, places, decoded, self.estimators(places.detach()))

    def draw_from(self, generators: Sequence[torch.Generator]) -> None:
        """Draw what the network drops from these; the others drop nothing."""
        self.network.draw_from(generators)

    def pick(self, places: Sequence[int]) -> "Together":
        """Copies of the replicates at these places."""
        return Together(*(each.pick(places) for each in self.parts), self.names)

    def states(self) -> list[dict[str, torch.Tensor]]:
        """The tensors of each replicate, by part and name."""
        names = ("network", "autoencoder", "estimator")
        by_part = [
            [{f"{name}.{key}": value for key, value in state.items()} for state in part.states()]
            for name, part in zip(names, self.parts, strict=True)
        ]
        return [dict(chain(*map(dict.items, own))) for own in zip(*by_part, strict=True)]

    def take(self, new: "Together", which: torch.Tensor) -> None:
        """Take the weights of others where `which` (R,) is true."""
        for own, other in zip(self.parts, new.parts, strict=True):
            own.take(other, which)


class TogetherLoss:
    """The losses of all three, each with its own gradients, by the value of the network's.

    So training ends, and keeps weights, where it would for the network alone. network: its loss.
    output: what makes probabilities of its logits. floor: of the error whose logarithm is
    estimated (§2.7).
    """

    def __init__(
        self, network: Loss, output: Output, autoencoder: InfoVAELoss, floor: float
    ) -> None:
        self.network, self.output = network, output
        self.autoencoder, self.estimator, self.floor = autoencoder, SquaredError(), floor
        self.unit, self.generators = network.unit, autoencoder.generators

    def losses(self, outputs: Seen, targets: torch.Tensor) -> torch.Tensor:
        """(R, n), of labels (R, n)."""
        rebuilt = self.autoencoder.losses((outputs.places, outputs.decoded), outputs.hidden)
        estimated = self.estimator.losses(outputs.estimates, self.log_errors(outputs, targets))
        beside = rebuilt + estimated
        return self.network.losses(outputs.logits, targets) + (beside - beside.detach())

    @torch.no_grad()
    def log_errors(self, outputs: Seen, targets: torch.Tensor) -> torch.Tensor:
        """log10 of ½‖y − ŷ‖², floored, of labels (R, n): (R, n, 1)."""
        found = probabilities(outputs.logits, self.output)
        apart = found - one_hot(targets, found.shape[2])
        return (apart.square().sum(2) / 2).clamp(min=self.floor).log10()[..., None]

    def right(self, outputs: Seen, targets: torch.Tensor) -> torch.Tensor:
        """Which examples the network answers right, (R, n)."""
        return self.network.right(outputs.logits, targets)
