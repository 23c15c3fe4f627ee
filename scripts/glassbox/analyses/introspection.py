"""Self-introspection: a network's hidden activations on a plane, and its error there.

An autoencoder puts the concatenated hidden layers of a network, h, to a place z in a plane; an
estimator tells from z alone how far the network errs (pardo2019 §2.4). Both are fitted on training
examples, and are explicit maps: what comes later goes through them without refitting.
"""

import itertools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
import torch

from glassbox.activations import Activations
from glassbox.analyses.hidden_vectors import hidden_vectors
from glassbox.analyses.outputs import half_squared_error, largest_output, log_error, margin
from glassbox.analyses.plane import Density, Grid, neighbourhood_shares
from glassbox.models.autoencoder import Autoencoders, InfoVAELoss, start_autoencoders
from glassbox.models.build import Description, describe
from glassbox.models.losses import SquaredError
from glassbox.models.model import Model
from glassbox.models.recipe import Recipe
from glassbox.models.stack import Feedforward, Stack, initialise
from glassbox.models.training import Data, Draws, train
from glassbox.models.unfinished import Kept, Unfinished, nothing_kept
from glassbox.seeds import generator, stream_seed

ENCODER, DECODER, ESTIMATOR = "encoder", "decoder", "estimator"
BOTTLENECK = 2
Streams = Sequence[tuple[int | str, ...]]  # what names the draws of each replicate
Progress = Callable[[Collection[int]], Iterator[int]]


def log_errors(activations: Activations, floor: float) -> np.ndarray:
    """log10 of half the squared error of each example, floored: (n,) float64."""
    errors = half_squared_error(activations.probabilities, activations.examples.labels)
    return log_error(errors, floor)


@dataclass(frozen=True)
class Fitting:
    """How an introspection is fitted, or the one of its parts that has a recipe.

    hidden: widths of the hidden layers of the encoder, of the estimator, and in reverse of the
    decoder. weight, kernel and width: of the discrepancy from the unit Gaussian and its kernel, see
    `InfoVAELoss`.
    held_out: share of the training examples that decide when training ends.
    """

    hidden: Sequence[int]
    held_out: float
    autoencoder: Recipe | None = None
    estimator: Recipe | None = None
    weight: float = 10.0
    kernel: str = "inverse-multiquadratic"
    width: float = 1.0

    @classmethod
    def in_cycles(
        cls,
        autoencoder: Mapping[str, Any] | None = None,
        estimator: Mapping[str, Any] | None = None,
        **settings: Any,
    ) -> Self:
        """By Adam in triangular cycles (§2.6): what else `Recipe` has of each, and the rest."""
        given = {"autoencoder": autoencoder, "estimator": estimator}
        kind = {"stop": "cycles", "optimizer": "adam", "schedule": "triangular"}
        recipes = {part: cycles and Recipe(**cycles, **kind) for part, cycles in given.items()}
        return cls(**recipes, **settings)

    @classmethod
    def told(cls, config: Mapping[str, Any], *parts: str) -> Self:
        """As a config slice has it; parts: those that are fitted, autoencoder or estimator."""
        keys = ("hidden", "weight", "kernel", "width", "held_out", *parts)
        return cls.in_cycles(**{key: config[key] for key in keys})


@dataclass(frozen=True)
class Fitted:
    """The autoencoders and estimators of some replicates, side by side."""

    autoencoders: Autoencoders
    estimators: Stack

    def states(self) -> list[dict[str, dict[str, torch.Tensor]]]:
        """The tensors of each replicate, by part."""
        parts = {
            ENCODER: self.autoencoders.encoder,
            DECODER: self.autoencoders.decoder,
            ESTIMATOR: self.estimators,
        }
        by_part = {part: stack.states() for part, stack in parts.items()}
        replicates = range(self.autoencoders.replicates)
        return [{part: found[each] for part, found in by_part.items()} for each in replicates]


def descriptions(units: int, hidden: Sequence[int]) -> dict[str, Description]:
    """What the parts are as networks, for hidden vectors of so many units."""
    made = {"kind": "mlp", "activation": "elu"}
    forth, back = {**made, "hidden": list(hidden)}, {**made, "hidden": list(hidden[::-1])}
    return {
        ENCODER: describe(forth, [units], BOTTLENECK),
        DECODER: describe(back, [BOTTLENECK], units),
        ESTIMATOR: describe(forth, [BOTTLENECK], 1),
    }


