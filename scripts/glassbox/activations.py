"""Activations of every layer of one network on one set of examples (chen2017 Eq. 1.3)."""

from pathlib import Path

import numpy as np
import torch

from glassbox.digests import describe
from glassbox.files import whole
from glassbox.models.networks import Stack
from glassbox.tables import Examples, write_examples


@torch.no_grad()
def layer_activations(
    model: Stack, inputs: np.ndarray, device: torch.device, rows: int = 4096
) -> list[np.ndarray]:
    """a^(1) to a^(L) of inputs (n, d) for a stack of one replicate: arrays (n, units) float32."""
    model = model.to(device)
    layers = [np.empty((len(inputs), units), np.float32) for units in model.units(inputs.shape[1])]
    for start in range(0, len(inputs), rows):
        batch = torch.from_numpy(inputs[start : start + rows]).to(device)
        for layer, values in zip(layers, model.activations(batch[None]), strict=True):
            layer[start : start + rows] = values[0].cpu().numpy()
    return layers


def layer_path(dump: Path, layer: int) -> Path:
    """Where a dump keeps layer `layer`; the zeroth layer is the set of examples itself."""
    return dump / f"layer-{layer}.parquet"


def layer_paths(dump: Path) -> list[Path]:
    """The files of a dump's layers, a^(1) first."""
    return [layer_path(dump, layer) for layer in range(1, len(list(dump.glob("layer-*"))) + 1)]


def write_dump(dump: Path, examples: Examples, layers: list[np.ndarray]) -> dict[str, dict]:
    """Write one Parquet file per layer, as one folder or not at all; the digest of each by name."""
    with whole(dump) as part:
        part.mkdir()
        digests = {}
        for layer, values in enumerate(layers, start=1):
            metadata = {**examples.metadata, "values": "activation", "layer": layer}
            metadata |= {"shape": [values.shape[1]], "unit": "none"}
            path = layer_path(part, layer)
            activations = Examples(examples.ids, examples.labels, values, metadata)
            write_examples(path, activations)
            digests[path.name] = describe(path, activations.content())
    return digests
