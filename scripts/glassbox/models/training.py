"""The training of all networks: replicates side by side or alone, with the data on the device."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch.nn.functional import cross_entropy
from torch.optim.sgd import sgd

from glassbox.errors import GlassboxError
from glassbox.models.build import Replicates
from glassbox.models.recipe import Recipe

ALMOST_ALL = 0.99  # accuracy during an epoch from which all may be right at its end


@dataclass(frozen=True)
class Data:
    """Inputs (R, n, ...) float32 and labels (R, n) int64, on the device that trains.

    Inputs are as the network takes them: see `glassbox.models.inputs`.
    """

    inputs: torch.Tensor
    labels: torch.Tensor


@dataclass(frozen=True)
class Trained:
    """The kept networks, one row of history per replicate and epoch, and the checkpoints.

    checkpoints: the networks as they were after some epochs, 0 being the start: the replicates that
    had not ended before, and their places.
    """

    model: Replicates
    history: pd.DataFrame
    checkpoints: dict[int, tuple[Replicates, list[int]]]


class Diverged(GlassboxError):
    """The loss of some replicates is no longer finite."""

    def __init__(self, replicates: list[int], epoch: int, learning_rate: float) -> None:
        """Take the replicates by their places."""
        super().__init__(f"training diverged in epoch {epoch} at learning rate {learning_rate}")
        self.replicates = replicates


def train(
    model: Replicates,
    training: Data,
    validation: Data,
    recipe: Recipe,
    generators: list[torch.Generator],
    progress: Callable[[range], Iterator[int]] = iter,
) -> Trained:
    """Train every replicate until it is done, and keep its weights of the epoch that counts.

    A replicate that is done no longer changes what is kept of it, while the others go on.
    generators: of the order of examples, one per replicate.
    history: replicate, epoch (1-based), train_loss, train_accuracy (both over the epoch's steps,
    before each update), validation_loss, validation_accuracy, kept (the epoch whose weights were
    kept), done (whether the criterion was met, rather than the limit of epochs).
    Raises Diverged with replicates, epoch and learning rate when a loss is not finite.
    """
    descent = _Descent(model.parameters(), recipe)
    keeper = _Keeper(model, recipe)
    shuffled = Data(torch.empty_like(training.inputs), torch.empty_like(training.labels))
    history, copies = [], {}
    everyone = list(range(model.replicates))
    if 0 in recipe.checkpoints:
        copies[0] = model.pick(everyone), everyone
    for epoch in progress(range(1, recipe.max_epochs + 1)):
        _shuffle(training, generators, into=shuffled)
        loss, accuracy = _one_epoch(model, shuffled, recipe.batch_size, descent)
        validation_loss, validation_accuracy = evaluate(model, validation)
        _refuse_divergence(torch.stack([loss, validation_loss]).cpu(), keeper.done, epoch, recipe)
        history.append(
            torch.stack([loss, accuracy, validation_loss, validation_accuracy]).cpu().numpy()
        )
        going = [place for place in everyone if not keeper.done[place]]
        keeper.see(epoch, accuracy, validation_loss, training)
        if epoch in recipe.checkpoints:
            copies[epoch] = model.pick(going), going
        if keeper.done.all():
            break
    return Trained(keeper.kept, _history_frame(np.stack(history), keeper), copies)


@torch.no_grad()
def evaluate(model: Replicates, data: Data, rows: int = 512) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean cross-entropy and accuracy of each replicate, two tensors (R,)."""
    model.eval()
    replicates, count = data.labels.shape
    loss = torch.zeros(replicates, dtype=torch.float64, device=data.labels.device)
    right = torch.zeros_like(loss)
    for start in range(0, count, rows):
        labels = data.labels[:, start : start + rows]
        logits = model(data.inputs[:, start : start + rows])
        loss += _losses(logits, labels).sum(1)
        right += (logits.argmax(2) == labels).sum(1)
    return loss / count, right / count


def _one_epoch(
    model: Replicates, data: Data, batch_size: int, descent: "_Descent"
) -> tuple[torch.Tensor, torch.Tensor]:
    """One pass over the data in the order given; mean loss and accuracy (R,) on the way."""
    model.train()
    losses = torch.empty(data.labels.shape, device=data.labels.device)
    answers = torch.empty_like(data.labels)
    for start in range(0, data.labels.shape[1], batch_size):
        batch = slice(start, start + batch_size)
        logits = model(data.inputs[:, batch])
        loss = _losses(logits, data.labels[:, batch])
        loss.backward(torch.full_like(loss, 1 / loss.shape[1]))
        descent.step()
        losses[:, batch] = loss.detach()
        answers[:, batch] = logits.detach().argmax(2)
    return losses.double().mean(1), (answers == data.labels).double().mean(1)


