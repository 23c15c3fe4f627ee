"""Maps of neurons by their correlations, and which class each tells (rauber2017, Figs 12 to 14).

Neurons of a layer are points whose dissimilarity is 1 - |r|, r being the correlation of their
activations over observations, and metric scaling (MDS) puts them on a plane. The slides name MDS;
1 - |r| is a re-implementation's.

Whether neurons that tell the same class lie together is asked in the map, in the dissimilarities
behind it, and in those of activations less the mean of their class. Two neurons that tell one class
follow it both, and so correlate whatever else they do: of the first two spaces some of that is a
matter of course, also in a network without training. Less the means it is not.

A constant neuron has no correlation. It is named so in the table, and is in no map and no measure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch

from glassbox.analyses.autocorrelation import UNTESTED, Nearness, nearest_by
from glassbox.analyses.covariance import correlations
from glassbox.analyses.discrimination import aurocs, power, tree_scores
from glassbox.analyses.neighbourhoods import nearest_neighbours
from glassbox.analyses.neuron_tables import (
    AREA,
    CONSTANT,
    DEAD,
    MAP,
    PAIRS,
    TREES,
    VARYING,
    WITHIN,
)
from glassbox.analyses.redundancy import is_told
from glassbox.analyses.scaling import metric_scaling
from glassbox.analyses.scores import ALL_CLASSES, auroc_of
from glassbox.errors import GlassboxError
from glassbox.tables import Examples

MOST = 10_000  # neurons of which a map is made: a few matrices of all pairs are held
CHOSEN = {
    "label": np.int64,
    "unit": np.int64,
    "auroc_0": np.float64,
    "auroc_1": np.float64,
    "runner_up": np.int64,
    "runner_up_auroc": np.float64,
    "against_runner_up": np.float64,
}


@dataclass(frozen=True)
class Settings:
    """trees: per class. neighbours: that count. permutations: of neurons, for a test."""

    trees: int
    neighbours: int
    permutations: int


@dataclass(frozen=True)
class Scores:
    """How well each of d neurons tells each of k classes: all (k, d), classes (k,).

    trees: s_{c,j}. auroc: of the activation over all observations; auroc_0, auroc_1: over two
    halves of them, NaN where a half has no observation of a class.
    """

    classes: np.ndarray
    trees: np.ndarray
    auroc: np.ndarray
    auroc_0: np.ndarray
    auroc_1: np.ndarray

    @property
    def compared(self) -> dict[str, np.ndarray]:
        """What is shown and measured, by its name: the power of an AUROC in place of itself."""
        return {TREES: self.trees, AREA: power(self.auroc)}


def neuron_maps(
    examples: Examples,
    settings: Settings,
    seeds: Callable[[str], int],
    device: torch.device,
) -> dict[str, pd.DataFrame]:
    """Five tables of a layer's neurons, by their names.

    examples: the layer's activations (n, d) of some observations. seeds: of 32 bits, by what is
    drawn. Raises GlassboxError for more neurons than a map is made of, and for a single class.

    table: a row per neuron, with the columns unit (0-based); state, which is varying, constant or
    dead (always 0); x, y; and the class that it tells best and how well, by trees and by the power
    of its AUROC: class_trees, score_trees, class_auroc, score_auroc. Without place, class and score
    (NaN, -1, NaN) where it does not vary.

    scores: a row per varying neuron and class: unit, label, trees, auroc, auroc_0 and auroc_1.

    measures: space, score, measure (moran, purity; stress of the map), label (-1: over all),
    neurons, which are measured, neighbours, value, and of a permutation test expected, deviation
    and p. NaN where there are no more neurons than neighbours, or all are alike.

    chosen: the neuron of each class with the largest auroc_0: label, unit, auroc_0, auroc_1;
    runner_up, its class of the next largest auroc_0; runner_up_auroc, of that class against the
    rest, and against_runner_up, of the one class against the runner-up alone, on the other half.

    responses: activations of the chosen on the half that they were not chosen on: chosen_for, unit,
    example_id, label and value.
    """
    if len(np.unique(examples.labels)) < 2:
        raise GlassboxError("observations of a single class: no neuron can tell it from the rest")
    states = states_of(examples.values)
    units = np.flatnonzero(states == VARYING)
    if len(units) > MOST:
        raise GlassboxError(
            f"a map of {len(units):,} neurons takes too much memory: at most {MOST:,} are mapped\n"
            f"  what to do: name other layers, under `layers`"
        )
    values, labels = examples.values[:, units], examples.labels
    scores = scores_of(values, labels, settings.trees, seeds("trees"))
    apart = dissimilarities(values, None, device)
    places, stress = metric_map(apart, seeds("map"))
    chosen = chosen_neurons(values, labels, scores)
    rng = np.random.default_rng(seeds("permutations"))
    near = nearest_in(places, apart, dissimilarities(values, labels, device), settings.neighbours)
    rows = [*measured(near, scores, settings.permutations, rng), _stress(stress, len(units))]
    return {
        "table": _neurons(states, units, places, scores),
        "scores": _by_class(scores, units),
        "measures": pd.DataFrame(rows).assign(neighbours=settings.neighbours),
        "chosen": chosen.assign(unit=units[chosen["unit"]]),
        "responses": _responses(examples, units[chosen["unit"]], chosen["label"]),
    }


def states_of(values: np.ndarray) -> np.ndarray:
    """Whether each neuron is varying, constant or dead over observations (n, d): (d,) of str."""
    least, most = values.min(axis=0), values.max(axis=0)
    return np.select([least < most, most == 0], [VARYING, DEAD], CONSTANT)


def scores_of(values: np.ndarray, labels: np.ndarray, trees: int, seed: int) -> Scores:
    """How well neurons that vary, values (n, d), tell the classes that occur among labels (n,)."""
    classes, first = np.unique(labels), is_told(labels)
    return Scores(
        classes,
        tree_scores(values, labels, trees, seed),
        aurocs(values, labels, classes),
        aurocs(values[first], labels[first], classes),
        aurocs(values[~first], labels[~first], classes),
    )


def dissimilarities(
    values: np.ndarray, labels: np.ndarray | None, device: torch.device
) -> np.ndarray:
    """1 - |r| of all pairs of neurons, (d, d); labels: as of `correlations`, see there."""
    found = correlations(values, labels, device)
    np.abs(found, out=found)
    return np.subtract(1, found, out=found)


def metric_map(apart: np.ndarray, seed: int) -> tuple[np.ndarray, float]:
    """Places (n, 2) of what is so far apart (n, n) by metric scaling, and Kruskal's stress-1.

    Fewer than three have no map worth the name: all at 0, and no stress.
    """
    if len(apart) < 3:
        return np.zeros((len(apart), 2)), np.nan
    found = metric_scaling(apart, seed)
    squares = len(apart) * np.square(found.places - found.places.mean(axis=0)).sum()
    return found.places, float(np.sqrt(found.stress / squares))


def nearest_in(
    places: np.ndarray, apart: np.ndarray, within: np.ndarray, count: int
) -> Mapping[str, tuple[np.ndarray, np.ndarray]]:
    """The nearest of each of m neurons, indices (m, count), and which they are (m,), by space.

    apart, within: dissimilarities (d, d) of activations and of these less class means. Fewer than
    d neurons where some have no dissimilarities; no neighbours where there are too few neurons.
    """
    every = np.arange(len(apart))
    varying = np.flatnonzero(np.isfinite(within.diagonal()))
    none = np.empty((0, count), np.int64)
    few, few_within = (len(each) <= count for each in (every, varying))
    by_pairs = none if few_within else nearest_by(within[np.ix_(varying, varying)], count)
    return {
        MAP: (none if few else nearest_neighbours(places, count).indices, every),
        PAIRS: (none if few else nearest_by(apart, count), every),
        WITHIN: (by_pairs, varying),
    }


def measured(
    near: Mapping[str, tuple[np.ndarray, np.ndarray]],
    scores: Scores,
    permutations: int,
    rng: np.random.Generator,
) -> Iterator[dict]:
    """The rows of `measures`: of each space Moran's I of each class's score, and purity.

    near: as `nearest_in` gives it. Purity is of the classes that neurons tell best.
    """
    for space, (indices, neurons) in near.items():
        nearness = Nearness.of(indices, permutations, rng)
        of = {"space": space, "neurons": len(neurons)}
        for name, every in scores.compared.items():
            ours = every[:, neurons]
            found = {
                ("moran", label): nearness.morans_i(each) if len(indices) else UNTESTED
                for label, each in zip(scores.classes, ours, strict=True)
            }
            found["purity", ALL_CLASSES] = (
                nearness.purity(ours.argmax(axis=0)) if len(indices) else UNTESTED
            )
            for (measure, label), each in found.items():
                yield {**of, "score": name, "measure": measure, "label": label, **vars(each)}


def chosen_neurons(values: np.ndarray, labels: np.ndarray, scores: Scores) -> pd.DataFrame:
    """The neuron of each class that has observations in both halves: the table `chosen`.

    None without neurons, or with fewer than two such classes. unit: places among the neurons of
    values (n, d).
    """
    rest = ~is_told(labels)
    values, labels = values[rest], labels[rest]
    told = np.isfinite(scores.auroc_0 + scores.auroc_1).all(axis=1)
    rows = []
    for place in np.flatnonzero(told) if values.shape[1] and told.sum() > 1 else ():
        unit = int(scores.auroc_0[place].argmax())
        others = np.where(told, scores.auroc_0[:, unit], -np.inf)
        others[place] = -np.inf
        next_ = int(others.argmax())
        label, runner_up = scores.classes[[place, next_]]
        own, theirs = (values[labels == each, unit] for each in (label, runner_up))
        rows.append(
            {
                "label": label,
                "unit": unit,
                "auroc_0": scores.auroc_0[place, unit],
                "auroc_1": scores.auroc_1[place, unit],
                "runner_up": runner_up,
                "runner_up_auroc": scores.auroc_1[next_, unit],
                "against_runner_up": auroc_of(theirs, own),
            }
        )
    return pd.DataFrame(rows, columns=list(CHOSEN)).astype(CHOSEN)


def _neurons(
    states: np.ndarray, units: np.ndarray, places: np.ndarray, scores: Scores
) -> pd.DataFrame:
    """A row per neuron; units (m,) are those that vary, which places and scores are of."""
    columns = {"x": places[:, 0], "y": places[:, 1]}
    for name, each in scores.compared.items():
        columns[f"class_{name}"] = scores.classes[each.argmax(axis=0)]
        columns[f"score_{name}"] = each.max(axis=0)
    known = pd.DataFrame(columns, index=units)
    whole = known.reindex(range(len(states)))
    classes = {name: np.int64 for name in whole if name.startswith("class_")}
    whole = whole.fillna(dict.fromkeys(classes, ALL_CLASSES)).astype(classes)
    return pd.DataFrame({"unit": np.arange(len(states)), "state": states}).join(whole)


def _by_class(scores: Scores, units: np.ndarray) -> pd.DataFrame:
    """A row per neuron and class."""
    count = len(scores.classes)
    whole = {"unit": np.repeat(units, count), "label": np.tile(scores.classes, len(units))}
    for name in (TREES, AREA, "auroc_0", "auroc_1"):
        whole[name] = getattr(scores, name).T.ravel()
    return pd.DataFrame(whole)


def _stress(stress: float, neurons: int) -> dict:
    """The row of `measures` that says how faithful the map is."""
    of = {"space": MAP, "neurons": neurons, "score": "", "measure": "stress", "label": ALL_CLASSES}
    return {**of, **vars(UNTESTED), "value": stress}


def _responses(examples: Examples, units: np.ndarray, chosen_for: pd.Series) -> pd.DataFrame:
    """What some neurons do on the half of the observations that they were not chosen on."""
    rest = examples.at(np.flatnonzero(~is_told(examples.labels)))
    count = len(rest.ids)
    return pd.DataFrame(
        {
            "chosen_for": np.repeat(chosen_for.to_numpy(), count),
            "unit": np.repeat(units, count),
            "example_id": np.tile(rest.ids, len(units)),
            "label": np.tile(rest.labels, len(units)),
            "value": rest.values[:, units].T.ravel(),
        }
    )
