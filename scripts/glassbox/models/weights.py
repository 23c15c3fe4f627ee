"""Weights of a block of replicates as safetensors, `<replicate>.<layer>.<weight or bias>`.

Layers count from 1: the input is the zeroth layer. A dense layer's weight is (outputs, inputs) as in
Eq. 1.4 of chen2017, a convolution's (1, 1, taps). Checkpoints put `<epoch>.` in front.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.numpy import save_file
from torch import nn

from glassbox.digests import write_digest
from glassbox.errors import GlassboxError
from glassbox.files import whole
from glassbox.models.networks import STORED, Stack


def write_weights(path: Path, digest: Path, model: Stack, replicates: Sequence[int]) -> None:
    """Write a stack's weights, whose replicates have the given numbers, and their digest."""
    _write(path, digest, dict(_tensors("", model, replicates)))


def read_weights(path: Path, replicate: int) -> Stack:
    """One replicate of a block as a stack of one; only its tensors are read.

    Raises GlassboxError when the block does not hold the replicate.
    """
    with safe_open(path, framework="pt") as file:
        layers = _read_layers(file, f"{replicate}.")
    if not layers:
        raise GlassboxError(f"{path} holds no replicate {replicate}")
    return Stack(layers)


def write_checkpoints(
    path: Path, digest: Path, checkpoints: Mapping[int, tuple[Stack, Sequence[int]]]
) -> None:
    """Write the stacks of some epochs, each with its replicates' numbers, and the digest."""
    tensors: dict[str, np.ndarray] = {}
    for epoch, (model, replicates) in checkpoints.items():
        tensors |= _tensors(f"{epoch}.", model, replicates)
    _write(path, digest, tensors)


def read_checkpoints(path: Path, replicate: int) -> dict[int, Stack]:
    """One replicate after each epoch that it was kept at, in their order.

    Raises GlassboxError when there is no checkpoint of the replicate.
    """
    with safe_open(path, framework="pt") as file:
        names = (name.split(".") for name in file.keys())
        epochs = sorted({int(epoch) for epoch, which, *_ in names if int(which) == replicate})
        stacks = {each: Stack(_read_layers(file, f"{each}.{replicate}.")) for each in epochs}
    if not stacks:
        raise GlassboxError(f"{path} holds no checkpoint of replicate {replicate}")
    return stacks


def _tensors(
    prefix: str, model: Stack, replicates: Sequence[int]
) -> Iterator[tuple[str, np.ndarray]]:
    """The tensors of all replicates by name."""
    for number, layer in enumerate(model.layers, start=1):
        weights, biases = layer.stored()
        for replicate, weight, bias in zip(replicates, weights, biases, strict=True):
            yield f"{prefix}{replicate}.{number}.weight", _as_array(weight)
            yield f"{prefix}{replicate}.{number}.bias", _as_array(bias)


def _read_layers(file: safe_open, prefix: str) -> list[nn.Module]:
    names, layers = set(file.keys()), []
    while (name := f"{prefix}{len(layers) + 1}") + ".weight" in names:
        weight, bias = (file.get_tensor(f"{name}.{part}") for part in ("weight", "bias"))
        layers.append(STORED[weight.ndim].read(weight, bias))
    return layers


def _write(path: Path, digest: Path, tensors: dict[str, np.ndarray]) -> None:
    with whole(path) as part:
        save_file(tensors, part)
    write_digest(digest, path, sorted(tensors.items()))


def _as_array(tensor: torch.Tensor) -> np.ndarray:
    return np.ascontiguousarray(tensor.detach().cpu().numpy())
