"""Weights of a block of replicates as safetensors, `<replicate>.<layer>.<weight or bias>`."""

from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.numpy import save_file

from glassbox.digests import write_digest
from glassbox.errors import GlassboxError
from glassbox.files import whole
from glassbox.models.mlp import StackedMLP


def write_weights(path: Path, digest: Path, model: StackedMLP, replicates: list[int]) -> None:
    """Write a stack's weights, (outputs, inputs) as in Eq. 1.4, and their digest.

    Layers count from 1: the input is the zeroth layer.
    """
    tensors = {}
    pairs = zip(model.weights, model.biases, strict=True)
    for layer, (weight, bias) in enumerate(pairs, start=1):
        for replicate, w, b in zip(replicates, weight, bias, strict=True):
            tensors[f"{replicate}.{layer}.weight"] = _as_array(w.T)
            tensors[f"{replicate}.{layer}.bias"] = _as_array(b[0])
    with whole(path) as part:
        save_file(tensors, part)
    write_digest(digest, path, sorted(tensors.items()))


def read_weights(path: Path, replicate: int) -> StackedMLP:
    """One replicate of a block as a stack of one; only its tensors are read.

    Raises GlassboxError when the block does not hold the replicate.
    """
    weights, biases = [], []
    with safe_open(path, framework="pt") as file:
        names = set(file.keys())
        layer = 1
        while f"{replicate}.{layer}.weight" in names:
            weights.append(file.get_tensor(f"{replicate}.{layer}.weight").T[None].contiguous())
            biases.append(file.get_tensor(f"{replicate}.{layer}.bias")[None, None])
            layer += 1
    if not weights:
        raise GlassboxError(f"{path} holds no replicate {replicate}")
    return StackedMLP(weights, biases)


def _as_array(tensor: torch.Tensor) -> np.ndarray:
    return np.ascontiguousarray(tensor.detach().cpu().numpy())
