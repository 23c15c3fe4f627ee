"""The start of torch modules that pardo2019 and rauber2017 had of TensorFlow and Keras."""

import math

import numpy as np
import torch
from torch import nn


@torch.no_grad()
def start(model: nn.Module, rng: np.random.Generator) -> None:
    """TensorFlow's start, in place: uniform within ±sqrt(6 / (inputs + outputs)), biases zero.

    The inputs and outputs of a convolution's unit count every pixel of its filter (Glorot).
    """
    for layer in model.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            outputs, inputs, *window = layer.weight.shape
            bound = math.sqrt(6 / ((inputs + outputs) * math.prod(window)))
            drawn = rng.uniform(-bound, bound, tuple(layer.weight.shape))
            layer.weight.copy_(torch.from_numpy(drawn.astype(np.float32)))
            layer.bias.zero_()
