"""What the programs about classifiers share: images, and classifiers with their weights."""

from pathlib import Path

import torch

from glassbox.models.classifier import Classifier, as_images
from glassbox.models.classifiers import build, read_classifier
from glassbox.tables import Examples, read_examples


def read_images(path: Path) -> tuple[Examples, torch.Tensor]:
    """A set of examples, and the same as images (n, channels, height, width)."""
    examples = read_examples(path)
    return examples, as_images(examples.values, examples.metadata["shape"])


def empty(config: dict, examples: Examples) -> Classifier:
    """A classifier as the config's `classifier` says, for such examples."""
    return build(size=examples.metadata["shape"][0], classes=examples.classes, **config)


def trained(
    config: dict, weights: Path, replicate: int, examples: Examples, device: torch.device
) -> Classifier:
    """One replicate of a block on the device."""
    return read_classifier(weights, replicate, empty(config, examples)).to(device)
