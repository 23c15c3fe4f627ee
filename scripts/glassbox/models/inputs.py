"""How a network takes the examples of a data set: arranged, then normalised."""

import math
from collections.abc import Sequence

import torch
from torch import nn

from glassbox.errors import GlassboxError


class Inputs(nn.Module):
    """The way from examples (n, d), as data sets hold them, to what a network is given, and back.

    Images (height, width(, channels)) become (channels, height, width), signals stay as they are,
    unless the network takes another shape; then mean and deviation per channel, the first axis, are
    taken off. Without them nothing is.
    """

    def __init__(
        self,
        shape: Sequence[int],
        taken: Sequence[int] | None = None,
        mean: Sequence[float] = (),
        deviation: Sequence[float] = (),
    ) -> None:
        """Take the shape of one example as its data set has it, and as the network takes it.

        Raises GlassboxError for shapes of different sizes, or a mean for other channels.
        """
        super().__init__()
        self.shape = tuple(shape)
        self.channels_first = channels_first(self.shape)
        self.taken = tuple(taken or self.channels_first)
        if math.prod(self.taken) != math.prod(self.shape):
            raise GlassboxError(
                f"examples of shape {self.shape} can't be arranged as {self.taken}: "
                f"{math.prod(self.shape)} values are not {math.prod(self.taken)}"
            )
        channels = (1, self.taken[0])
        if len(mean) != len(deviation) or (mean and len(mean) not in channels):
            raise GlassboxError(
                f"{len(mean)} means and {len(deviation)} deviations for inputs of shape "
                f"{self.taken}: one of each is wanted per channel, the first axis, or for all"
            )
        self.normalises = bool(mean)
        column = [-1, *(1 for _ in self.taken[1:])]
        for name, values in (("mean", mean or [0]), ("deviation", deviation or [1])):
            values = torch.tensor(values, dtype=torch.float32).reshape(column)
            self.register_buffer(name, values, persistent=False)

    def arrange(self, values: torch.Tensor) -> torch.Tensor:
        """Examples (n, d) as the network has them: (n, *taken)."""
        if values.shape[1] != math.prod(self.shape):
            raise GlassboxError(
                f"examples of {values.shape[1]} values are shown to a network for "
                f"{math.prod(self.shape)}, shape {self.shape}"
            )
        if len(self.shape) > 1:
            height, width, channels = *self.shape[:2], self.channels_first[0]
            values = values.reshape(len(values), height, width, channels)
            values = values.permute(0, 3, 1, 2).contiguous()
        # Not reshaped without need: grey images would be laid out, and rounded, in another way.
        if self.taken != self.channels_first:
            values = values.reshape(len(values), *self.taken)
        return values

    def flatten(self, arranged: torch.Tensor) -> torch.Tensor:
        """The inverse of `arrange`: (n, d)."""
        if len(self.shape) > 1:
            images = arranged.reshape(len(arranged), *self.channels_first)
            arranged = images.permute(0, 2, 3, 1)
        return arranged.flatten(1).contiguous()

    def normalise(self, arranged: torch.Tensor) -> torch.Tensor:
        """Arranged examples less the mean, in deviations."""
        return (arranged - self.mean) / self.deviation if self.normalises else arranged

    def restore(self, normalised: torch.Tensor) -> torch.Tensor:
        """The inverse of `normalise`."""
        return normalised * self.deviation + self.mean if self.normalises else normalised

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Examples (n, d) as the network is given them."""
        return self.normalise(self.arrange(values))


def channels_first(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of an example with its channels in front, as torch has images."""
    if len(shape) == 1:
        return shape
    height, width, *channels = shape
    return (*(channels or [1]), height, width)
