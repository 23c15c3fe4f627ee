"""Targeted iterative attacks with the paths that they take (pardo2019 §3.5), and random walks.

An attack goes down the sign of the gradient of E = 1/2 ||target - outputs||^2, the target being one
for the wanted class and zero for the others. Of an attack that knows a detector, that detector's
loss is part of what it goes down. Random walks take as many steps, each as far in every value.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch.nn.functional import one_hot

from glassbox.tables import Examples

Outputs = Callable[[torch.Tensor], torch.Tensor]  # of inputs (m, ...): (m, classes)
Loss = Callable[[torch.Tensor], torch.Tensor]  # of inputs (m, ...): (m,), each of its own input
Direction = Callable[[torch.Tensor], torch.Tensor]  # of inputs: of their shape, values -1, 0 or 1
Walk = Callable[
    [torch.Tensor, torch.Tensor], Iterator[torch.Tensor]
]  # from inputs, to targets (m,)
Rows = Callable[[range], Iterable[int]]


@dataclass(frozen=True)
class Steps:
    """How far a path goes, and where it is recorded.

    count: how many steps. size: the change of each value per step, in the unit of the values.
    every: steps from one record to the next; the start is the first record. bounds: the least and
    the largest value that inputs are clipped to after each step, if they are.
    """

    count: int = 100
    size: float = 0.01
    every: int = 1
    bounds: tuple[float, float] | None = (0, 1)

    @property
    def recorded(self) -> np.ndarray:
        """The numbers of steps after which inputs are recorded, from 0 on."""
        return np.arange(0, self.count + 1, self.every)


def path(start: torch.Tensor, direction: Direction, steps: Steps) -> Iterator[torch.Tensor]:
    """Inputs (m, ...) at each record of a path that goes in a direction from where it has come."""
    inputs = start.detach()
    yield inputs
    for number in range(1, steps.count + 1):
        inputs = inputs + steps.size * direction(inputs)
        if steps.bounds:
            inputs = inputs.clamp(*steps.bounds)
        if number % steps.every == 0:
            yield inputs


def targeted_path(
    outputs: Outputs,
    start: torch.Tensor,
    targets: torch.Tensor,
    steps: Steps,
    *,
    extra: Loss | None = None,
    weight: float = 1.0,
) -> Iterator[torch.Tensor]:
    """Inputs (m, ...) at each record of attacks towards the classes `targets` (m,).

    outputs: such as probabilities, whatever the network has. extra: a loss of the inputs that the
    attack goes down as well, `weight` times, such as the error of an autoencoder that it evades.
    """
    error = squared_error(outputs, targets)
    if extra is None:
        return path(start, descent(error), steps)
    return path(start, descent(lambda inputs: error(inputs) + weight * extra(inputs)), steps)


def squared_error(outputs: Outputs, targets: torch.Tensor) -> Loss:
    """1/2 ||target - outputs||^2, a target being one at its class, of targets (m,), else zero."""

    def error(inputs: torch.Tensor) -> torch.Tensor:
        found = outputs(inputs)
        return 0.5 * (one_hot(targets, found.shape[1]) - found).square().sum(1)

    return error


def descent(loss: Loss) -> Direction:
    """Down the sign of a loss's gradient."""

    def direction(inputs: torch.Tensor) -> torch.Tensor:
        at = inputs.detach().requires_grad_()
        (gradient,) = torch.autograd.grad(loss(at).sum(), at)
        return -gradient.sign()

    return direction


def random_signs(rng: np.random.Generator, start: torch.Tensor) -> Direction:
    """Signs drawn for every step: paths from `start` stray about."""
    return lambda inputs: _signs(rng, start)


def random_direction(rng: np.random.Generator, start: torch.Tensor) -> Direction:
    """Signs drawn once: paths from `start` go straight, and so as far as steps can lead."""
    signs = _signs(rng, start)
    return lambda inputs: signs


def _signs(rng: np.random.Generator, like: torch.Tensor) -> torch.Tensor:
    return torch.from_numpy(2 * rng.integers(2, size=like.shape) - 1).to(like)


def paths_to_all(
    examples: Examples,
    walk: Walk,
    steps: Steps,
    device: torch.device,
    rows: int = 500,
    progress: Rows = iter,
) -> Examples:
    """The records of a path from each example (n, d) to each class, its own too, as a set.

    walk: gives the records of paths from inputs (m, d) to targets (m,). Rows, of which there are
    n * classes * records, are ordered by example, target and step, and held in memory once. Their
    labels are those of the examples, their ids count them, and the columns of their origin are
    `origin_id`, the id of the example, `target` and `step`, the steps taken. rows: how many inputs
    go through a network at once, or those of one example. progress: shows how far that is.
    """
    count, width = examples.values.shape
    classes, recorded = examples.classes, steps.recorded
    values = np.empty((count, classes, len(recorded), width), np.float32)
    at_once = max(1, rows // classes)
    for begin in progress(range(0, count, at_once)):
        part = values[begin : begin + at_once]
        start = torch.from_numpy(examples.values[begin : begin + at_once]).to(device)
        targets = torch.arange(classes, device=device).repeat(len(part))
        for place, inputs in enumerate(walk(start.repeat_interleave(classes, 0), targets)):
            part[:, :, place] = inputs.cpu().numpy().reshape(len(part), classes, width)
    example, target, record = (each.ravel() for each in np.indices(values.shape[:3]))
    return replace(
        examples,
        ids=np.arange(len(example)),
        labels=examples.labels[example],
        values=values.reshape(-1, width),
        origin={
            "origin_id": examples.ids[example],
            "target": target,
            "step": recorded[record],
        },
    )
