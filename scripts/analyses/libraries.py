"""Libraries of one layer of a block's models, and how well they predict (lee2019 §3.2)."""

import logging
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import torch

from glassbox.analyses.confusion import confusion_index
from glassbox.analyses.deviations import mean_cosine
from glassbox.analyses.libraries import Libraries, build_libraries
from glassbox.analyses.links import (
    KERNEL,
    MostActive,
    agreement,
    all_node_predictions,
    hebbian_links,
    most_active,
    node_purity,
    predictions,
)
from glassbox.analyses.probes import Probe
from glassbox.devices import choose_device
from glassbox.models.model import read_layers
from glassbox.models.weights import read_model
from glassbox.seeds import generator
from glassbox.tables import read_examples, write_table
from study.command import Program, progress, run

NODES = (1, 3, 8, 20)  # most active nodes that predict (L-N04)
KERNELS = (KERNEL, 0.001, 0.1, 1.0)  # L-N03
BEST = (1, 3)
HOMOGENEITY = 5000  # patterns among which the mean cosine is taken
OUTPUTS = ("output", "nodes", "confusion", "probe")

Rows = Iterator[tuple[str, float | None, str, float]]


@dataclass(frozen=True)
class Case:
    """Training and test patterns of one layer, and what the network answers to both."""

    training: np.ndarray
    answered: np.ndarray
    test: np.ndarray
    answers: np.ndarray
    labels: np.ndarray
    classes: int


def main(arguments: Namespace) -> None:
    config = arguments.config
    found: dict[str, list[pd.DataFrame]] = {name: [] for name in OUTPUTS}
    for replicate in arguments.replicates:
        logging.info("replicate %d, layer %s", replicate, config["layer"])
        rng = generator(config["seed"], *config["stream"], replicate)
        case = read_case(arguments, replicate)
        for name, frame in tables(case, config, rng, arguments.device).items():
            found[name].append(frame.assign(replicate=replicate))
    for name, frames in found.items():
        frame = pd.concat(frames, ignore_index=True)
        frame.insert(0, "layer", config["layer"])
        frame.insert(0, "method", config["name"])
        write_table(getattr(arguments, name), frame)


def tables(
    case: Case, config: dict, rng: np.random.Generator, device: torch.device
) -> dict[str, pd.DataFrame]:
    """What is found about the libraries of one replicate, by the name of the output."""
    logging.info("libraries of %d patterns of %d units", *case.training.shape)
    built = build_libraries(case.training, config["thresholds"], device, progress)
    logging.info("links of %d nodes", len(built.rows))
    links = hebbian_links(
        case.training, built.rows, case.answered, case.classes, device, KERNELS, progress
    )
    logging.info("predictions and baselines")
    active = most_active(case.test, case.training, built.rows, built.member, max(NODES), device)
    probe = Probe.fit(case.training, case.answered, device, case.classes)
    rows = [
        *predicted(case, built, links, active, config, device),
        *baselines(case, built, config, rng, device),
        *probed(case, probe),
        *described(case),
        *variants(case, config, rng, device),
    ]
    chosen = predictions(active, links[0], config["nodes"])
    return {
        "output": pd.DataFrame(rows, columns=["variant", "threshold", "measure", "value"]),
        "nodes": node_table(built, links[0]),
        "confusion": confusion_table(built.thresholds, chosen, case.labels),
        "probe": probe.table(),
    }


def read_case(arguments: Namespace, replicate: int) -> Case:
    model = read_model(arguments.model, arguments.weights, replicate, device=arguments.device)
    examples, shown = read_examples(arguments.train), read_examples(arguments.test)
    layer, last = arguments.config["layer"], model.layers[-1].name
    training, test = (read_layers(model, each.values, {layer, last}) for each in (examples, shown))
    return Case(
        training=training[layer],
        answered=training[last].argmax(axis=1),
        test=test[layer],
        answers=test[last].argmax(axis=1),
        labels=shown.labels,
        classes=examples.classes,
    )


def predicted(
    case: Case,
    built: Libraries,
    links: np.ndarray,
    active: MostActive,
    config: dict,
    device: torch.device,
) -> Rows:
    """Sizes and agreement with the network, by nodes and by kernel width."""
    every = all_node_predictions(
        case.test, case.training, built.rows, built.member, links[0], device
    )
    found = {f"nodes={k}": predictions(active, links[0], k) for k in NODES} | {"nodes=all": every}
    for kernel, table in zip(KERNELS[1:], links[1:], strict=True):
        found[f"kernel={kernel:g}"] = predictions(active, table, config["nodes"])
    found["library"] = found[f"nodes={config['nodes']}"]
    purity = node_purity(links[0])
    for place, threshold in enumerate(built.thresholds):
        yield "library", threshold, "size", built.sizes[place]
        yield "library", threshold, "purity", np.nanmean(purity[built.member[place]])
        own, other = shown_again(case, built.library(place), device)
        yield "library", threshold, "own activation", own
        yield "library", threshold, "other activation", other
    for variant, values in found.items():
        yield from agreements(case, variant, built.thresholds, values)


def shown_again(
    case: Case, library: np.ndarray, device: torch.device, count: int = 1000
) -> tuple[float, float]:
    """The least activation of their own node by stored patterns, and the largest of another's."""
    first = library[:count]
    held = np.ones((1, len(first)), bool)
    active = most_active(case.training[first], case.training, first, held, 2, device)
    own = np.where(active.nodes[0] == np.arange(len(first))[:, None], active.cosines[0], np.nan)
    other = np.where(np.isnan(own), active.cosines[0], np.nan)
    return float(np.nanmin(np.nanmax(own, axis=1))), float(np.nanmax(other))


