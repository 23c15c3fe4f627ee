"""Autoencoders whose bottleneck is drawn to a unit Gaussian: InfoVAE (pardo2019 §2.4, Table 2).

The encoder gives one place for each input, and no distribution: Table 2 has a bottleneck of two
linear units, where a variational one would have means and variances.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import nn

from glassbox.models.stack import Feedforward, Stack, initialise

Kernel = Callable[[torch.Tensor, int], torch.Tensor]


class Autoencoders(nn.Module):
    """R autoencoders of one architecture side by side, see `glassbox.models.build.Replicates`."""

    metadata = None

    def __init__(self, encoder: Stack, decoder: Stack) -> None:
        super().__init__()
        self.encoder, self.decoder = encoder, decoder

    @property
    def replicates(self) -> int:
        return self.encoder.replicates

    def forward(self, inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Places (R, n, 2) of inputs (R, n, units), and what is decoded of them, (R, n, units)."""
        places = self.encoder(inputs)
        return places, self.decoder(places)

    def draw_from(self, generators: Sequence[torch.Generator]) -> None:
        """Nothing is drawn."""

    def pick(self, places: Sequence[int]) -> "Autoencoders":
        """Copies of the replicates at these places."""
        return Autoencoders(self.encoder.pick(places), self.decoder.pick(places))

    def states(self) -> list[dict[str, torch.Tensor]]:
        """The tensors of each replicate, by part and name."""
        pairs = zip(self.encoder.states(), self.decoder.states(), strict=True)
        return [
            {
                f"{part}.{name}": tensor
                for part, state in zip(("encoder", "decoder"), pair, strict=True)
                for name, tensor in state.items()
            }
            for pair in pairs
        ]

    def take(self, new: "Autoencoders", which: torch.Tensor) -> None:
        """Take the weights of others where `which` (R,) is true."""
        self.encoder.take(new.encoder, which)
        self.decoder.take(new.decoder, which)


def start_autoencoders(
    units: int, hidden: Sequence[int], bottleneck: int, generators: list[np.random.Generator]
) -> Autoencoders:
    """Untrained ones of so many inputs: `hidden` layers of ELU on both sides of the bottleneck.

    The decoder's hidden layers are the encoder's in reverse; bottleneck and output are linear.
    """
    encoder = Feedforward(units, bottleneck, hidden, activation="elu")
    decoder = Feedforward(bottleneck, units, hidden[::-1], activation="elu")
    return Autoencoders(initialise(encoder, generators), initialise(decoder, generators))


class InfoVAELoss:
    """Reconstruction and distance from the unit Gaussian (pardo2019 §2.4; Zhao et al. 2017).

    Half the squared error ½‖ĥ − h‖² per unit, plus `weight` times the maximum mean discrepancy of
    the places of a batch from as many draws of N(0, I), by a kernel of `KERNELS`, `width` times as
    wide as it stands there. The paper says neither the weight, nor the kernel and its width, nor
    whether the error is summed or averaged over units. generators: of the draws, one per replicate,
    on the device that trains.
    """

    unit = "none"

    def __init__(
        self,
        weight: float,
        kernel: str,
        generators: Sequence[torch.Generator],
        width: float = 1.0,
    ) -> None:
        self.weight, self.kernel, self.generators = weight, widened(kernel, width), generators

    def losses(
        self, outputs: tuple[torch.Tensor, torch.Tensor], targets: torch.Tensor
    ) -> torch.Tensor:
        """(R, n): the discrepancy, which is one of a whole batch, counts in each example."""
        places, decoded = outputs
        drawn = torch.empty_like(places)
        for own, generator in zip(drawn, self.generators, strict=True):
            own.normal_(generator=generator)
        errors = (decoded - targets).square().mean(2) / 2
        return errors + self.weight * mean_discrepancy(places, drawn, self.kernel)[:, None]

    def right(
        self, outputs: tuple[torch.Tensor, torch.Tensor], targets: torch.Tensor
    ) -> torch.Tensor:
        """NaN (R, n): nothing is right or wrong."""
        return torch.full(targets.shape[:2], torch.nan, device=targets.device)


def mean_discrepancy(one: torch.Tensor, other: torch.Tensor, kernel: Kernel) -> torch.Tensor:
    """The squared maximum mean discrepancy of points (R, n, k) from others (R, m, k): (R,).

    The estimate that counts each point with itself, which is never negative (Gretton et al. 2012,
    Eq. 5). kernel: of squared distances, and of how many units the points have.
    """
    pairs = ((one, one), (other, other), (one, other))
    own, others, between = (
        kernel(_squared_distances(*pair), one.shape[2]).mean((1, 2)) for pair in pairs
    )
    return own + others - 2 * between


def _squared_distances(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """Squared distances of all pairs of points (R, n, d) and (R, m, d): (R, n, m)."""
    squares = (one * one).sum(2)[:, :, None] + (other * other).sum(2)[:, None]
    return torch.baddbmm(squares, one, other.transpose(1, 2), alpha=-2)


def gaussian(squares: torch.Tensor, units: int) -> torch.Tensor:
    """exp(−‖z − z'‖² / k²), as InfoVAE's authors have it in their example.

    Points that lie far out have no gradient by it, and may stay there.
    """
    return torch.exp(-squares / units**2)


def inverse_multiquadratic(squares: torch.Tensor, units: int) -> torch.Tensor:
    """C / (C + ‖z − z'‖²) with C = 2 k, which reaches points far out too (Tolstikhin et al. 2018).

    C is the expected squared distance of two draws from the unit Gaussian of k units.
    """
    return 2 * units / (2 * units + squares)


KERNELS: dict[str, Kernel] = {
    "gaussian": gaussian,
    "inverse-multiquadratic": inverse_multiquadratic,
}


def widened(name: str, width: float) -> Kernel:
    """A kernel of `KERNELS` that reaches `width` times as far."""
    return lambda squares, units: KERNELS[name](squares / width**2, units)
