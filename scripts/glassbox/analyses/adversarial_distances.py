"""How far examples are from another answer: DeepFool (chen2017 §5.1).

Moosavi-Dezfooli et al. (2016): step by step to the nearest boundary of the network made linear,
and beyond it by a share of the whole change, until the answer is another. Distances are Euclidean,
of the set's values, which nothing clips. An upper bound of the least change, and the least itself
times 1 + OVERSHOOT for a network without hidden layers. The Adversarial Robustness Toolbox has the
same attack, without targets, and takes a pass per class and step.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch

from glassbox.models.model import Model, answers
from glassbox.tables import Examples

OVERSHOOT = 0.02
TINY = 1e-12  # of the norm of a gradient: what has none leads nowhere
AT_ONCE = 2**25  # values of gradients

Margin = Callable[[torch.Tensor, torch.Tensor], tuple[torch.Tensor, torch.Tensor]]


@dataclass(frozen=True)
class Walk:
    """Where examples came to: inputs (n, d), whether they crossed (n,), and steps taken (n,)."""

    inputs: torch.Tensor
    crossed: torch.Tensor
    steps: torch.Tensor

    def distances(self, starts: torch.Tensor) -> np.ndarray:
        """From the starts (n, d), of those that crossed, NaN for others: (n,) float64."""
        moved = (self.inputs.double() - starts.double()).norm(dim=1)
        return moved.where(self.crossed, torch.nan).cpu().numpy()


def adversarial_distances(
    model: Model, examples: Examples, apart: Sequence[int], steps: int
) -> pd.DataFrame:
    """The change of each example that changes the answer to another so many classes away.

    apart: least differences of the clean answer and the one that counts, in classes; 1: any other.
    Columns: apart, example_id, label, answer, right (whether that is the label), attacked (the
    answer at the end), distance (Euclidean, NaN where none was found within the steps), norm (of
    the example) and steps.
    """
    clean = answers(model, examples.values)
    norms = np.linalg.norm(examples.values.astype(np.float64), axis=1)
    own = {"example_id": examples.ids, "label": examples.labels, "answer": clean}
    frame = pd.DataFrame({**own, "right": clean == examples.labels})
    starts = torch.from_numpy(examples.values).to(model.device)
    classes, frames = model.layers[-1].units, []
    for least in apart:
        margin = to_other_answers(model, clean, least)
        walk = deepfool(margin, starts, steps, max(1, AT_ONCE // (classes * starts.shape[1])))
        attacked = answers(model, walk.inputs.cpu().numpy())
        found = {"attacked": attacked, "distance": walk.distances(starts), "norm": norms}
        frames.append(frame.assign(apart=least, **found, steps=walk.steps.cpu().numpy()))
    whole = pd.concat(frames)
    return whole[["apart", *whole.columns.drop("apart")]]


def deepfool(margin: Margin, starts: torch.Tensor, steps: int, rows: int) -> Walk:
    """Examples (n, d) that walk until their margin is over 0.

    margin: of inputs (m, d) of the examples of these places (m,): its values (m,) and gradients
    (m, d), for the boundary that each makes for; rows: how many go through it at once.
    """
    inputs, total = starts.clone(), torch.zeros_like(starts)
    taken = torch.zeros(len(starts), dtype=torch.int64, device=starts.device)
    crossed = torch.zeros_like(taken, dtype=torch.bool)
    for step in range(steps + 1):
        here = (~crossed).nonzero()[:, 0]
        if not len(here):
            break
        parts = [margin(inputs[block], block) for block in here.split(rows)]
        value, gradient = (torch.cat(each) for each in zip(*parts, strict=True))
        crossed[here] = value > 0
        if step < steps:
            here, value, gradient = (each[value <= 0] for each in (here, value, gradient))
            squares = (gradient * gradient).sum(1).clamp(min=TINY**2)
            total[here] -= (value / squares)[:, None] * gradient
            inputs[here] = starts[here] + (1 + OVERSHOOT) * total[here]
            taken[here] += 1
    return Walk(inputs, crossed, taken)


def to_other_answers(model: Model, clean: np.ndarray, apart: int) -> Margin:
    """The margin of the class that is nearest, of those so far from the clean answers (n,).

    Over the likeliest of the others, among which is the clean answer.
    """
    own = torch.from_numpy(clean).to(model.device)

    def margin(inputs: torch.Tensor, rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        logits, slopes = logits_and_slopes(model, inputs)
        classes, places = (torch.arange(each, device=own.device) for each in logits.shape[::-1])
        near = (classes - own[rows, None]).abs() < apart
        likeliest = logits.masked_fill(~near, -torch.inf).argmax(1)
        values = logits - logits[places, likeliest, None]
        slopes = slopes - slopes[likeliest, places]
        distances = (-values).clamp(min=0) / slopes.norm(dim=2).T.clamp(min=TINY)
        chosen = distances.masked_fill(near, torch.inf).argmin(1)
        return values[places, chosen], slopes[chosen, places]

    return margin


def logits_and_slopes(model: Model, inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The logits (n, classes) of inputs (n, d), and their gradients (classes, n, d).

    In one pass through as many copies of the inputs as there are classes: gradients in a batch of
    their own (torch.func.vmap) are not there for every layer.
    """
    classes = model.layers[-1].units
    copies = inputs.detach().repeat(classes, 1).requires_grad_()
    logits = model(copies).reshape(classes, len(inputs), classes)
    (slopes,) = torch.autograd.grad(logits.diagonal(dim1=0, dim2=2).sum(), copies)
    return logits[0].detach(), slopes.reshape(classes, *inputs.shape)
