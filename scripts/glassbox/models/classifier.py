"""What the image classifiers of lee2019 have in common: pixels in, named layers, logits out."""

from collections.abc import Collection, Sequence

import numpy as np
import torch
from torch import nn

from glassbox.errors import GlassboxError


class Classifier(nn.Module):
    """A network on images that carries the normalisation of its inputs.

    Patterns of its `layers` are what the published code looks at (E-L10). A subclass gives
    `patterns`; its last layer is the logits.
    """

    layers: tuple[str, ...]

    def __init__(self, mean: Sequence[float], deviation: Sequence[float]) -> None:
        """Take mean and deviation per channel, of pixels in [0, 1]."""
        super().__init__()
        for name, values in (("mean", mean), ("deviation", deviation)):
            column = torch.tensor(values, dtype=torch.float32).reshape(-1, 1, 1)
            self.register_buffer(name, column, persistent=False)

    def normalise(self, pixels: torch.Tensor) -> torch.Tensor:
        """Pixels (n, channels, height, width) in [0, 1] as the network takes them."""
        return (pixels - self.mean) / self.deviation

    def pixels(self, normalised: torch.Tensor) -> torch.Tensor:
        """The inverse of `normalise`."""
        return normalised * self.deviation + self.mean

    def patterns(self, normalised: torch.Tensor) -> dict[str, torch.Tensor]:
        """What each layer makes of normalised images: (n, units) by the layer's name."""
        raise NotImplementedError

    def logits(self, normalised: torch.Tensor) -> torch.Tensor:
        """Logits (n, classes) of normalised images."""
        return self.patterns(normalised)[self.layers[-1]]

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Logits (n, classes) of pixels in [0, 1]."""
        return self.logits(self.normalise(pixels))


def as_images(values: np.ndarray, shape: Sequence[int]) -> torch.Tensor:
    """Flat examples (n, d) of shape [height, width(, channels)]: (n, channels, height, width)."""
    height, width, *channels = shape
    images = torch.from_numpy(values).reshape(len(values), height, width, *(channels or [1]))
    return images.permute(0, 3, 1, 2).contiguous()


def as_values(images: torch.Tensor) -> np.ndarray:
    """The inverse of `as_images`: (n, d) float32."""
    return images.permute(0, 2, 3, 1).flatten(1).contiguous().cpu().numpy()


@torch.no_grad()
def layer_patterns(
    model: Classifier,
    pixels: torch.Tensor,
    layers: Collection[str],
    device: torch.device,
    rows: int = 500,
) -> dict[str, np.ndarray]:
    """The patterns of some layers for images (n, channels, height, width): (n, units) float32 each.

    A few layers at a time, for all of them together may exceed the memory. Raises GlassboxError for
    a layer that the network lacks.
    """
    for layer in layers:
        if layer not in model.layers:
            raise GlassboxError(f"no layer {layer}; the network has {', '.join(model.layers)}")
    if not len(pixels):
        raise GlassboxError("no images to take patterns of")
    model.eval()
    found: dict[str, np.ndarray] = {}
    for start in range(0, len(pixels), rows):
        patterns = model.patterns(model.normalise(pixels[start : start + rows].to(device)))
        for layer in layers:
            values = patterns[layer].cpu().numpy()
            if layer not in found:
                found[layer] = np.empty((len(pixels), values.shape[1]), np.float32)
            found[layer][start : start + len(values)] = values
    return found


def answers(model: Classifier, pixels: torch.Tensor, device: torch.device) -> np.ndarray:
    """What the network answers to images: (n,) int64."""
    last = model.layers[-1]
    return layer_patterns(model, pixels, [last], device)[last].argmax(axis=1)
