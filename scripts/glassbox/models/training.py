"""The training of all networks: replicates side by side or alone, with the data on the device."""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch

from glassbox.errors import GlassboxError
from glassbox.models.build import Replicates
from glassbox.models.descent import Adam, Descent, GradientDescent
from glassbox.models.losses import LOSSES, Loss
from glassbox.models.recipe import Recipe
from glassbox.models.unfinished import State, Unfinished

ALMOST_ALL = 0.99  # accuracy during a period from which all may be right at its end
CROSS_ENTROPY = LOSSES["cross-entropy"]


@dataclass(frozen=True)
class Data:
    """Inputs (R, n, ...) float32 and targets, on the device that trains.

    Inputs are as the network takes them: see `glassbox.models.inputs`. targets: labels (R, n)
    int64, or values (R, n, t) float32; the very tensor of the inputs where these are to be given
    back.
    """

    inputs: torch.Tensor
    targets: torch.Tensor


@dataclass(frozen=True)
class Draws:
    """Generators of what training draws, one per replicate and kind, so that none needs another.

    order: of the examples, on the CPU. noise: on the inputs, on the device that trains; left out
    where the recipe has none. network: what the networks draw themselves, such as dropout, on that
    device; left out where they draw nothing.
    """

    order: Sequence[torch.Generator]
    noise: Sequence[torch.Generator] = ()
    network: Sequence[torch.Generator] = ()


@dataclass(frozen=True)
class Trained:
    """The kept networks, one row of history per replicate and period, and the checkpoints.

    checkpoints: the networks as they were after some periods, 0 being the start: the replicates
    that had not ended before, and their places.
    """

    model: Replicates
    history: pd.DataFrame
    checkpoints: dict[int, tuple[Replicates, list[int]]]


class Diverged(GlassboxError):
    """The loss of some replicates is no longer finite."""

    def __init__(self, replicates: list[int], period: int, recipe: Recipe) -> None:
        """Take the replicates by their places."""
        where = f"{recipe.period} {period} at learning rate {recipe.learning_rate}"
        super().__init__(f"training diverged in {where}")
        self.replicates = replicates


def train(
    model: Replicates,
    training: Data,
    validation: Data,
    recipe: Recipe,
    draws: Draws,
    loss: Loss = CROSS_ENTROPY,
    progress: Callable[[Collection[int]], Iterator[int]] = iter,
    unfinished: Unfinished | None = None,
) -> Trained:
    """Train every replicate until it is done, and keep its weights of the period that counts.

    Batches come from passes over the training data, each in an order of its own, which go on from
    one period to the next; the last batch of a pass is what is left of it, and a step like others.
    A replicate that is done no longer changes what is kept of it, while the others go on.
    unfinished: where the state is kept meanwhile; what is there is gone on from, to the same bytes.
    history: replicate, epoch (the period, 1-based: an epoch or a cycle), train_loss, train_accuracy
    (both over the period's steps, before each update), validation_loss, validation_accuracy, kept
    (whether its weights were), done (whether the criterion was met, rather than the limit).
    Raises Diverged with replicates, period and learning rate when a loss is not finite.
    """
    run = _Run(model, training, recipe, draws, loss)
    if unfinished and (state := unfinished.read()):
        run.restore(state)
        logging.info("going on after %s %d", recipe.period, run.period)
    for period in progress(run.to_come()):
        run.go_on(period, validation)
        if unfinished:
            unfinished.offer(run.state, not run.to_come())
        if not run.to_come():
            break
    return Trained(run.keeper.kept, run.history_frame(), run.checkpoints)


