"""What single hidden units tell of the label, and how many a network can do without (§3.3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from glassbox.activations import Activations
from glassbox.tables import Examples

if TYPE_CHECKING:
    from glassbox.models.stack import Stack

BINS = 50
KEPT = (1.0, 0.75, 0.5, 0.25, 0.1)
ONE, USED, ORDER = "one unit", "units used most", "units in their order"


def redundancy(activations: Activations) -> pd.DataFrame:
    """What the units of all hidden layers of a perceptron tell: see `layer_redundancy`."""
    stack, frames = activations.model.stack, []
    for layer in activations.hidden:
        frame = layer_redundancy(stack, layer.depth, activations.of(layer))
        frames.append(frame.assign(layer=layer.name, depth=layer.depth))
    return pd.concat(frames)


def layer_redundancy(model: Stack, depth: int, examples: Examples) -> pd.DataFrame:
    """How well a hidden layer answers through one unit alone, and through a part of its units.

    model: a stack of one replicate of dense layers; examples: its activations of the layer of this
    depth. Columns: through; unit, 0-based, -1 for a part; kept, the units of
    that part; active, the share of examples that a unit is active on; accuracy. A part loses the
    units whose mean activation times the norm of their outgoing weights is least, or, as a control,
    the last in their order, which means nothing. The others' weights stay as they are.
    """
    from glassbox.models.stack import Stack

    values, labels = examples.values, examples.labels
    singles = pd.DataFrame(
        {
            "through": ONE,
            "unit": np.arange(values.shape[1]),
            "kept": 1,
            "active": (values > 0).mean(axis=0),
            "accuracy": [answers_of_one(unit, labels) for unit in values.T],
        }
    )
    outgoing = model.layers[depth].weight.detach()[0].norm(dim=1).cpu().numpy()
    rankings = {
        USED: np.argsort(-values.mean(axis=0) * outgoing, kind="stable"),
        ORDER: np.arange(values.shape[1]),
    }
    rest = Stack(model.layers[depth:])
    parts = pd.DataFrame(
        [
            {
                "through": through,
                "unit": -1,
                "kept": kept,
                "accuracy": answers_of_part(rest, values, labels, ranking[:kept]),
            }
            for through, ranking in rankings.items()
            for kept in (round(share * len(ranking)) for share in KEPT)
        ]
    )
    return pd.concat([singles, parts], ignore_index=True)


def answers_of_one(unit: np.ndarray, labels: np.ndarray) -> float:
    """The share of examples whose label the activations of one unit (n,) tell.

    The most frequent label in each of `BINS` quantiles of the unit, counted on every other example
    of each label, answers the rest.
    """
    is_told = pd.Series(labels).groupby(labels).cumcount().to_numpy() % 2 == 0
    edges = np.unique(np.quantile(unit[is_told], np.linspace(0, 1, BINS + 1)[1:-1]))
    places = np.searchsorted(edges, unit)
    counts = np.zeros((len(edges) + 1, labels.max() + 1))
    np.add.at(counts, (places[is_told], labels[is_told]), 1)
    answers = counts.argmax(axis=1)[places[~is_told]]
    return float((answers == labels[~is_told]).mean())


def answers_of_part(rest: Stack, values: np.ndarray, labels: np.ndarray, kept: np.ndarray) -> float:
    """The share of right answers when only some units of a layer reach the layers behind it."""
    import torch

    part = np.zeros_like(values)
    part[:, kept] = values[:, kept]
    shown = torch.from_numpy(part)[None].to(rest.layers[-1].bias.device)
    with torch.no_grad():
        answers = rest(shown)[0].argmax(dim=1).cpu().numpy()
    return float((answers == labels).mean())
