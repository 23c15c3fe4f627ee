"""What tells an attack by an introspection, as a loss that an attack goes down (pardo2019 §4).

The paper hopes that attacks are noticed by the autoencoder as long as its parameters are a secret.
An attacker who has them makes the signs small that would give an attack away.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch

from glassbox.analyses.introspection import DECODER, ENCODER, ESTIMATOR
from glassbox.analyses.plane import Density
from glassbox.models.model import Model

Signs = Callable[[torch.Tensor], dict[str, torch.Tensor]]


def signs_of(
    model: Model,
    parts: Mapping[str, Model],
    layers: Sequence[str] | None,
    places: np.ndarray,
) -> Signs:
    """The signs of an introspection as functions of inputs (n, d), through which gradients flow.

    parts: of the introspection. layers: those that it concatenates; None: all hidden ones. places:
    of training examples in its map, (m, 2). The signs are (n,) each, higher for what is odder:
    estimate, reconstruction, and density, minus the log of that of training examples.
    """
    known = [each.name for each in model.layers[:-1]]
    names = [each for each in known if layers is None or each in layers]
    log_density = log_density_of(Density.of(places), model.device)

    def signs(inputs: torch.Tensor) -> dict[str, torch.Tensor]:
        read = model.read(inputs, names)
        hidden = torch.cat([read[name] for name in names], 1)
        found = parts[ENCODER](hidden)
        apart = parts[DECODER](found) - hidden
        return {
            "estimate": parts[ESTIMATOR](found)[:, 0],
            "reconstruction": apart.square().mean(1) / 2,
            "density": -log_density(found),
        }

    return signs


def log_density_of(
    density: Density, device: torch.device
) -> Callable[[torch.Tensor], torch.Tensor]:
    """`Density.log_at` of places (n, 2) on a device, (n,) float32, through which gradients flow."""
    widths = torch.from_numpy(density.widths).float().to(device)
    points = torch.from_numpy(density.points / density.widths).float().to(device)
    constant = float(np.log(len(points) * 2 * np.pi * np.prod(density.widths)))

    def log_at(places: torch.Tensor) -> torch.Tensor:
        scaled = places / widths
        squares = scaled.square().sum(1)[:, None] + points.square().sum(1)
        squares = torch.addmm(squares, scaled, points.T, alpha=-2)
        return torch.logsumexp(-squares / 2, 1) - constant

    return log_at


def evasion(
    signs: Signs, usual: Mapping[str, np.ndarray], weights: Mapping[str, float]
) -> Callable[[torch.Tensor], torch.Tensor]:
    """How far inputs (n, d) are above what is usual of some signs: (n,), weighted and summed.

    usual: the signs of training examples, (m,) each. What is at most their mean counts nothing: an
    attack has no need to look less odd than they do. The unit is their standard deviation.
    """
    scales = {
        name: (float(values.mean()), float(values.std()) or 1.0) for name, values in usual.items()
    }

    def loss(inputs: torch.Tensor) -> torch.Tensor:
        found = signs(inputs)
        above = [
            weight * ((found[name] - scales[name][0]) / scales[name][1]).relu()
            for name, weight in weights.items()
        ]
        return torch.stack(above).sum(0)

    return loss
