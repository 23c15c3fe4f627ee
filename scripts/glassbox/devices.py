"""Where tensors live: a GPU where there is one and it is wanted, the CPU otherwise."""

import logging
import os

import torch

from glassbox.errors import GlassboxError


def choose_device(wanted: str, threads: int) -> torch.device:
    """The device for "auto", "cpu" or "cuda", with `threads` CPU threads for torch.

    Raises GlassboxError when "cuda" is wanted and there is none.
    """
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True)
    # Without this cuBLAS has no reproducible products, and torch refuses them.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    if wanted == "cuda" and not torch.cuda.is_available():
        raise GlassboxError(
            "device: cuda is asked for, but torch finds no GPU\n"
            "  what to do: set device: auto or cpu, or run where a GPU is visible"
        )
    if wanted == "cpu" or not torch.cuda.is_available():
        logging.info(
            "device: CPU%s, threads: %d", "" if wanted == "cpu" else " (no GPU found)", threads
        )
        return torch.device("cpu")
    logging.info("device: %s", torch.cuda.get_device_name())
    return torch.device("cuda")
