"""What is fitted on a network's layers as perceptrons by name, all in one file of weights.

`model.json` holds the description of each under `parts`; tensors are
`<replicate>.<part>.<tensor>`.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import torch

from glassbox.digests import write_json
from glassbox.models.build import Description, made
from glassbox.models.kinds import mlp
from glassbox.models.model import Model
from glassbox.models.weights import State, model_of, write_weights


def write_parts(
    model: Path,
    weights: Path,
    digest: Path,
    descriptions: Mapping[str, Description],
    states: Mapping[int, Mapping[str, State]],
) -> None:
    """Write the tensors of some replicates by part, the file's digest, and what they are of."""
    write_json(model, {"parts": dict(descriptions)})
    by_name = {
        f"{replicate}.{part}.": state
        for replicate, parts in states.items()
        for part, state in parts.items()
    }
    write_weights(weights, digest, by_name)


def read_parts(
    model: Path, weights: Path, replicate: int, device: torch.device
) -> dict[str, Model]:
    """The models of one replicate by part, ready to predict.

    Raises GlassboxError when the file does not hold one, or tensors of another.
    """
    parts = json.loads(model.read_text(encoding="utf-8"))["parts"]
    found = {
        part: model_of(
            made(mlp.architecture, each),
            weights,
            f"{replicate}.{part}.",
            f"{part} of replicate {replicate}",
        )
        for part, each in parts.items()
    }
    return {part: each.to(device) for part, each in found.items()}