def fit_introspection(
    hidden: torch.Tensor,
    errors: torch.Tensor,
    fitting: Fitting,
    streams: Streams,
    progress: Progress = iter,
    kept: Kept = nothing_kept,
) -> Fitted:
    """Fit the autoencoders of some networks, and then the estimators on their bottlenecks.

    hidden: h of the training examples, (R, n, units) float32 on the device that trains; errors:
    log10 of half the squared errors, (R, n) float32 there. No gradient flows from the estimator to
    the autoencoder, nor from there to the network (§2.4). kept: where states are, from which a fit
    that was ended goes on.
    """
    told = fitting, streams, progress
    autoencoders = fit_autoencoders(hidden, *told, kept("autoencoder"))
    places = encoded(autoencoders.encoder, hidden)
    return Fitted(autoencoders, fit_estimators(places, errors, *told, kept("estimator")))


@torch.no_grad()
def encoded(encoders: Stack, hidden: torch.Tensor, rows: int = 4096) -> torch.Tensor:
    """z of hidden vectors (R, n, units), by the encoder of each replicate: (R, n, 2)."""
    return torch.cat([encoders.eval()(block) for block in hidden.split(rows, 1)], 1)


def fit_autoencoders(
    hidden: torch.Tensor,
    fitting: Fitting,
    streams: Streams,
    progress: Progress = iter,
    unfinished: Unfinished | None = None,
) -> Autoencoders:
    """Autoencoders of hidden vectors (R, n, units), one per replicate."""
    started = untrained_autoencoders(hidden.shape[2], fitting, streams)
    shown, held_out = split(hidden, hidden, fitting.held_out, streams)
    draws = Draws(orders(streams, "autoencoder"))
    loss = autoencoder_loss(fitting, streams, hidden.device)
    trained = started.to(hidden.device), shown, held_out, fitting.autoencoder, draws
    return train(*trained, loss, progress, unfinished).model


def untrained_autoencoders(units: int, fitting: Fitting, streams: Streams) -> Autoencoders:
    """Autoencoders of hidden vectors of so many units at their start, one per replicate."""
    starts = [generator(*stream, "autoencoder") for stream in streams]
    return start_autoencoders(units, fitting.hidden, BOTTLENECK, starts)


def autoencoder_loss(fitting: Fitting, streams: Streams, device: torch.device) -> InfoVAELoss:
    """What they are trained by, with draws of each replicate on the device that trains."""
    priors = [seeded(device, stream, "prior") for stream in streams]
    return InfoVAELoss(fitting.weight, fitting.kernel, priors, fitting.width)


def fit_estimators(
    inputs: torch.Tensor,
    errors: torch.Tensor,
    fitting: Fitting,
    streams: Streams,
    progress: Progress = iter,
    unfinished: Unfinished | None = None,
) -> Stack:
    """Regressions of log errors (R, n) on inputs (R, n, d), of one linear output (Table 2)."""
    started = untrained_estimators(inputs.shape[2], fitting, streams).to(inputs.device)
    shown, held_out = split(inputs, errors[..., None], fitting.held_out, streams)
    trained = started, shown, held_out, fitting.estimator, Draws(orders(streams, "estimator"))
    return train(*trained, SquaredError(), progress, unfinished).model


def untrained_estimators(inputs: int, fitting: Fitting, streams: Streams) -> Stack:
    """Estimators of so many inputs at their start, one per replicate."""
    starts = [generator(*stream, "estimator") for stream in streams]
    return initialise(Feedforward(inputs, 1, fitting.hidden, activation="elu"), starts)


