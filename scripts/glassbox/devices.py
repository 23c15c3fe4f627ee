"""Where tensors live: a GPU where there is one and it is wanted, the CPU otherwise."""

from __future__ import annotations

import fcntl
import logging
import os
import platform
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from glassbox.errors import GlassboxError

if TYPE_CHECKING:
    import torch

_claims: list[TextIO] = []  # open until the process ends, which frees them


def choose_device(wanted: str, threads: int) -> torch.device:
    """The device for "auto", "cpu" or "cuda", with `threads` CPU threads for torch.

    A GPU belongs to this process until it ends: others on the machine that choose at the same time
    get another one, or wait. Raises GlassboxError when "cuda" is wanted and there is none.
    """
    import torch

    torch.set_num_threads(threads)
    # Not use_deterministic_algorithms, which loads the compiler besides and takes a second.
    torch.set_deterministic_debug_mode("error")
    # By default cuDNN rounds what a convolution takes to 10 bits.
    torch.backends.cudnn.allow_tf32 = False
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
    index = claim_gpu(gpu_names(torch.cuda.device_count()), Path(tempfile.gettempdir()))
    torch.cuda.set_device(index)
    logging.info("device: GPU %d, %s", index, torch.cuda.get_device_name())
    return torch.device("cuda", index)


def describe_device(device: torch.device) -> str:
    """The kind of device, as far as it can decide how results are rounded."""
    import torch

    if device.type == "cuda":
        return f"cuda: {torch.cuda.get_device_name(device)}"
    return f"cpu: {_cpu_model()}, {torch.backends.cpu.get_cpu_capability()}"


def gpu_names(count: int) -> list[str]:
    """What the machine calls the `count` visible GPUs, whatever a process calls them."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",")
    return visible[:count] if visible != [""] else [str(index) for index in range(count)]


def claim_gpu(names: list[str], folder: Path, poll: float = 1.0) -> int:
    """The place in `names` of a GPU that no other process holds; waits, aloud, while all are held.

    folder: where all processes of the machine keep their claims, files locked while they live.
    """
    waited = False
    while True:
        for index, name in enumerate(names):
            if _claim(folder / f"glassbox-gpu-{name.strip()}.lock"):
                return index
        if not waited:
            logging.info("all %d GPUs are in use: waiting for one", len(names))
            waited = True
        time.sleep(poll)


def _claim(path: Path) -> bool:
    """Lock a file that any user may lock, until this process ends."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CREAT, 0o444)
    claim = os.fdopen(descriptor)
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        claim.close()
        return False
    _claims.append(claim)
    return True


def _cpu_model() -> str:
    """The processor's name, as Linux tells it; elsewhere its architecture."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
