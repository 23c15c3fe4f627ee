"""Weights of a block of replicates as safetensors, `<replicate>.<tensor>`, and models from them.

The tensors of perceptrons and 1-D CNNs are `<layer>.<weight or bias>`, layers counting from 1: a
dense layer's weight is (outputs, inputs) as in Eq. 1.4 of chen2017, a convolution's (1, 1, taps).
Those of other networks have torch's names. The names of checkpoints have `epoch-<epoch>.` in front,
also where the recipe's periods are cycles.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.numpy import save_file

from glassbox.digests import write_digest
from glassbox.errors import GlassboxError
from glassbox.files import whole
from glassbox.models.build import Architecture, Replicates, architecture, read_description
from glassbox.models.model import Model
from glassbox.models.stack import Stack, StackModel
from glassbox.models.tensors import refuse_misfit

EPOCH = "epoch-"
CPU = torch.device("cpu")

State = Mapping[str, torch.Tensor]


def states(
    trained: Replicates, replicates: Sequence[int], epoch: int | None = None
) -> dict[str, State]:
    """The tensors of replicates with these numbers, by what comes in front of their names.

    epoch: where they are a checkpoint.
    """
    found = zip(replicates, trained.states(), strict=True)
    return {_front(replicate, epoch): state for replicate, state in found}


def write_weights(
    path: Path,
    digest: Path,
    by_replicate: Mapping[str, State],
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Write the tensors that `states` gave of a block, and the file's digest."""
    tensors = {
        front + name: tensor.detach().cpu().contiguous().numpy()
        for front, state in by_replicate.items()
        for name, tensor in state.items()
    }
    with whole(path) as part:
        save_file(tensors, part, metadata)
    write_digest(digest, path, sorted(tensors.items()))


def read_model(
    description: Path,
    weights: Path,
    replicate: int,
    checkpoint: int | None = None,
    device: torch.device = CPU,
) -> Model:
    """One replicate of a block, ready to predict; only its tensors are read.

    description: model.json. checkpoint: an epoch, or the weights that training kept. Raises
    GlassboxError when the block does not hold it, or tensors of another network.
    """
    after = "" if checkpoint is None else f" after epoch {checkpoint}"
    given = weights, _front(replicate, checkpoint), f"replicate {replicate}{after}"
    return model_of(architecture(read_description(description)), *given).to(device)


def model_of(network: Architecture, weights: Path, front: str, told: str) -> Model:
    """The model whose tensors have a name that begins with `front`; told: which, in words.

    Raises GlassboxError as `read_model`.
    """
    with safe_open(weights, framework="pt") as file:
        names = [name for name in file.keys() if name.startswith(front)]  # noqa: SIM118
        state = {name.removeprefix(front): file.get_tensor(name) for name in names}
    if not state:
        raise GlassboxError(f"{weights} holds no {told}")
    refuse_misfit(f"{weights}, {told}", state, network.shapes())
    return network.model(state)


def read_stack(
    description: Path, weights: Path, replicate: int, checkpoint: int | None = None
) -> Stack:
    """One replicate of a perceptron or 1-D CNN, as a stack of one; else as `read_model`.

    Raises GlassboxError for a network of another kind.
    """
    model = read_model(description, weights, replicate, checkpoint)
    if not isinstance(model, StackModel):
        raise GlassboxError(f"{weights}: not the weights of a perceptron or a 1-D CNN")
    return model.stack


def kept_epochs(weights: Path, replicate: int) -> list[int]:
    """The epochs that a replicate was kept at, in their order.

    Raises GlassboxError when there is none.
    """
    with safe_open(weights, framework="pt") as file:
        parts = [name.split(".") for name in file.keys() if name.startswith(EPOCH)]  # noqa: SIM118
    epochs = {int(epoch.removeprefix(EPOCH)) for epoch, r, *_ in parts if int(r) == replicate}
    if not epochs:
        raise GlassboxError(f"{weights} holds no checkpoint of replicate {replicate}")
    return sorted(epochs)


def _front(replicate: int, epoch: int | None) -> str:
    return f"{replicate}." if epoch is None else f"{EPOCH}{epoch}.{replicate}."
