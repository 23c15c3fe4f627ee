"""Original files of image sets, downloaded by torchvision."""

import os
import shutil
from pathlib import Path
from types import ModuleType

from glassbox.errors import GlassboxError


def import_datasets() -> ModuleType:
    """torchvision's data sets, also where its compiled operators do not load.

    A CPU build of torch cannot load operators linked against CUDA; the import then fails at the
    registration of `nms`. Declaring the two operators is enough for everything but detection.
    """
    try:
        from torchvision import datasets
    except RuntimeError as error:
        if "operator torchvision::nms does not exist" not in str(error):
            raise
        import torch

        library = torch.library.Library("torchvision", "FRAGMENT")
        library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        from torchvision import datasets
    return datasets


def download(name: str, folder: Path) -> None:
    """Have torchvision fetch the idx files of set `name` (say, "MNIST") into `folder`.

    Raises GlassboxError when no mirror can be reached.
    """
    dataset = getattr(import_datasets(), name)
    cache = folder / f".download.{os.getpid()}"
    try:
        dataset(root=cache, train=True, download=True)
        for file in (cache / name / "raw").glob("*.gz"):
            shutil.move(file, folder / file.name)
    except (RuntimeError, OSError) as error:
        raise GlassboxError(f"torchvision could not download {name}: {error}") from error
    finally:
        shutil.rmtree(cache, ignore_errors=True)
