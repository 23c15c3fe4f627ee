"""An introspection of 2,400 hidden units, on one thread: its estimators, new examples, patterns.

Five estimators train side by side, where a user would train one after another by a plain loop.

New examples go through the encoder, where a t-SNE map has to be optimised for them (pardo2019 §2.3,
P-C31). Expected patterns are summed over a grid of 400 x 400 places without holding what is decoded
there (E-P10); its size is told beside how much memory it takes.
"""

from itertools import pairwise

import numpy as np
import torch
from openTSNE import TSNE
from threadpoolctl import threadpool_limits
from timing import peak_memory, ratio, report
from torch.nn.functional import mse_loss

from glassbox.analyses.expected_patterns import END, decoded_first
from glassbox.analyses.introspection import (
    DECODER,
    ENCODER,
    Fitting,
    Introspection,
    descriptions,
    fit_estimators,
)
from glassbox.analyses.plane import Density, Grid
from glassbox.models.build import architecture

UNITS, HIDDEN, CLASSES, SIZE = 2400, [200, 200, 200], 10, 400
KNOWN, NEW = 2000, 1000
REPLICATES, MINIBATCH, STEPS = 5, 32, 200


def main() -> None:
    rng = np.random.default_rng(0)
    estimators()
    fitted = Introspection(parts(rng))
    new_examples(fitted, rng)
    expected_patterns(fitted, rng)


def estimators() -> None:
    rng = torch.Generator().manual_seed(0)
    places = torch.randn(REPLICATES, 2000, 2, generator=rng)
    errors = places.sum(2)
    cycles = {"batch_size": MINIBATCH, "learning_rate": 1e-4, "cycle": STEPS // 2}
    cycles |= {"max_cycles": 2, "patience": 5}
    fitting = Fitting.in_cycles(estimator=cycles, hidden=HIDDEN, held_out=0.1)
    streams = [(0, each) for each in range(REPLICATES)]
    slower = ratio(
        lambda: plain_estimator(places[0], errors[0]),
        lambda: fit_estimators(places, errors, fitting, streams),
    )
    what = "estimators, replicate-steps per second: five side by side / a plain loop"
    report(what, REPLICATES * slower, 1.4, more_is_better=True)


def plain_estimator(places: torch.Tensor, errors: torch.Tensor) -> None:
    """As many steps of one estimator, by torch alone, with batches drawn in each pass."""
    widths, layers = [2, *HIDDEN], []
    for inputs, outputs in pairwise(widths):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ELU(inplace=True)]
    network = torch.nn.Sequential(*layers, torch.nn.Linear(widths[-1], 1))
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-4, fused=True)
    batches: list[torch.Tensor] = []
    for _ in range(STEPS):
        batches = batches or list(torch.randperm(len(places)).split(MINIBATCH))
        batch = batches.pop()
        loss = mse_loss(network(places[batch])[:, 0], errors[batch]) / 2
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()


def parts(rng: np.random.Generator) -> dict:
    """An encoder and a decoder at their start: how they are trained does not change their speed."""
    told = descriptions(UNITS, HIDDEN)
    made = {part: architecture(told[part]) for part in (ENCODER, DECODER)}
    return {part: each.model(each.start([rng])[0].states()[0]) for part, each in made.items()}


def new_examples(fitted: Introspection, rng: np.random.Generator) -> None:
    known, new = (rng.normal(size=(n, UNITS)).astype(np.float32) for n in (KNOWN, NEW))
    embedding = TSNE(n_jobs=1, random_state=0).fit(known)
    faster = 1 / ratio(lambda: fitted.places(new), lambda: embedding.transform(new), rounds=3)
    what = f"{NEW} new examples of {UNITS} units: openTSNE's transform / encoder"
    report(what, faster, 10, more_is_better=True)


def expected_patterns(fitted: Introspection, rng: np.random.Generator) -> None:
    grid = Grid.within(END, SIZE)
    weights = np.stack(
        [Density.of(rng.normal(size=(1000, 2))).on(grid) * grid.area for _ in range(CLASSES)]
    )
    before = peak_memory()
    slower = ratio(
        lambda: decoded_first(weights, grid, fitted.decoded),
        lambda: bare(weights, fitted),
        rounds=3,
    )
    report(f"expected patterns over {SIZE} x {SIZE} places / bare products", slower, 2)
    held = 4 * SIZE**2 * UNITS / 2**20
    print(
        f"memory that takes: {peak_memory() - before:.0f} MB, "
        f"where decoded places have {held:.0f} MB"
    )


def bare(weights: np.ndarray, fitted: Introspection, rows: int = 2048) -> None:
    """The products of the decoder's layers and with the weights, of as many places at a time."""
    layers = [layer.weight[0] for layer in fitted.parts[DECODER].stack.layers]
    flat = torch.from_numpy(weights.reshape(CLASSES, -1)).float()
    inputs = [torch.zeros(rows, len(layer)) for layer in layers]
    decoded = torch.zeros(rows, UNITS)
    for start in range(0, SIZE**2, rows):
        for values, layer in zip(inputs, layers, strict=True):
            values @ layer
        here = flat[:, start : start + rows]
        here @ decoded[: here.shape[1]]


if __name__ == "__main__":
    torch.set_num_threads(1)
    with threadpool_limits(1):
        main()
