"""Training of one classifier by gradient descent with momentum, the data on the device."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd
import torch
from torch.nn.functional import cross_entropy

from glassbox.models.classifier import Classifier
from glassbox.models.training import Diverged


@dataclass(frozen=True)
class MomentumRecipe:
    """As PyTorch's MNIST example had it in October 2019."""

    batch_size: int = 64
    learning_rate: float = 0.01
    momentum: float = 0.5
    epochs: int = 10


@dataclass(frozen=True)
class Images:
    """Pixels (n, channels, height, width) in [0, 1] and labels (n,), on the device that trains."""

    pixels: torch.Tensor
    labels: torch.Tensor


def train_classifier(
    model: Classifier,
    training: Images,
    held_out: Images,
    recipe: MomentumRecipe,
    order: torch.Generator,
    progress: Callable[[range], Iterator[int]] = iter,
) -> pd.DataFrame:
    """Train in place; a row per epoch with the losses and accuracies that the MLPs' history has.

    Those of training are over the epoch's steps, before each update. held_out decides nothing.
    Raises Diverged when a loss is not finite.
    """
    settings = {"lr": recipe.learning_rate, "momentum": recipe.momentum}
    optimiser = torch.optim.SGD(model.parameters(), **settings, fused=True)
    history = []
    for epoch in progress(range(1, recipe.epochs + 1)):
        loss, accuracy = _one_epoch(model, training, recipe.batch_size, optimiser, order)
        held_out_loss, held_out_accuracy = evaluate(model, held_out)
        if not torch.tensor([loss, held_out_loss]).isfinite().all():
            raise Diverged([0], epoch, recipe.learning_rate)
        history.append((epoch, loss, accuracy, held_out_loss, held_out_accuracy))
    measures = ["train_loss", "train_accuracy", "validation_loss", "validation_accuracy"]
    return pd.DataFrame(history, columns=["epoch", *measures])


@torch.no_grad()
def evaluate(model: Classifier, images: Images, rows: int = 500) -> tuple[float, float]:
    """Mean cross-entropy and accuracy."""
    model.eval()
    loss = right = 0.0
    for start in range(0, len(images.labels), rows):
        labels = images.labels[start : start + rows]
        logits = model(images.pixels[start : start + rows])
        loss += float(cross_entropy(logits, labels, reduction="sum"))
        right += int((logits.argmax(1) == labels).sum())
    return loss / len(images.labels), right / len(images.labels)


def _one_epoch(
    model: Classifier,
    images: Images,
    batch_size: int,
    optimiser: torch.optim.Optimizer,
    order: torch.Generator,
) -> tuple[float, float]:
    """One pass in a new order; mean loss and accuracy on the way."""
    model.train()
    count = len(images.labels)
    shuffled = torch.randperm(count, generator=order).to(images.labels.device)
    loss = right = torch.zeros((), dtype=torch.float64, device=images.labels.device)
    for batch in shuffled.split(batch_size):
        labels = images.labels[batch]
        logits = model(images.pixels[batch])
        mean = cross_entropy(logits, labels)
        optimiser.zero_grad()
        mean.backward()
        optimiser.step()
        loss = loss + mean.detach() * len(labels)
        right = right + (logits.detach().argmax(1) == labels).sum()
    return float(loss) / count, float(right) / count