@torch.no_grad()
def evaluate(
    model: Replicates, data: Data, loss: Loss = CROSS_ENTROPY, rows: int = 512
) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean loss and accuracy of each replicate, two tensors (R,)."""
    model.eval()
    replicates, count = data.targets.shape[:2]
    total = torch.zeros(replicates, dtype=torch.float64, device=data.targets.device)
    right = torch.zeros_like(total)
    for start in range(0, count, rows):
        targets = data.targets[:, start : start + rows]
        outputs = model(data.inputs[:, start : start + rows])
        total += loss.losses(outputs, targets).sum(1)
        right += loss.right(outputs, targets).sum(1)
    return total / count, right / count


class _Run:
    """A training in progress: all that it needs to go on."""

    def __init__(
        self, model: Replicates, training: Data, recipe: Recipe, draws: Draws, loss: Loss
    ) -> None:
        self.model, self.training, self.recipe = model, training, recipe
        self.draws, self.loss = draws, loss
        self.batches = _Batches(training, recipe.batch_size, draws.order)
        self.descent = _descent(model, recipe)
        self.keeper = _Keeper(model, recipe, loss)
        self.period = 0
        self.history: list[torch.Tensor] = []
        self.checkpoints: dict[int, tuple[Replicates, list[int]]] = {}
        self._keep_checkpoint(list(range(model.replicates)))
        model.draw_from(draws.network)

    def to_come(self) -> range:
        """The periods that are left, unless it ends before."""
        last = self.period if self.keeper.done.all() else self.recipe.max_periods
        return range(self.period + 1, last + 1)

    def go_on(self, period: int, validation: Data) -> None:
        """Train for one period, and look at what came of it."""
        self.period = period
        loss, accuracy = self._descend()
        validation_loss, right = evaluate(self.model, validation, self.loss)
        measured = torch.stack([loss, accuracy, validation_loss, right]).cpu()
        _refuse_divergence(measured[[0, 2]], self.keeper.done, period, self.recipe)
        self.history.append(measured)
        going = (~self.keeper.done).nonzero().flatten().tolist()
        self.keeper.see(period, measured[1], measured[2], self.training)
        self._keep_checkpoint(going)

    def _descend(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The steps of a period; mean loss and accuracy (R,) on the way."""
        self.model.train()
        steps = self.recipe.steps(self.training.targets.shape[1])
        losses, right = [], []
        for step in range((self.period - 1) * steps, self.period * steps):
            batch = self.batches.next()
            outputs = self.model(self._shown(batch.inputs))
            loss = self.loss.losses(outputs, batch.targets)
            loss.mean(1).sum().backward()
            self.descent.step(self.recipe.rate(step))
            losses.append(loss.detach())
            with torch.no_grad():
                right.append(self.loss.right(outputs, batch.targets))
        return torch.cat(losses, 1).double().mean(1), torch.cat(right, 1).double().mean(1)

    def _shown(self, inputs: torch.Tensor) -> torch.Tensor:
        """A batch as the networks are given it: with noise, where the recipe has some."""
        if not self.recipe.noise:
            return inputs
        noise = torch.empty(inputs.shape, device=inputs.device)
        for own, generator in zip(noise, self.draws.noise, strict=True):
            drawn = torch.rand((), generator=generator, device=inputs.device)
            own.normal_(generator=generator).mul_(self.recipe.noise * drawn)
        return noise.add_(inputs)

    def _keep_checkpoint(self, places: list[int]) -> None:
        if self.period in self.recipe.checkpoints:
            self.checkpoints[self.period] = self.model.pick(places), places

    def history_frame(self) -> pd.DataFrame:
        """A row per replicate and period, without the periods after a replicate's end."""
        history = torch.stack(self.history).numpy()
        periods, _, replicates = history.shape
        columns = ["train_loss", "train_accuracy", "validation_loss", "validation_accuracy"]
        frame = pd.DataFrame(history.transpose(2, 0, 1).reshape(-1, 4), columns=columns)
        frame.insert(0, "epoch", np.tile(np.arange(1, periods + 1), replicates))
        frame.insert(0, "replicate", np.repeat(np.arange(replicates), periods))
        frame = frame[frame["epoch"] <= np.repeat(self.keeper.last.numpy(), periods)]
        kept = self.keeper.period.numpy()[frame["replicate"]]
        return frame.assign(
            kept=frame["epoch"] == kept, done=self.keeper.done.numpy()[frame["replicate"]]
        ).reset_index(drop=True)

    def state(self) -> State:
        """All that decides how it goes on, and what came of it so far."""
        return {
            "period": self.period,
            "history": torch.stack(self.history),
            "model": self.model.state_dict(),
            "descent": self.descent.state(),
            "batches": self.batches.state(),
            "keeper": self.keeper.state(),
            "checkpoints": {
                period: (model.state_dict(), places)
                for period, (model, places) in self.checkpoints.items()
            },
            "generators": [each.get_state() for each in self._generators()],
            "torch": _own_generators(self.training.inputs.device),
        }

    def restore(self, state: State) -> None:
        """Go on from what `state` gave of the same training."""
        self.period, self.history = state["period"], list(state["history"])
        self.model.load_state_dict(state["model"])
        self.descent.restore(state["descent"])
        self.batches.restore(state["batches"])
        self.keeper.restore(state["keeper"])
        for period, (tensors, places) in state["checkpoints"].items():
            self.checkpoints[period] = self.model.pick(places), places
            self.checkpoints[period][0].load_state_dict(tensors)
        for generator, drawn in zip(self._generators(), state["generators"], strict=True):
            generator.set_state(drawn)
        _restore_own_generators(state["torch"])

    def _generators(self) -> list[torch.Generator]:
        """Those whose state is as it stands; that of the orders is the batches'."""
        return [*self.draws.noise, *self.draws.network, *self.loss.generators]


def _descent(model: Replicates, recipe: Recipe) -> Descent:
    if recipe.optimizer == "adam":
        return Adam(model.parameters())
    return GradientDescent(model.parameters(), recipe.momentum)


def _own_generators(device: torch.device) -> list[torch.Tensor]:
    """The states of torch's own generators, from which modules draw."""
    gpu = [torch.cuda.get_rng_state(device)] if device.type == "cuda" else []
    return [torch.get_rng_state(), *gpu]


