"""Tensors by name: whether they are those of a network, and those that others trained."""

import logging
from collections.abc import Mapping
from pathlib import Path
from pickle import UnpicklingError  # what torch raises when it refuses one
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from glassbox.errors import GlassboxError

WRAPPERS = ("state_dict", "model_state_dict", "model")
PREFIXES = ("module.", "model.", "_orig_mod.")
COUNTER = ".num_batches_tracked"  # older checkpoints lack it, and no prediction needs it

Shapes = Mapping[str, tuple[int, ...]]


def refuse_misfit(where: str, tensors: Mapping[str, torch.Tensor], wanted: Shapes) -> None:
    """Raise GlassboxError that names the tensors that are missing, extra, or of another shape."""
    shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    problems = {
        "missing": sorted(set(wanted) - set(shapes)),
        "extra": sorted(set(shapes) - set(wanted)),
        "of another shape": [
            f"{name} {shapes[name]}, not {shape}"
            for name, shape in sorted(wanted.items())
            if shapes.get(name, shape) != shape
        ],
    }
    if any(problems.values()):
        lines = (f"  {what}: {', '.join(names)}" for what, names in problems.items() if names)
        raise GlassboxError(f"{where} does not fit the network\n" + "\n".join(lines))


def load_foreign(path: Path, wanted: Shapes, key: str | None = None) -> dict[str, torch.Tensor]:
    """The tensors of a network, as `wanted` has their shapes, from a file of others.

    The file is safetensors, or a checkpoint that torch loads without running its code; key: under
    which it holds the tensors. The usual dicts around them, and prefixes of all their names, are
    taken off, and said in the log. Raises GlassboxError when the file is neither, names the keys
    where it has tensors under other ones, and the tensors that don't fit.
    """
    tensors = _without_prefixes(_read(path, key), wanted)
    counters = {name for name in wanted if name.endswith(COUNTER)} - set(tensors)
    tensors |= {name: torch.tensor(0) for name in counters}
    refuse_misfit(str(path), tensors, wanted)
    return {name: tensors[name] for name in wanted}


def check_accuracy(found: float, wanted: float, within: float, name: str) -> None:
    """Raise GlassboxError when a network is not as accurate as is known of it."""
    if abs(found - wanted) > within:
        raise GlassboxError(
            f"{name}: {found:.2%} of the test set right, {wanted:.2%} ± {within:.2%} expected\n"
            "  what to do: check weights, images and their normalisation"
        )


def _read(path: Path, key: str | None) -> dict[str, torch.Tensor]:
    """The tensors of a file by name, without the dicts around them."""
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        content = torch.load(path, map_location="cpu", weights_only=True)
    except (UnpicklingError, RuntimeError, EOFError, OSError, SafetensorError) as error:
        raise _no_checkpoint(path, type(error).__name__) from error
    held = _unwrapped(content if key is None else _under(path, content, key))
    if not isinstance(held, Mapping):
        raise _no_checkpoint(path, type(held).__name__)
    others = [str(name) for name, each in held.items() if not isinstance(each, torch.Tensor)]
    if others and (keys := _keys_of_tensors(held)):
        raise GlassboxError(
            f"{path}: its tensors are under keys of their own: {', '.join(keys)}\n"
            f"  what to do: write weights: {{..., key: {keys[0]}}}, or whichever holds the network"
        )
    if others or not held:
        raise _no_checkpoint(path, f"no tensor: {', '.join(others)}" if others else "empty")
    return dict(held)


def _under(path: Path, content: Any, key: str) -> Any:
    """What a checkpoint holds under a key."""
    if not isinstance(content, Mapping) or key not in content:
        known = _keys_of_tensors(content) if isinstance(content, Mapping) else []
        raise GlassboxError(
            f"{path}: it holds nothing under weights.key, '{key}'\n"
            f"  what to do: write one of these, which hold tensors: {', '.join(known) or 'none'}"
        )
    return content[key]


def _keys_of_tensors(content: Mapping) -> list[str]:
    """The keys under which there is a dict of tensors."""
    return [
        str(key)
        for key, held in content.items()
        if isinstance(held, Mapping)
        and held
        and all(isinstance(each, torch.Tensor) for each in held.values())
    ]


def _no_checkpoint(path: Path, why: str) -> GlassboxError:
    return GlassboxError(
        f"{path}: not a checkpoint of tensors ({why})\n"
        "  what to do: replace it by the original; nothing else in a pickle is loaded"
    )


def _unwrapped(content: Any) -> Any:
    """What is inside of the dicts around tensors."""
    for wrapper in WRAPPERS:
        if isinstance(content, Mapping) and isinstance(content.get(wrapper), Mapping):
            logging.info("the weights are what the checkpoint holds as %s", wrapper)
            return _unwrapped(content[wrapper])
    return content


def _without_prefixes(
    tensors: Mapping[str, torch.Tensor], wanted: Shapes
) -> dict[str, torch.Tensor]:
    """The tensors by their names less what is in front of all of them, and of none wanted."""
    for prefix in PREFIXES:
        foreign = not any(name.startswith(prefix) for name in wanted)
        if foreign and all(name.startswith(prefix) for name in tensors):
            logging.info("the tensors' names are taken without %s", prefix)
            bare = {name.removeprefix(prefix): each for name, each in tensors.items()}
            return _without_prefixes(bare, wanted)
    return dict(tensors)
