"""Weights of a block of replicates as safetensors, `<replicate>.<layer>.<weight or bias>`.

Layers count from 1: the input is the zeroth layer. A dense layer's weight is (outputs, inputs) as
in Eq. 1.4 of chen2017, a convolution's (1, 1, taps). The names of checkpoints have `epoch-<epoch>.`
in front. That filters are not rectified is the file's metadata, which is empty otherwise.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
import torch
from safetensors import safe_open
from safetensors.numpy import save_file
from torch import nn

from glassbox.digests import write_digest
from glassbox.errors import GlassboxError
from glassbox.files import whole
from glassbox.models.networks import Convolution, Dense, LinearConvolution, Stack

EPOCH = "epoch-"
LINEAR = {"convolutions": "linear"}  # the metadata of a file whose filters are not rectified


def write_weights(
    path: Path,
    digest: Path,
    model: Stack,
    replicates: Sequence[int],
    checkpoints: Mapping[int, tuple[Stack, Sequence[int]]] = MappingProxyType({}),
) -> None:
    """Write a stack's weights, whose replicates have the given numbers, and the file's digest.

    checkpoints: further stacks by their epoch, each with its replicates' numbers.
    """
    tensors = dict(_tensors("", model, replicates))
    for epoch, (stack, present) in checkpoints.items():
        tensors |= _tensors(f"{EPOCH}{epoch}.", stack, present)
    with whole(path) as part:
        save_file(tensors, part, _metadata(model))
    write_digest(digest, path, sorted(tensors.items()))


def read_weights(path: Path, replicate: int) -> Stack:
    """One replicate of a block as a stack of one; only its tensors are read.

    Raises GlassboxError when the block does not hold the replicate.
    """
    with safe_open(path, framework="pt") as file:
        layers = _read_layers(file, f"{replicate}.")
    if not layers:
        raise GlassboxError(f"{path} holds no replicate {replicate}")
    return Stack(layers)


def read_checkpoints(path: Path, replicate: int) -> dict[int, Stack]:
    """One replicate after each epoch that it was kept at, in their order.

    Raises GlassboxError when there is no checkpoint of the replicate.
    """
    with safe_open(path, framework="pt") as file:
        names = set(file.keys())
        kept = [name.split(".") for name in names if name.startswith(EPOCH)]
        epochs = {int(epoch.removeprefix(EPOCH)) for epoch, r, *_ in kept if int(r) == replicate}
        stacks = {
            epoch: Stack(_read_layers(file, f"{EPOCH}{epoch}.{replicate}."))
            for epoch in sorted(epochs)
        }
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


def _metadata(model: Stack) -> dict[str, str] | None:
    linear = any(isinstance(layer, LinearConvolution) for layer in model.layers)
    return LINEAR if linear else None


def _read_layers(file: safe_open, prefix: str) -> list[nn.Module]:
    convolution = LinearConvolution if file.metadata() == LINEAR else Convolution
    kinds = {2: Dense, 3: convolution}  # by the number of axes of a stored weight
    names, layers = set(file.keys()), []
    while (name := f"{prefix}{len(layers) + 1}") + ".weight" in names:
        weight, bias = (file.get_tensor(f"{name}.{part}") for part in ("weight", "bias"))
        layers.append(kinds[weight.ndim].read(weight, bias))
    return layers


def _as_array(tensor: torch.Tensor) -> np.ndarray:
    return np.ascontiguousarray(tensor.detach().cpu().numpy())
