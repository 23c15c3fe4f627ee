"""How well the consistency of library networks' predictions tells odd inputs (lee2019 §3.4, §4.2).

Beside it stand the consistency of linear probes, which needs no libraries, and the baselines.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, Self

import numpy as np
import pandas as pd
import torch

from glassbox.analyses.baselines import Detector, Mahalanobis, MaximumSoftmax, NearestPatterns
from glassbox.analyses.consistency import consistency, softmax_consistency
from glassbox.analyses.detection import Score, Subject, detection_table
from glassbox.analyses.library_network import Answered, LibraryNetwork
from glassbox.analyses.probes import Probe

CODE_NODES = 20  # most active nodes in the published code (E-L04)
PRINTED, CODE = "CPL, printed", "CPL, code"

Order = slice | np.ndarray


class Patterns(Protocol):
    """Patterns (n, units) float32 of some inputs by layer, read when they are asked for."""

    def __getitem__(self, layer: str, /) -> np.ndarray:
        """The patterns (n, units) float32 of one layer."""
        ...


@dataclass(frozen=True)
class FittedLayer:
    """Library networks for the thresholds of all sets, and the linear probe, of one layer."""

    network: LibraryNetwork
    probe: Probe

    @classmethod
    def of_tables(
        cls,
        nodes: pd.DataFrame,
        probe: pd.DataFrame,
        thresholds: Collection[float],
        device: torch.device,
    ) -> Self:
        """From the tables of both, with the libraries for some thresholds."""
        network = LibraryNetwork.of_table(nodes, sorted(set(thresholds)))
        return cls(network, Probe.of_table(probe, device))


@dataclass(frozen=True)
class LayerEvidence:
    """What one layer tells of n inputs.

    scores: by baselines. predicted: (n, classes) by threshold and number of nodes. probed: the
    probe's logits (n, classes).
    """

    scores: list[Score]
    predicted: dict[tuple[float, int], np.ndarray]
    probed: np.ndarray


def library_detection(
    training: Patterns,
    shown: Patterns,
    answers: np.ndarray,
    logits: np.ndarray,
    subjects: Sequence[Subject],
    fitted: Mapping[str, FittedLayer],
    *,
    sets: Mapping[str, Mapping[str, float]],
    nodes: int,
    mahalanobis: str | None,
    rng: np.random.Generator,
    device: torch.device,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables of detection and of consistency, see `detection_table` and `consistency_table`.

    answers: (N,) of the network to the training examples. logits: (n, classes) of what is shown,
    which are the subjects' inputs, normal ones first. fitted: by layer. sets: thresholds by layer
    whose predictions are compared (Table 1). nodes: how many of the most active ones predict.
    mahalanobis: the layer of that distance. Patterns are asked for layer by layer, and not kept.
    """
    settings = {"nodes": nodes, "mahalanobis": mahalanobis, "device": device}
    # No name is given to a layer's patterns, so that one layer at a time is in memory.
    evidence = {
        layer: layer_evidence(
            layer, Answered(training[layer], answers), shown[layer], each, **settings
        )
        for layer, each in fitted.items()
    }
    told = list(consistency_scores(evidence, sets, nodes))
    null = list(null_scores(evidence, sets, nodes, subjects[0], rng))
    scores = [
        Score("maximum softmax", "", "", MaximumSoftmax().oddness(logits)),
        *(score for each in evidence.values() for score in each.scores),
        probe_consistency(evidence),
        *told,
    ]
    detection = detection_table(scores, subjects, logits.argmax(axis=1), rng)
    different = Subject("null", "none", 0.0, subjects[0].places, paired=False)
    tables = [consistency_table(told, subjects), consistency_table(null, [different])]
    return detection, pd.concat(tables)


def layer_evidence(
    layer: str,
    training: Answered,
    shown: np.ndarray,
    fitted: FittedLayer,
    *,
    nodes: int,
    mahalanobis: str | None,
    device: torch.device,
) -> LayerEvidence:
    """What a layer's patterns tell of those that are shown (n, units)."""
    logging.info("layer %s", layer)
    detectors: dict[str, Callable[..., Detector]] = {
        "neighbours": partial(NearestPatterns.fit, neighbours=nodes)
    }
    if layer == mahalanobis:
        detectors["Mahalanobis"] = Mahalanobis.fit
    scores = [
        Score(name, "", layer, fit(training.patterns, training.answers, device).oddness(shown))
        for name, fit in detectors.items()
    ]
    predicted = _predicted(fitted.network, training.patterns, shown, nodes, device)
    return LayerEvidence(scores, predicted, fitted.probe.logits(shown))


def _predicted(
    network: LibraryNetwork,
    stored: np.ndarray,
    shown: np.ndarray,
    nodes: int,
    device: torch.device,
) -> dict[tuple[float, int], np.ndarray]:
    thresholds = network.libraries.thresholds
    if not len(thresholds):
        return {}
    active = network.most_active(shown, stored, max(nodes, CODE_NODES), device)
    return {
        (threshold, count): values
        for count in (nodes, CODE_NODES)
        for threshold, values in zip(thresholds, network.predictions(active, count), strict=True)
    }


def probe_consistency(evidence: Mapping[str, LayerEvidence]) -> Score:
    """Oddness by the consistency of all layers' probes."""
    probed = [each.probed for each in evidence.values()]
    return Score("probe consistency", "", "", -softmax_consistency(probed))


def consistency_scores(
    evidence: Mapping[str, LayerEvidence], sets: Mapping[str, Mapping[str, float]], nodes: int
) -> Iterator[Score]:
    """Oddness by CPL for each set of thresholds: Eq. 5 as printed, and as the code has it."""
    for name, chosen in sets.items():
        yield from _compared(evidence, name, chosen, nodes, [slice(None)] * len(chosen))


def null_scores(
    evidence: Mapping[str, LayerEvidence],
    sets: Mapping[str, Mapping[str, float]],
    nodes: int,
    normal: Subject,
    rng: np.random.Generator,
) -> Iterator[Score]:
    """Oddness by CPL of layers that are shown different inputs: normal ones, which come first."""
    for name, chosen in sets.items():
        orders = [rng.permutation(normal.places.stop) for _ in chosen]
        yield from _compared(evidence, name, chosen, nodes, orders)


def _compared(
    evidence: Mapping[str, LayerEvidence],
    name: str,
    chosen: Mapping[str, float],
    nodes: int,
    orders: Sequence[Order],
) -> Iterator[Score]:
    readings = (PRINTED, nodes, consistency), (CODE, CODE_NODES, softmax_consistency)
    for reading, count, compare in readings:
        layers = [
            evidence[layer].predicted[threshold, count][order]
            for (layer, threshold), order in zip(chosen.items(), orders, strict=True)
        ]
        yield Score(reading, name, "", -compare(layers))


def consistency_table(scores: Sequence[Score], subjects: Sequence[Subject]) -> pd.DataFrame:
    """Each input's consistency, as Fig. 5A shows its distribution.

    Columns: image (its number among the subject's), consistency, detector, thresholds, space, kind,
    size.
    """
    frames = []
    for score in scores:
        for subject in subjects:
            mine = -score.values[subject.places]
            frame = pd.DataFrame({"image": np.arange(len(mine)), "consistency": mine})
            named = {"detector": score.detector, "thresholds": score.chosen} | subject.columns()
            frames.append(frame.assign(**named))
    return pd.concat(frames)