def estimator_of(
    fitting: Fitting,
    stream: tuple[int | str, ...],
    device: torch.device,
    kept: Kept = nothing_kept,
) -> Callable[[np.ndarray, np.ndarray], Callable[[np.ndarray], np.ndarray]]:
    """What fits the same estimator on any inputs (n, d), and gives what it tells of others.

    Inputs are brought to mean 0 and variance 1 in each of the d, as an encoder's places are by
    themselves; errors are (n,), log10. kept: the state of each fit, by how many came before it.
    """
    numbers = itertools.count()

    def fit(inputs: np.ndarray, errors: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        mean, deviation = inputs.mean(axis=0), inputs.std(axis=0)
        scale = np.where(deviation > 0, deviation, 1)

        def arranged(values: np.ndarray) -> torch.Tensor:
            return torch.from_numpy(((values - mean) / scale).astype(np.float32))[None].to(device)

        known = torch.from_numpy(errors.astype(np.float32))[None].to(device)
        state = kept(str(next(numbers)))
        stack = fit_estimators(arranged(inputs), known, fitting, [stream], unfinished=state)
        return lambda values: encoded(stack, arranged(values))[0, :, 0].cpu().numpy()

    return fit


def split(
    inputs: torch.Tensor, targets: torch.Tensor, share: float, streams: Streams
) -> tuple[Data, Data]:
    """Examples to train on, and a share of each replicate's that is held out, at random."""
    count = inputs.shape[1]
    drawn = [generator(*stream, "held out").permutation(count) for stream in streams]
    order = torch.from_numpy(np.stack(drawn)).to(inputs.device)
    few = max(1, round(share * count))
    return _some(inputs, targets, order[:, few:]), _some(inputs, targets, order[:, :few])


def _some(inputs: torch.Tensor, targets: torch.Tensor, rows: torch.Tensor) -> Data:
    own = torch.stack([each[here] for each, here in zip(inputs, rows, strict=True)])
    if targets is inputs:
        return Data(own, own)
    return Data(own, torch.stack([each[here] for each, here in zip(targets, rows, strict=True)]))


def orders(streams: Streams, what: str) -> list[torch.Generator]:
    """Of the order of examples, on the CPU."""
    return [seeded(torch.device("cpu"), stream, what, "order") for stream in streams]


def seeded(device: torch.device, stream: tuple[int | str, ...], *purpose: str) -> torch.Generator:
    """A generator on a device, of what a stream names."""
    return torch.Generator(device).manual_seed(stream_seed(*stream, *purpose))


@dataclass(frozen=True)
class Introspection:
    """A fitted introspection of one replicate, ready for new examples: explicit maps."""

    parts: Mapping[str, Model]

    def places(self, hidden: np.ndarray) -> np.ndarray:
        """z of hidden vectors (n, units): (n, 2) float32."""
        return through(self.parts[ENCODER], hidden)

    def decoded(self, places: np.ndarray) -> np.ndarray:
        """The hidden vectors that are decoded at places (n, 2): (n, units) float32."""
        return through(self.parts[DECODER], places)

    def estimates(self, places: np.ndarray) -> np.ndarray:
        """The estimated log10 of the error at places (n, 2): (n,) float32."""
        return through(self.parts[ESTIMATOR], places)[:, 0]

    def reconstruction(self, hidden: np.ndarray, places: np.ndarray) -> np.ndarray:
        """½‖ĥ − h‖² per unit of hidden vectors (n, units) at their places: (n,) float64."""
        apart = self.decoded(places).astype(np.float64) - hidden
        return (apart * apart).mean(axis=1) / 2


@torch.no_grad()
def through(model: Model, values: np.ndarray) -> np.ndarray:
    """The linear outputs of a model for values (n, d): (n, outputs) float32."""
    blocks = torch.from_numpy(np.ascontiguousarray(values)).split(model.rows)
    return torch.cat([model(each.to(model.device)).cpu() for each in blocks]).numpy()


@dataclass(frozen=True)
class Known:
    """Training examples on the plane: places (n, 2), and what the network answers, (n,)."""

    places: np.ndarray
    answers: np.ndarray


def introspection(
    activations: Activations,
    fitted: Introspection,
    *,
    layers: Collection[str] | None,
    floor: float,
    neighbours: int,
    known: Known | None = None,
) -> pd.DataFrame:
    """Where each example of a set lies on the plane, and what is estimated of it there.

    layers: those that were concatenated. floor: of the error, before its logarithm is taken. known:
    the training examples; left out where the set is these themselves.

    Columns: example_id, label, answer, right, those of what the examples come of if there are
    any, z1, z2, estimate (log10 of the estimated error), error (log10 of ½‖y − ŷ‖²),
    reconstruction (½‖ĥ − h‖² per unit), norm (‖h‖), output (the largest), margin (of the largest
    output over the second), density (log of that of training examples there), and hit (the share of
    the nearest training examples that have the example's answer).
    """
    hidden = hidden_vectors(activations, layers)
    places, outputs = fitted.places(hidden), activations.probabilities
    own = Known(places, activations.answers)
    among = known or own
    near = among.places, among.answers, places, own.answers, neighbours, known is None
    examples = activations.examples
    return pd.DataFrame(
        {
            "example_id": examples.ids,
            "label": examples.labels,
            "answer": own.answers,
            "right": own.answers == examples.labels,
            **examples.origin,
            "z1": places[:, 0],
            "z2": places[:, 1],
            "estimate": fitted.estimates(places),
            "error": log_errors(activations, floor),
            "reconstruction": fitted.reconstruction(hidden, places),
            "norm": np.linalg.norm(hidden, axis=1),
            "output": largest_output(outputs),
            "margin": margin(outputs),
            "density": Density.of(among.places).log_at(places),
            "hit": neighbourhood_shares(*near),
        }
    )


def error_plane(fitted: Introspection, places: np.ndarray, size: int) -> pd.DataFrame:
    """The estimator over a grid that holds places (n, 2): columns z1, z2 and estimate."""
    grid = Grid.around(places, size).places.astype(np.float32)
    return pd.DataFrame({"z1": grid[:, 0], "z2": grid[:, 1], "estimate": fitted.estimates(grid)})
