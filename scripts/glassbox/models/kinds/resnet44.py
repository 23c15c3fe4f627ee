"""ResNet44 for CIFAR-10 (He et al. 2015, §4.2), for the weights that lee2019 took (§3.1)."""

from functools import partial

import torch
from torch import nn
from torch.nn.functional import pad, relu

from glassbox.models.inputs import Inputs
from glassbox.models.modules import Plain

BLOCKS = 7  # in each group: 6 · 7 + 2 = 44 layers with weights
WIDTHS = (16, 32, 64)
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet's pixels
# The first convolution before its normalisation, each group after its last addition and
# rectification, and the linear layer (E-L10).
PLACES = {"CN1": "conv1", "CL1": "layer1", "CL2": "layer2", "CL3": "layer3", "FC": "linear"}
AFTER = ("CL1", "CL2", "CL3")


class Block(nn.Module):
    """Two convolutions around which the input goes, by option A: subsampled, padded with zeros."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.stride = 1 if inputs == outputs else 2
        self.added = outputs - inputs
        self.conv1 = nn.Conv2d(inputs, outputs, 3, self.stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        hidden = relu(self.bn1(self.conv1(inputs)))
        around = inputs[:, :, :: self.stride, :: self.stride]
        before = self.added // 2
        around = pad(around, (0, 0, 0, 0, before, self.added - before))
        return relu(self.bn2(self.conv2(hidden)) + around)


class ResNet(nn.Module):
    """Three groups of blocks behind a convolution; the linear layer takes the spatial mean."""

    def __init__(self, classes: int = 10, blocks: int = BLOCKS) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, WIDTHS[0], 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(WIDTHS[0])
        widths = [WIDTHS[0], *WIDTHS]
        self.layer1, self.layer2, self.layer3 = (
            nn.Sequential(
                Block(widths[group], widths[group + 1]),
                *(Block(widths[group + 1], widths[group + 1]) for _ in range(blocks - 1)),
            )
            for group in range(3)
        )
        self.linear = nn.Linear(WIDTHS[-1], classes)

    def forward(self, normalised: torch.Tensor) -> torch.Tensor:
        """Logits (n, classes) of images (n, 3, height, width)."""
        hidden = relu(self.bn1(self.conv1(normalised)))
        hidden = self.layer3(self.layer2(self.layer1(hidden)))
        return self.linear(hidden.mean((2, 3)))


def architecture(shape: tuple[int, ...], classes: int) -> Plain:
    """The network for images of a shape."""
    inputs = Inputs(shape, mean=MEAN, deviation=DEVIATION)
    return Plain(partial(ResNet, classes), classes, inputs, PLACES, AFTER)
