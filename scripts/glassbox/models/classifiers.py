"""Classifiers by kind, and their weights as safetensors, `<replicate>.<tensor>`."""

from collections.abc import Mapping
from pathlib import Path

from safetensors import safe_open
from safetensors.numpy import save_file

from glassbox.digests import write_digest
from glassbox.errors import GlassboxError
from glassbox.files import whole
from glassbox.models.classifier import Classifier
from glassbox.models.lenet import LeNet
from glassbox.models.resnet import ResNet


def build(kind: str, size: int, classes: int, kernel: int = 5, padding: int = 0) -> Classifier:
    """An untrained classifier for images of `size` x `size` pixels: "lenet" or "resnet44"."""
    if kind == "lenet":
        return LeNet(size, classes, kernel, padding)
    return ResNet(classes)


def write_classifiers(path: Path, digest: Path, models: Mapping[int, Classifier]) -> None:
    """Write the weights of a block of replicates, by their numbers, and their digest."""
    tensors = {
        f"{replicate}.{name}": tensor.detach().cpu().contiguous().numpy()
        for replicate, model in models.items()
        for name, tensor in model.state_dict().items()
    }
    with whole(path) as part:
        save_file(tensors, part)
    write_digest(digest, path, sorted(tensors.items()))


def read_classifier(path: Path, replicate: int, model: Classifier) -> Classifier:
    """Load one replicate's weights into a classifier of its kind, set to predict.

    Raises GlassboxError when the block does not hold the replicate, or one of another kind.
    """
    prefix = f"{replicate}."
    with safe_open(path, framework="pt") as file:
        names = [name for name in file.keys() if name.startswith(prefix)]  # noqa: SIM118
        tensors = {name.removeprefix(prefix): file.get_tensor(name) for name in names}
    if not tensors:
        raise GlassboxError(f"{path} holds no replicate {replicate}")
    try:
        model.load_state_dict(tensors)
    except RuntimeError as error:
        raise GlassboxError(f"{path}, replicate {replicate}: {error}") from error
    return model.eval()
