"""Weights that others trained, read without running their code."""

from pathlib import Path
from pickle import UnpicklingError  # what torch raises when it refuses one

import torch
from torch import nn

from glassbox.errors import GlassboxError

COUNTER = ".num_batches_tracked"  # older checkpoints lack it, and no prediction needs it


def load_pretrained(path: Path, model: nn.Module, prefix: str = "module.") -> None:
    """Load a checkpoint's `state_dict`, its names less the prefix, into a model.

    Raises GlassboxError when the file is not one of tensors, or names the tensors that are missing,
    extra, or of another shape.
    """
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
        tensors = content.get("state_dict", content)
        found = {name.removeprefix(prefix): each for name, each in tensors.items()}
        shapes = {name: tuple(each.shape) for name, each in found.items()}
    except (UnpicklingError, RuntimeError, EOFError, AttributeError, OSError) as error:
        raise GlassboxError(
            f"{path}: not a checkpoint of tensors ({type(error).__name__})\n"
            "  what to do: replace it by the original; nothing else in a pickle is loaded"
        ) from error
    wanted = {name: tuple(each.shape) for name, each in model.state_dict().items()}
    counters = {name for name in wanted if name.endswith(COUNTER)} - set(found)
    problems = {
        "missing": sorted(set(wanted) - set(shapes) - counters),
        "extra": sorted(set(shapes) - set(wanted)),
        "of another shape": [
            f"{name} {shapes[name]}, not {shape}"
            for name, shape in sorted(wanted.items())
            if shapes.get(name, shape) != shape
        ],
    }
    if any(problems.values()):
        lines = (f"  {what}: {', '.join(names)}" for what, names in problems.items() if names)
        raise GlassboxError(f"{path} does not fit the network\n" + "\n".join(lines))
    model.load_state_dict(found, strict=False)


def check_accuracy(found: float, wanted: float, within: float, name: str) -> None:
    """Raise GlassboxError when a network is not as accurate as is known of it."""
    if abs(found - wanted) > within:
        raise GlassboxError(
            f"{name}: {found:.2%} of the test set right, {wanted:.2%} ± {within:.2%} expected\n"
            "  what to do: check weights, images and their normalisation"
        )
