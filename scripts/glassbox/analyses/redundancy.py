"""What single hidden units tell of the label, and how many a network can do without (§3.3.3)."""

from __future__ import annotations

from collections.abc import Callable
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
MEANS, COMPONENTS = "units used most, means of the others", "principal components"


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
    depth. Columns: through; unit, 0-based, -1 for a part; kept, the units or components of
    that part; active, the share of examples that a unit is active on; accuracy. The weights stay as
    they are, whatever of the layer reaches them: see `parts`.
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
    rest = Stack(model.layers[depth:])
    rows = []
    for through, part in parts(rest, examples).items():
        for kept in (round(share * values.shape[1]) for share in KEPT):
            accuracy = right_answers(rest, *part(kept))
            rows.append({"through": through, "unit": -1, "kept": kept, "accuracy": accuracy})
    return pd.concat([singles, pd.DataFrame(rows)], ignore_index=True)


def parts(
    rest: Stack, examples: Examples
) -> dict[str, Callable[[int], tuple[np.ndarray, np.ndarray]]]:
    """What of a layer's activations reaches the layers behind it, by how a part is lost.

    Each way takes how many units or components are kept, and gives values and labels. A part loses
    the units whose mean activation times the norm of their outgoing weights is least, or, as a
    control, the last in their order, which means nothing: these become 0, or their mean. Or it
    loses all but the leading principal components. Means and components are found on every other
    example of each label, and the rest is what the part is asked of.
    """
    from glassbox.analyses.baselines import PrincipalComponents

    values, labels = examples.values, examples.labels
    told = is_told(labels)
    known, shown, asked = values[told], values[~told], labels[~told]
    weight = rest.layers[0].weight.detach()[0]
    outgoing, units = weight.norm(dim=1).cpu().numpy(), values.shape[1]
    used, known_used = (ranking(each, outgoing) for each in (values, known))
    fitted = PrincipalComponents.fit(known, labels[told], weight.device, units)
    means, nothing = known.mean(axis=0), np.zeros(units, values.dtype)
    return {
        USED: lambda kept: (replaced(values, used[kept:], nothing), labels),
        ORDER: lambda kept: (replaced(values, np.arange(kept, units), nothing), labels),
        MEANS: lambda kept: (replaced(shown, known_used[kept:], means), asked),
        COMPONENTS: lambda kept: (fitted.kept(shown, kept), asked),
    }


def is_told(labels: np.ndarray) -> np.ndarray:
    """Every other example of each label (n,), on which is found what the rest is asked of."""
    return pd.Series(labels).groupby(labels).cumcount().to_numpy() % 2 == 0


def ranking(values: np.ndarray, outgoing: np.ndarray) -> np.ndarray:
    """Units (d,) by their mean over values (n, d) times the norm of their outgoing weights (d,)."""
    return np.argsort(-values.mean(axis=0) * outgoing, kind="stable")


def replaced(values: np.ndarray, lost: np.ndarray, stand_in: np.ndarray) -> np.ndarray:
    """Values (n, d) in which some units have those of a stand-in (d,)."""
    part = values.copy()
    part[:, lost] = stand_in[lost]
    return part


def answers_of_one(unit: np.ndarray, labels: np.ndarray) -> float:
    """The share of examples whose label the activations of one unit (n,) tell.

    The most frequent label in each of `BINS` quantiles of the unit, counted on every other example
    of each label, answers the rest.
    """
    told = is_told(labels)
    edges = np.unique(np.quantile(unit[told], np.linspace(0, 1, BINS + 1)[1:-1]))
    places = np.searchsorted(edges, unit)
    counts = np.zeros((len(edges) + 1, labels.max() + 1))
    np.add.at(counts, (places[told], labels[told]), 1)
    answers = counts.argmax(axis=1)[places[~told]]
    return float((answers == labels[~told]).mean())


def right_answers(rest: Stack, values: np.ndarray, labels: np.ndarray) -> float:
    """The share of right answers when values (n, d) of a layer reach the layers behind it."""
    import torch

    shown = torch.from_numpy(values)[None].to(rest.layers[-1].bias.device)
    with torch.no_grad():
        answers = rest(shown)[0].argmax(dim=1).cpu().numpy()
    return float((answers == labels).mean())
