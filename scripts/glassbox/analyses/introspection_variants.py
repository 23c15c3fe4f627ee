"""Introspections of the same networks that are fitted in other ways, and how good each is.

What pardo2019 leaves open of the fit may decide what comes out: the weight of the discrepancy from
the unit Gaussian, its kernel and the width of that, the floor of the errors whose logarithm is
estimated, and whether the network, its autoencoder and its estimator are trained at once or one
after another (§2.4).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import torch

from glassbox.activations import Activations
from glassbox.analyses.hidden_vectors import hidden_vectors
from glassbox.analyses.introspection import (
    BOTTLENECK,
    Fitted,
    Fitting,
    Progress,
    Streams,
    autoencoder_loss,
    encoded,
    fit_autoencoders,
    fit_estimators,
    seeded,
    untrained_autoencoders,
    untrained_estimators,
)
from glassbox.analyses.map_quality import kept_neighbours, labels_nearby
from glassbox.analyses.misclassification import aurc
from glassbox.analyses.outputs import half_squared_error, log_error
from glassbox.analyses.scores import auroc_by, rank_correlation
from glassbox.analyses.spaces import Space
from glassbox.models.build import Architecture
from glassbox.models.losses import Loss
from glassbox.models.outputs import probabilities
from glassbox.models.recipe import Recipe
from glassbox.models.together import Together, TogetherLoss, Watched
from glassbox.models.training import Data, Draws, train
from glassbox.models.unfinished import Kept, Unfinished, nothing_kept
from glassbox.seeds import generator

CPU = torch.device("cpu")


@dataclass(frozen=True)
class Seen:
    """What networks make of a set: an entry per replicate.

    hidden: h, (R, n, units) float32. errors: ½‖y − ŷ‖², (R, n) float64. wrong: which are answered
    wrongly, (R, n) bool. labels: (R, n).
    """

    hidden: np.ndarray
    errors: np.ndarray
    wrong: np.ndarray
    labels: np.ndarray

    @classmethod
    def of(cls, shown: Sequence[Activations], layers: Sequence[str] | None) -> "Seen":
        """What an introspection sees of the same layers of several networks."""
        hidden = np.stack([hidden_vectors(each, layers) for each in shown])
        outputs = np.stack([each.probabilities for each in shown])
        return cls.told(hidden, outputs, np.stack([each.examples.labels for each in shown]))

    def first(self, count: int | None) -> "Seen":
        """What it sees of the first networks alone; None: of all."""
        return Seen(*(each[:count] for each in vars(self).values()))

    @classmethod
    def told(cls, hidden: np.ndarray, outputs: np.ndarray, labels: np.ndarray) -> "Seen":
        """From hidden vectors (R, n, units), outputs (R, n, classes) and labels (R, n)."""
        errors = np.stack(list(map(half_squared_error, outputs, labels)))
        return cls(hidden, errors, outputs.argmax(2) != labels, labels)


class Shown(NamedTuple):
    """Where a fitted introspection puts training examples and others, and what it tells of these.

    An entry per replicate: places (R, n, 2), estimates (R, n).
    """

    training: np.ndarray
    places: np.ndarray
    estimates: np.ndarray


def shown_by(fitted: Fitted, training: Seen, others: Seen) -> Shown:
    """Training examples and others as an introspection shows them."""
    device = fitted.estimators.layers[0].weight.device
    known, places = (
        encoded(fitted.autoencoders.encoder, torch.from_numpy(each.hidden).to(device))
        for each in (training, others)
    )
    estimates = encoded(fitted.estimators, places)[..., 0]
    return Shown(*(each.cpu().numpy() for each in (known, places, estimates)))


def fit_apart(
    training: Seen,
    fittings: Mapping[str, tuple[Fitting, float]],
    streams: Streams,
    device: torch.device,
    progress: Progress = iter,
    kept: Kept = nothing_kept,
) -> Iterator[tuple[str, Fitted]]:
    """Introspections of trained networks, one after another, by the names of their settings.

    fittings: how each is fitted, and the floor of its errors. Those that differ in this floor or
    the estimator alone have one autoencoder.
    """
    hidden = torch.from_numpy(training.hidden).to(device)
    known: dict[str, tuple] = {}
    for name, (fitting, floor) in fittings.items():
        alike = repr(replace(fitting, estimator=None))
        if alike not in known:
            state = kept(f"{name} autoencoder")
            made = fit_autoencoders(hidden, fitting, streams, progress, state)
            known[alike] = made, encoded(made.encoder, hidden)
        autoencoders, places = known[alike]
        errors = torch.from_numpy(log_error(training.errors, floor).astype(np.float32)).to(device)
        state = kept(f"{name} estimator")
        estimators = fit_estimators(places, errors, fitting, streams, progress, state)
        yield name, Fitted(autoencoders, estimators)


@dataclass(frozen=True)
class Learning:
    """How networks learn: as `glassbox.models.training` takes it, and what names their draws."""

    network: Architecture
    recipe: Recipe
    loss: Loss
    streams: Streams


def fit_together(
    learning: Learning,
    training: Data,
    validation: Data,
    fitting: Fitting,
    floor: float,
    layers: Sequence[str] | None,
    streams: Streams,
    progress: Progress = iter,
    unfinished: Unfinished | None = None,
) -> Together:
    """Networks at the weights that training keeps, trained with their introspections in one loop.

    All three learn at the network's rate, from its batches. They start, and the network is shown
    its examples, as they would one after another. With a checkpoint in the recipe they are as they
    were then. streams: those of the introspections.
    """
    device = training.inputs.device
    (started,) = learning.network.start([generator(*each, "start") for each in learning.streams])
    network = Watched.of(started).to(device).eval()
    units = network.watch(training.inputs[:, :1], layers)[1].shape[2]
    beside = (
        untrained_autoencoders(units, fitting, streams),
        untrained_estimators(BOTTLENECK, fitting, streams),
    )
    model = Together(network, *beside, layers).to(device)
    of_autoencoder = autoencoder_loss(fitting, streams, device)
    loss = TogetherLoss(learning.loss, network.output, of_autoencoder, floor)
    drawn = (("order", CPU), ("noise", device), ("draws", device))
    draws = Draws(*([seeded(at, each, what) for each in learning.streams] for what, at in drawn))
    trained = train(model, training, validation, learning.recipe, draws, loss, progress, unfinished)
    return next((each for each, _ in trained.checkpoints.values()), trained.model)


@torch.no_grad()
def seen_together(model: Together, shown: Data, rows: int = 4096) -> Seen:
    """What networks that were trained so make of a set with labels."""
    found = [
        model.network.eval().watch(block, model.names) for block in shown.inputs.split(rows, 1)
    ]
    logits, hidden = (torch.cat(each, 1) for each in zip(*found, strict=True))
    outputs = probabilities(logits, model.network.output)
    return Seen.told(*(each.cpu().numpy() for each in (hidden, outputs, shown.targets)))


def measures(
    shown: Shown, training: Seen, others: Seen, rows: np.ndarray, replicate: int
) -> dict[str, float]:
    """How good one replicate's introspection is, on examples that it was not fitted on.

    rows: those that are compared for trustworthiness. hit, knn accuracy and trustworthiness are as
    in `map_quality`, auroc and aurc as in `misclassification`, of the estimate as a score of wrong
    answers. rank correlation: Spearman's, of the estimates and the errors. deviation: of the
    standard deviation of the places from 1, the larger of the two units'.
    """
    places, estimates = shown.places[replicate], shown.estimates[replicate]
    space = Space.of_all(shown.training[replicate], places)
    wrong = others.wrong[replicate]
    found = labels_nearby(space, training.labels[replicate], others.labels[replicate])
    return found | {
        "trustworthiness": kept_neighbours(others.hidden[replicate][rows], places[rows]),
        "auroc": auroc_by(estimates, wrong),
        "aurc": aurc(estimates, wrong),
        "rank correlation": rank_correlation(estimates, others.errors[replicate]),
        "deviation": float(np.abs(places.std(axis=0) - 1).max()),
    }
