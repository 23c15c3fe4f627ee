"""How well the consistency of libraries' predictions, and what is beside it, tells odd inputs.

Of each replicate of a block: normal images are the first of the test set; odd ones are attacks on
them, the controls of the attacks, and images from elsewhere (lee2019 §3.4, §4.2).
"""

import logging
from argparse import Namespace
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from glassbox.analyses.baselines import Mahalanobis, MaximumSoftmax, NearestPatterns
from glassbox.analyses.consistency import consistency, softmax_consistency
from glassbox.analyses.detection import auroc, auroc_interval
from glassbox.analyses.links import most_active, predictions
from glassbox.analyses.probes import Probe
from glassbox.devices import choose_device
from glassbox.models.model import Model, read_layers
from glassbox.models.weights import read_model
from glassbox.seeds import generator
from glassbox.tables import read_examples, read_table, write_table
from study.command import Program, run

CODE_NODES = 20  # most active nodes in the published code (E-L04)
NORMAL, OUTLIER = "normal", "outlier"


@dataclass(frozen=True)
class Shown:
    """Images of one subject, and the places of their patterns among those of all."""

    space: str
    kind: str
    size: float
    images: np.ndarray
    here: slice


@dataclass
class Scores:
    """Oddness of all images by detector, set of thresholds and layer."""

    rows: list[tuple[str, str, str, np.ndarray]] = field(default_factory=list)

    def add(self, detector: str, chosen: str, layer: str, values: np.ndarray) -> None:
        self.rows.append((detector, chosen, layer, values))


def main(arguments: Namespace) -> None:
    config, found, scores = arguments.config, [], []
    for replicate in arguments.replicates:
        training = read_examples(arguments.train).values
        model = read_model(arguments.model, arguments.weights, replicate, device=arguments.device)
        shown = subjects(arguments, replicate)
        images = np.concatenate([each.images for each in shown])
        rng = generator(config["seed"], *config["stream"], replicate)
        last = model.layers[-1].name
        logits = read_layers(model, images, [last])[last]
        measured, null = measure(arguments, replicate, model, training, images, logits, rng)
        identity = {"method": config["name"], "replicate": replicate}
        rows = detected(measured, shown, logits.argmax(axis=1), rng)
        found.append(pd.DataFrame(rows).assign(**identity))
        same = [Shown("none", "null", 0.0, shown[0].images, shown[0].here)]
        tables = [score_table(measured, shown), score_table(null, same)]
        scores.append(pd.concat(tables).assign(**identity))
    write_table(arguments.output, pd.concat(found, ignore_index=True))
    write_table(arguments.scores, pd.concat(scores, ignore_index=True))


def subjects(arguments: Namespace, replicate: int) -> list[Shown]:
    """Normal images first, then all odd ones."""
    count, shown, start = arguments.config["images"], [], 0
    files = [("none", NORMAL, 0.0, arguments.test)]
    for entry, folder in zip(arguments.config["attacks"], arguments.attacks, strict=True):
        for kind in ("pgd", "noise", "clip"):
            path = folder / str(replicate) / f"{kind}.parquet"
            files.append((entry["space"], kind, entry["size"], path))
    for name, path in zip(arguments.config["outliers"], arguments.outliers, strict=True):
        files.append((name, OUTLIER, 0.0, path))
    for space, kind, size, path in files:
        images = read_examples(path).values[:count]
        shown.append(Shown(space, kind, size, images, slice(start, start + len(images))))
        start += len(images)
    return shown