class _Descent:
    """Stochastic gradient descent by torch's kernel for it, as the recipe says.

    Not torch.optim.SGD, which loads torch's compiler when it is made: a second of every training.
    """

    def __init__(self, parameters: Iterable[torch.nn.Parameter], recipe: Recipe) -> None:
        self.parameters = list(parameters)
        self.buffers: list[torch.Tensor | None] = [None] * len(self.parameters)
        self.settings = {"lr": recipe.learning_rate, "momentum": recipe.momentum, "fused": True}
        self.settings |= {"weight_decay": 0, "dampening": 0, "nesterov": False, "maximize": False}

    @torch.no_grad()
    def step(self) -> None:
        """Go down the gradients of what has some, and forget them."""
        places = [place for place, each in enumerate(self.parameters) if each.grad is not None]
        moved = [self.parameters[place] for place in places]
        buffers = [self.buffers[place] for place in places]
        sgd(moved, [each.grad for each in moved], buffers, **self.settings)
        for place, buffer in zip(places, buffers, strict=True):
            self.buffers[place], self.parameters[place].grad = buffer, None


def _losses(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of each example, (R, n)."""
    flat = cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="none")
    return flat.view(labels.shape)


def _shuffle(data: Data, generators: list[torch.Generator], into: Data) -> Data:
    """The data in a new order per replicate, written over `into`: no new memory per epoch."""
    count = data.labels.shape[1]
    for replicate, rng in enumerate(generators):
        order = torch.randperm(count, generator=rng).to(data.labels.device)
        torch.index_select(data.inputs[replicate], 0, order, out=into.inputs[replicate])
        torch.index_select(data.labels[replicate], 0, order, out=into.labels[replicate])
    return into


def _refuse_divergence(
    losses: torch.Tensor, done: torch.Tensor, epoch: int, recipe: Recipe
) -> None:
    diverged = ((~losses.isfinite()).any(0) & ~done).nonzero().flatten().tolist()
    if diverged:
        raise Diverged(diverged, epoch, recipe.learning_rate)


class _Keeper:
    """Decides which epoch's weights are kept of each replicate, and when it is done."""

    def __init__(self, model: Replicates, recipe: Recipe) -> None:
        self.model, self.recipe = model, recipe
        replicates = model.replicates
        self.kept = model.pick(list(range(replicates)))
        self.epoch = torch.zeros(replicates, dtype=torch.int64)
        self.least = torch.full((replicates,), torch.inf, dtype=torch.float64)
        self.done = torch.zeros(replicates, dtype=torch.bool)
        self.last = torch.zeros(replicates, dtype=torch.int64)

    def see(
        self, epoch: int, accuracy: torch.Tensor, validation_loss: torch.Tensor, training: Data
    ) -> None:
        """Look at the end of one epoch: keep what counts, and end who is done."""
        self.last[~self.done] = epoch
        if self.recipe.stop == "validation-loss":
            better = (validation_loss.cpu() < self.least) & ~self.done
            self._keep(better, epoch)
            self.least = torch.where(better, validation_loss.cpu(), self.least)
            self.done |= epoch - self.epoch >= self.recipe.patience
        else:
            self._keep(~self.done, epoch)
            self.done |= self._learned(accuracy, training)
            self.done |= self.recipe.stop == "epochs" and epoch == self.recipe.max_epochs

    def _learned(self, accuracy: torch.Tensor, training: Data) -> torch.Tensor:
        """Who classifies all training examples right; asked only when some may."""
        if self.recipe.stop != "train-accuracy" or not (accuracy > ALMOST_ALL).any():
            return torch.zeros_like(self.done)
        all_right = evaluate(self.model, training)[1] == 1
        return ((accuracy > ALMOST_ALL) & all_right).cpu()

    def _keep(self, which: torch.Tensor, epoch: int) -> None:
        self.epoch[which] = epoch
        self.kept.take(self.model, which)


def _history_frame(history: np.ndarray, keeper: _Keeper) -> pd.DataFrame:
    """history (epochs, 4, R) as rows, without the epochs after a replicate's end."""
    epochs, _, replicates = history.shape
    columns = ["train_loss", "train_accuracy", "validation_loss", "validation_accuracy"]
    frame = pd.DataFrame(history.transpose(2, 0, 1).reshape(-1, 4), columns=columns)
    frame.insert(0, "epoch", np.tile(np.arange(1, epochs + 1), replicates))
    frame.insert(0, "replicate", np.repeat(np.arange(replicates), epochs))
    frame = frame[frame["epoch"] <= np.repeat(keeper.last.numpy(), epochs)]
    kept = keeper.epoch.numpy()[frame["replicate"]]
    return frame.assign(
        kept=frame["epoch"] == kept, done=keeper.done.numpy()[frame["replicate"]]
    ).reset_index(drop=True)
