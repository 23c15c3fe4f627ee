"""Inputs that a network takes for a class with near certainty, by gradient ascent (chen2017 §5).

x <- x + alpha da_i/dx, a_i being the output (softmax) of class i, from a start near zero until a_i
is over 0.999. All classes of all replicates climb side by side; each signal stops by itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch

from glassbox.models.outputs import probabilities
from glassbox.models.stack import Stack

NEAR, FAR = 5, 15  # samples from a jump: what is next to it, and what that is compared with


@dataclass(frozen=True)
class Ascent:
    """What gradient ascent came to.

    starts, inputs: (R, classes, d) signals before and after. steps: (R, classes) updates made.
    probability: (R, classes) of the class that was aimed at. reached: whether that is over the
    level; where it is not, the limit of steps was met, or a gradient that is all zero.
    """

    starts: torch.Tensor
    inputs: torch.Tensor
    steps: torch.Tensor
    probability: torch.Tensor
    reached: torch.Tensor


def random_starts(
    generators: list[np.random.Generator], classes: int, inputs: int, bound: float
) -> torch.Tensor:
    """A signal per replicate and class, uniform within ±bound: (R, classes, inputs) float32."""
    drawn = [rng.uniform(-bound, bound, (classes, inputs)) for rng in generators]
    return torch.from_numpy(np.stack(drawn).astype(np.float32))


def climb(
    model: Stack,
    starts: torch.Tensor,
    *,
    rate: float,
    level: float,
    limit: int,
    progress: Callable[[range], Iterator[int]] = iter,
) -> Ascent:
    """Climb from starts (R, classes, d), the i-th of each replicate towards class i."""
    inputs = starts.clone()
    replicates, classes, _ = starts.shape
    aims = torch.arange(classes, device=starts.device).expand(replicates, classes)[..., None]
    steps = torch.zeros(replicates, classes, dtype=torch.int64, device=starts.device)
    stuck = torch.zeros_like(steps, dtype=torch.bool)
    for _ in progress(range(limit)):
        probability, gradient = _output_and_gradient(model, inputs, aims)
        stuck |= (gradient == 0).all(dim=2)
        going = (probability <= level) & ~stuck
        if not going.any():
            break
        inputs = torch.where(going[..., None], inputs + rate * gradient, inputs)
        steps += going
    probability, _ = _output_and_gradient(model, inputs, aims)
    return Ascent(starts, inputs, steps, probability, probability > level)


def _output_and_gradient(
    model: Stack, inputs: torch.Tensor, aims: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """The output (R, classes) that each signal is to raise, and its gradient."""
    inputs = inputs.detach().requires_grad_()
    outputs = probabilities(model(inputs), model.output).gather(2, aims)[..., 0]
    (gradient,) = torch.autograd.grad(outputs.sum(), inputs)
    return outputs.detach(), gradient


def jump_clarity(signals: np.ndarray, locations: np.ndarray) -> dict[str, np.ndarray]:
    """How clearly signals (n, d) jump at their 1-based locations (n,), one array (n,) each.

    clarity: the increase x_t - x_(t-1) at the location, less the mean of all other increases of the
    signal, over their standard deviation: signal to noise of the jump, in standard deviations. NaN
    where the others are all equal.
    offset: the location of the largest increase less the one aimed at, in samples.
    before, after: how deep the signal drops towards the jump and behind it (Fig. 5.1): the mean of
    the samples NEAR to FAR from the jump less that of those nearer, before it; the reverse behind
    it; in units of the signal's range. NaN where a signal is too short for that.
    """
    rows = np.arange(len(signals))
    values = signals.astype(np.float64)
    increase = np.diff(values, axis=1)
    at = locations - 2  # increase[:, k] is that into the 1-based location k + 2
    jump = increase[rows, at]
    others = np.ma.masked_array(increase, mask=np.zeros_like(increase, dtype=bool))
    others[rows, at] = np.ma.masked
    spread = others.std(axis=1).filled(np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        clarity = np.where(spread > 0, (jump - others.mean(axis=1).filled(np.nan)) / spread, np.nan)
    drops = [_drops(signal, t) for signal, t in zip(values, locations - 1, strict=True)]
    before, after = np.array(drops, dtype=np.float64).reshape(-1, 2).T
    offset = increase.argmax(axis=1) - at
    return {"clarity": clarity, "offset": offset, "before": before, "after": after}


def _drops(signal: np.ndarray, jump: int) -> tuple[float, float]:
    """The drops before and behind the 0-based sample `jump` of one signal, over its range."""
    span = np.ptp(signal)
    if jump < FAR or jump + FAR > len(signal) or not span:
        return np.nan, np.nan
    before = signal[jump - FAR : jump - NEAR].mean() - signal[jump - NEAR : jump].mean()
    after = signal[jump : jump + NEAR].mean() - signal[jump + NEAR : jump + FAR].mean()
    return before / span, after / span


def ascent_table(ascent: Ascent, first: int) -> pd.DataFrame:
    """One row per replicate and class of an ascent; first: the location of class 0.

    Columns: replicate (its place), label, steps, probability, reached, distance (Euclidean, from
    the start), location (aimed at), and those of `jump_clarity`.
    """
    replicates, classes, width = ascent.inputs.shape
    signals = ascent.inputs.cpu().numpy().reshape(-1, width)
    moved = (ascent.inputs.double() - ascent.starts.double()).norm(dim=2)
    frame = pd.DataFrame(
        {
            "replicate": np.repeat(np.arange(replicates), classes),
            "label": np.tile(np.arange(classes), replicates),
            "steps": ascent.steps.flatten().cpu().numpy(),
            "probability": ascent.probability.flatten().cpu().numpy(),
            "reached": ascent.reached.flatten().cpu().numpy(),
            "distance": moved.flatten().cpu().numpy(),
        }
    )
    locations = frame["label"].to_numpy() + first
    return frame.assign(location=locations, **jump_clarity(signals, locations))


@torch.no_grad()
def signal_table(model: Stack, ascent: Ascent) -> pd.DataFrame:
    """The signals of an ascent, and what the convolutional layers make of them.

    One row per replicate (its place), label, layer with its depth (0 for the input) and sample
    (from 1): value.
    Layers are shown while they have a unit per sample, up to the first that has not, or the output.
    """
    length = ascent.inputs.shape[2]
    frames = []
    layers = [ascent.inputs, *model.activations(ascent.inputs)[:-1]]
    names = ["input", *model.names()[:-1]]
    for depth, (name, values) in enumerate(zip(names, layers, strict=True)):
        if values.shape[2] != length:
            break
        index = pd.MultiIndex.from_product(
            [range(size) for size in values.shape], names=["replicate", "label", "sample"]
        )
        frame = pd.DataFrame({"value": values.flatten().cpu().numpy()}, index)
        frames.append(frame.reset_index().assign(layer=name, depth=depth))
    return pd.concat(frames).assign(sample=lambda frame: frame["sample"] + 1)