def measure(
    arguments: Namespace,
    replicate: int,
    model: Model,
    training: np.ndarray,
    images: np.ndarray,
    logits: np.ndarray,
    rng: np.random.Generator,
) -> tuple[Scores, Scores]:
    """All scores of all images, one layer in memory at a time, and the null of the first ones.

    logits: (n, classes) of the images. The null is the consistency of layers that are shown
    different images.
    """
    config, device, scores, null = arguments.config, arguments.device, Scores(), Scores()
    last = model.layers[-1].name
    scores.add("maximum softmax", "", "", MaximumSoftmax().oddness(logits))
    predicted: dict[tuple[str, float, int], np.ndarray] = {}
    probed = []
    files = zip(config["layers"], arguments.nodes, arguments.probes, strict=True)
    for layer, stored, fitted in files:
        logging.info("replicate %d, layer %s", replicate, layer)
        found = read_layers(model, training, {layer, last})
        patterns = found[layer]
        shown = read_layers(model, images, [layer])[layer]
        nodes = of_replicate(stored, replicate)
        predicted |= by_threshold(config, layer, nodes, patterns, shown, device)
        answered = found[last].argmax(axis=1)
        near = NearestPatterns.fit(patterns, answered, device, config["nodes"])
        scores.add("neighbours", "", layer, near.oddness(shown))
        probe = Probe.of_table(of_replicate(fitted, replicate), device)
        probed.append(probe.logits(shown))
        if layer == config["mahalanobis"]:
            classes = Mahalanobis.fit(patterns, answered, device)
            scores.add("Mahalanobis", "", layer, classes.oddness(shown))
    scores.add("probe consistency", "", "", -softmax_consistency(probed))
    for name, chosen in config["sets"].items():
        printed = [predicted[layer, theta, config["nodes"]] for layer, theta in chosen.items()]
        code = [predicted[layer, theta, CODE_NODES] for layer, theta in chosen.items()]
        scores.add("CPL, printed", name, "", -consistency(printed))
        scores.add("CPL, code", name, "", -softmax_consistency(code))
        orders = [rng.permutation(config["images"]) for _ in chosen]
        mixed = [layer[order] for layer, order in zip(printed, orders, strict=True)]
        null.add("CPL, printed", name, "", -consistency(mixed))
        mixed = [layer[order] for layer, order in zip(code, orders, strict=True)]
        null.add("CPL, code", name, "", -softmax_consistency(mixed))
    return scores, null


def of_replicate(path: Path, replicate: int) -> pd.DataFrame:
    """The rows of one replicate in a table of a block."""
    table = read_table(path)
    return table[table["replicate"] == replicate]


def by_threshold(
    config: dict,
    layer: str,
    nodes: pd.DataFrame,
    patterns: np.ndarray,
    shown: np.ndarray,
    device: torch.device,
) -> dict[tuple[str, float, int], np.ndarray]:
    """Predictions of one layer's libraries by layer, threshold and number of nodes."""
    wanted = sorted({chosen[layer] for chosen in config["sets"].values() if layer in chosen})
    if not wanted:
        return {}
    member = np.stack([nodes[f"in {threshold:g}"].to_numpy() for threshold in wanted])
    links = nodes.filter(like="link ").to_numpy()
    active = most_active(shown, patterns, nodes["row"].to_numpy(), member, CODE_NODES, device)
    return {
        (layer, threshold, k): values
        for k in (config["nodes"], CODE_NODES)
        for threshold, values in zip(wanted, predictions(active, links, k), strict=True)
    }


def detected(
    scores: Scores, shown: list[Shown], answered: np.ndarray, rng: np.random.Generator
) -> list[dict]:
    """One row per detector and odd subject: AUROC with its interval, and answers changed."""
    normal, rows = shown[0], []
    for detector, chosen, layer, values in scores.rows:
        what = {"detector": detector, "set": chosen, "layer": layer}
        for each in shown[1:]:
            paired = each.kind != OUTLIER
            ours, theirs = values[normal.here], values[each.here]
            low, high = auroc_interval(ours, theirs, rng, paired)
            changed = np.nan
            if paired:
                changed = (answered[normal.here] != answered[each.here]).mean()
            subject = {"space": each.space, "kind": each.kind, "size": each.size}
            area = {"auroc": auroc(ours, theirs), "low": low, "high": high, "changed": changed}
            rows.append(what | subject | area)
    return rows


def score_table(scores: Scores, shown: list[Shown]) -> pd.DataFrame:
    """Each image's score by the consistency of libraries, as Fig. 5A shows them."""
    frames = []
    for detector, chosen, _, values in scores.rows:
        if not detector.startswith("CPL"):
            continue
        for each in shown:
            mine = values[each.here]
            subject = {"space": each.space, "kind": each.kind, "size": each.size}
            frame = pd.DataFrame({"image": np.arange(len(mine)), "consistency": -mine})
            frames.append(frame.assign(detector=detector, set=chosen, **subject))
    return pd.concat(frames)


if __name__ == "__main__":
    program = Program(__doc__).inputs(
        "train",
        "test",
        "model",
        "weights",
        many=("nodes", "probes"),
        optional=("attacks", "outliers"),
    )
    run(main, program.outputs("output", "scores").replicates().device(choose_device))