def _restore_own_generators(states: Sequence[torch.Tensor]) -> None:
    torch.set_rng_state(states[0])
    for gpu in states[1:]:
        torch.cuda.set_rng_state(gpu)


class _Batches:
    """Training data in batches, in a new order on every pass."""

    def __init__(self, data: Data, size: int, generators: Sequence[torch.Generator]) -> None:
        self.data, self.size, self.generators = data, size, generators
        self.count = self.place = data.targets.shape[1]
        inputs = torch.empty_like(data.inputs)
        one = data.targets is data.inputs
        self.shuffled = Data(inputs, inputs if one else torch.empty_like(data.targets))

    def next(self) -> Data:
        """The next batch (R, size, ...), or what is left of a pass."""
        if self.place >= self.count:
            self._shuffle()
        batch = slice(self.place, self.place + self.size)
        self.place += self.size
        return Data(self.shuffled.inputs[:, batch], self.shuffled.targets[:, batch])

    def _shuffle(self) -> None:
        """Begin a pass, over the former one: no new memory for each."""
        self.before, self.place = [each.get_state() for each in self.generators], 0
        given, into = self.data, self.shuffled
        for replicate, rng in enumerate(self.generators):
            order = torch.randperm(self.count, generator=rng).to(given.inputs.device)
            torch.index_select(given.inputs[replicate], 0, order, out=into.inputs[replicate])
            if into.targets is not into.inputs:
                torch.index_select(given.targets[replicate], 0, order, out=into.targets[replicate])

    def state(self) -> State:
        """Where it is in its pass, and what the order of this pass was drawn from."""
        return {"before": self.before, "place": self.place}

    def restore(self, state: State) -> None:
        """Go on from what `state` gave, by drawing the order again."""
        for generator, before in zip(self.generators, state["before"], strict=True):
            generator.set_state(before)
        self._shuffle()
        self.place = state["place"]


def _refuse_divergence(
    losses: torch.Tensor, done: torch.Tensor, period: int, recipe: Recipe
) -> None:
    diverged = ((~losses.isfinite()).any(0) & ~done).nonzero().flatten().tolist()
    if diverged:
        raise Diverged(diverged, period, recipe)


class _Keeper:
    """Decides which period's weights are kept of each replicate, and when it is done."""

    def __init__(self, model: Replicates, recipe: Recipe, loss: Loss) -> None:
        self.model, self.recipe, self.loss = model, recipe, loss
        replicates = model.replicates
        self.kept = model.pick(list(range(replicates)))
        self.period = torch.zeros(replicates, dtype=torch.int64)
        self.least = torch.full((replicates,), torch.inf, dtype=torch.float64)
        self.former, self.rises = self.least.clone(), torch.zeros_like(self.period)
        self.done = torch.zeros(replicates, dtype=torch.bool)
        self.last = torch.zeros_like(self.period)

    def see(
        self, period: int, accuracy: torch.Tensor, validation_loss: torch.Tensor, training: Data
    ) -> None:
        """Look at the end of one period: keep what counts, and end who is done."""
        self.last[~self.done] = period
        if self.recipe.stop in ("validation-loss", "cycles"):
            better = (validation_loss < self.least) & ~self.done
            self._keep(better, period)
            self.least = torch.where(better, validation_loss, self.least)
            self.done |= self._is_worse(period, validation_loss)
        else:
            self._keep(~self.done, period)
            self.done |= self._learned(accuracy, training)
            self.done |= self.recipe.stop == "epochs" and period == self.recipe.max_epochs

    def _is_worse(self, period: int, validation_loss: torch.Tensor) -> torch.Tensor:
        """Whose patience is at an end."""
        if self.recipe.stop == "validation-loss":
            return period - self.period >= self.recipe.patience
        rose = validation_loss > self.former
        self.rises, self.former = torch.where(rose, self.rises + 1, 0), validation_loss
        return self.rises >= self.recipe.patience

    def _learned(self, accuracy: torch.Tensor, training: Data) -> torch.Tensor:
        """Who classifies all training examples right; asked only when some may."""
        if self.recipe.stop != "train-accuracy" or not (accuracy > ALMOST_ALL).any():
            return torch.zeros_like(self.done)
        all_right = evaluate(self.model, training, self.loss)[1] == 1
        return (accuracy > ALMOST_ALL) & all_right.cpu()

    def _keep(self, which: torch.Tensor, period: int) -> None:
        self.period[which] = period
        self.kept.take(self.model, which)

    def state(self) -> State:
        """What it keeps, and what it goes by."""
        known = {"period": self.period, "least": self.least, "former": self.former}
        known |= {"rises": self.rises, "done": self.done, "last": self.last}
        return {**known, "kept": self.kept.state_dict()}

    def restore(self, state: State) -> None:
        """Go on from what `state` gave."""
        self.kept.load_state_dict(state["kept"])
        self.period, self.least, self.former = state["period"], state["least"], state["former"]
        self.rises, self.done, self.last = state["rises"], state["done"], state["last"]