def agreements(case: Case, variant: str, thresholds: np.ndarray, values: np.ndarray) -> Rows:
    """The share of test examples whose answer is among the best, per threshold."""
    for best in BEST:
        shares = agreement(values, case.answers, best)
        for threshold, share in zip(thresholds, shares, strict=True):
            yield variant, threshold, f"top{best}", share


def baselines(
    case: Case, built: Libraries, config: dict, rng: np.random.Generator, device: torch.device
) -> Rows:
    """Nearest neighbours among as many random prototypes, and among all patterns."""
    count, votes = len(case.training), np.eye(case.classes)
    drawn = rng.permutation(count)
    prototypes = np.sort(drawn[: built.sizes.max()])
    member = np.stack([np.isin(prototypes, drawn[:size]) for size in built.sizes])
    near = most_active(case.test, case.training, prototypes, member, config["nodes"], device)
    voted = predictions(near, votes[case.answered[prototypes]], config["nodes"])
    yield from agreements(case, "prototypes", built.thresholds, voted)
    every = np.arange(count)
    near = most_active(
        case.test, case.training, every, np.ones((1, count), bool), config["nodes"], device
    )
    for k in {1, config["nodes"]}:
        voted = predictions(near, votes[case.answered], k)
        yield from agreements(case, f"neighbours={k}", np.array([np.nan]), voted)


def probed(case: Case, probe: Probe) -> Rows:
    """How far a linear probe agrees with the network, and is right."""
    logits = probe.logits(case.test)
    yield from agreements(case, "probe", np.array([np.nan]), logits[None])
    yield "probe", np.nan, "accuracy", (logits.argmax(axis=1) == case.labels).mean()


def described(case: Case) -> Rows:
    """What the network answers, and how many patterns there are, and how alike (§4.1)."""
    count = len(case.training)
    yield "network", np.nan, "accuracy", (case.answers == case.labels).mean()
    yield "network", np.nan, "majority", np.bincount(case.answers).max() / len(case.answers)
    yield "patterns", np.nan, "train", count
    yield "patterns", np.nan, "test", len(case.test)
    yield "patterns", np.nan, "classes", case.classes
    yield "patterns", np.nan, "units", case.training.shape[1]
    some = torch.from_numpy(case.training[:HOMOGENEITY])
    yield "patterns", np.nan, "cosine", 1 - mean_cosine(some)[0]
    yield "patterns", np.nan, "centred cosine", 1 - mean_cosine(some - some.mean(0))[0]


def variants(case: Case, config: dict, rng: np.random.Generator, device: torch.device) -> Rows:
    """Other data orders, rectified patterns, and units drawn at random (§4.3)."""
    count, width = case.training.shape
    # No name is given to a variant's patterns, so that one copy at a time is in memory.
    for number in range(config["orders"]):
        yield from variant(
            in_order(case, rng.permutation(count)), f"order={number + 1}", config, device
        )
    if case.training.min() < 0:
        yield from variant(
            with_patterns(case, lambda p: np.maximum(p, 0)), "rectified", config, device
        )
    for share in config["shares"]:
        units = np.sort(rng.permutation(width)[: max(1, round(share * width))])
        sampled = with_patterns(case, lambda p, units=units: np.ascontiguousarray(p[:, units]))
        yield from variant(sampled, f"share={share:g}", config, device)


def in_order(case: Case, order: np.ndarray) -> Case:
    """The same with the training patterns in another order."""
    return replace(case, training=case.training[order], answered=case.answered[order])


def with_patterns(case: Case, change: Callable[[np.ndarray], np.ndarray]) -> Case:
    return replace(case, training=change(case.training), test=change(case.test))


def variant(case: Case, name: str, config: dict, device: torch.device) -> Rows:
    """Sizes and agreement of libraries of changed patterns."""
    logging.info("libraries and links, %s", name)
    built = build_libraries(case.training, config["thresholds"], device, progress)
    links = hebbian_links(
        case.training, built.rows, case.answered, case.classes, device, progress=progress
    )[0]
    active = most_active(
        case.test, case.training, built.rows, built.member, config["nodes"], device
    )
    for threshold, size in zip(built.thresholds, built.sizes, strict=True):
        yield name, threshold, "size", size
    found = predictions(active, links, config["nodes"])
    yield from agreements(case, name, built.thresholds, found)


def node_table(built: Libraries, links: np.ndarray) -> pd.DataFrame:
    """One row per node: its pattern's row, which libraries hold it, and its links."""
    frame = pd.DataFrame({"row": built.rows})
    for threshold, member in zip(built.thresholds, built.member, strict=True):
        frame[f"in {threshold:g}"] = member
    for label, column in enumerate(links.T):
        frame[f"link {label}"] = column
    return frame


def confusion_table(
    thresholds: np.ndarray, predicted: np.ndarray, labels: np.ndarray
) -> pd.DataFrame:
    """The confusion index by threshold, class shown and class answered (Eq. 4)."""
    frames = []
    for threshold, values in zip(thresholds, predicted, strict=True):
        index = confusion_index(values, labels)
        shown, other = np.indices(index.shape)
        frames.append(
            pd.DataFrame(
                {
                    "threshold": threshold,
                    "shown": shown.ravel(),
                    "other": other.ravel(),
                    "value": index.ravel(),
                }
            )
        )
    return pd.concat(frames)


if __name__ == "__main__":
    program = Program(__doc__).inputs("train", "test", "model", "weights")
    program.outputs(*OUTPUTS)
    run(main, program.replicates().device(choose_device).shared())
