"""Training, libraries, nearest patterns, deviations and attacks on a GPU.

Each against the least that it could take, bare steps or products with data that are there, and
against what one would write in plain PyTorch. Without a GPU there is nothing to measure.
"""

from collections.abc import Callable

import numpy as np
import torch
from layers import COUNT, NEAREST, THRESHOLDS, WIDTHS, images, mnist, patterns_of, trained
from timing import ratio, report
from torch.nn.functional import cross_entropy
from training import BATCH, EPOCHS, draw, plain_network, stacked, with_data_loader

from glassbox.analyses.deviations import mean_cosine, mean_euclidean
from glassbox.analyses.libraries import build_libraries
from glassbox.analyses.nearest import nearest_patterns
from glassbox.datasets.attacks import Attack, projected_gradient
from glassbox.devices import choose_device
from glassbox.models.training import Data

LOOP = 500  # patterns of the loop that takes them one at a time, from the middle of all
ATTACKED, ATTACK = 2_000, Attack(0.1)


def main(gpu: torch.device) -> None:
    training(gpu)
    attacks(gpu)
    euclidean_and_cosine(gpu)
    for layer in WIDTHS:
        patterns, shown = patterns_of(layer, gpu)
        of_libraries(layer, patterns, gpu)
        of_nearest(layer, patterns, shown, gpu)


def timed(ours: Callable[[], object], theirs: Callable[[], object], rounds: int = 3) -> float:
    """Our time over theirs, each until the GPU has done it."""

    def done(action: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            action()
            torch.cuda.synchronize()

        return run

    return ratio(done(ours), done(theirs), rounds)


def training(gpu: torch.device) -> None:
    def on(data: Data) -> Data:
        return Data(data.inputs.to(gpu), data.targets.to(gpu))

    one, five = ((draw(each, 12_000), draw(each, 6_000)) for each in (1, 5))
    ours, together = tuple(map(on, one)), tuple(map(on, five))
    bare = timed(lambda: stacked(1, *ours, gpu), lambda: bare_steps(ours[0]))
    report("training: one replicate / bare steps on data that are there", bare, 1.5)
    plain = timed(lambda: stacked(1, *ours, gpu), lambda: with_data_loader(*one, gpu))
    report("training: one replicate / the same loop over a DataLoader", plain, 0.6)
    side_by_side = timed(lambda: stacked(5, *together, gpu), lambda: stacked(1, *ours, gpu))
    report("training: five replicates together / one alone", side_by_side, 1.5)


def bare_steps(training: Data) -> None:
    """As many steps as epochs have, without order, validation or history."""
    network = plain_network(training.inputs.device)
    optimiser = torch.optim.SGD(network.parameters(), lr=0.01, fused=True)
    inputs, labels = training.inputs[0].split(BATCH), training.targets[0].split(BATCH)
    for _ in range(EPOCHS):
        for shown, wanted in zip(inputs, labels, strict=True):
            optimiser.zero_grad()
            cross_entropy(network(shown), wanted).backward()
            optimiser.step()


def attacks(gpu: torch.device) -> None:
    if not mnist():
        print("attacks: not measured, since GLASSBOX_DATA holds no MNIST")
        return
    inputs, labels = images("train")
    model = trained(inputs.to(gpu), labels.to(gpu)).eval().requires_grad_(False)
    shown, truth = inputs[:ATTACKED].numpy(), labels[:ATTACKED].numpy()

    def ours() -> np.ndarray:
        return projected_gradient(model, shown, truth, ATTACK, 0, gpu)

    plain = timed(ours, lambda: plain_attack(model, shown, truth, gpu))
    report("attacks: 40 steps / the same in plain PyTorch", plain, 1.5)


def plain_attack(
    model: torch.nn.Module, inputs: np.ndarray, labels: np.ndarray, gpu: torch.device
) -> np.ndarray:
    """Projected gradient ascent as it is written by hand, which is bare steps too."""
    start, wanted = torch.from_numpy(inputs).to(gpu), torch.from_numpy(labels).to(gpu)
    moved = start + torch.empty_like(start).uniform_(-ATTACK.size, ATTACK.size)
    for _ in range(ATTACK.steps):
        moved = moved.detach().clamp(0, 1).requires_grad_()
        (slope,) = torch.autograd.grad(cross_entropy(model(moved), wanted), moved)
        moved = moved + ATTACK.step * slope.sign()
        moved = torch.clamp(moved, start - ATTACK.size, start + ATTACK.size)
    return moved.detach().clamp(0, 1).cpu().numpy()


def euclidean_and_cosine(gpu: torch.device) -> None:
    """Over 60 classes of 1,000 vectors of 100 units."""
    rng = np.random.default_rng(0)
    classes = np.maximum(rng.standard_normal((60, 1000, 100), np.float32), 0)
    vectors = torch.from_numpy(classes).to(gpu)
    bare = timed(lambda: list(map(mean_euclidean, vectors)), lambda: vectors @ vectors.mT)
    report("deviations: Euclidean / bare products of all pairs, in float32", bare, 10)
    plain = 1 / timed(
        lambda: list(map(mean_euclidean, vectors)),
        lambda: [float(torch.pdist(each.double()).mean()) for each in vectors],
    )
    report("deviations: torch.pdist / Euclidean", plain, 1, True)
    angles = 1 / timed(
        lambda: list(map(mean_cosine, vectors)), lambda: list(map(all_cosines, vectors))
    )
    report("deviations: cosines of all pairs / cosine", angles, 1, True)


def all_cosines(vectors: torch.Tensor) -> float:
    units = torch.nn.functional.normalize(vectors.double())
    return 1 - float((units @ units.T).triu(1).sum()) / (len(units) * (len(units) - 1) / 2)


def of_libraries(layer: str, patterns: np.ndarray, gpu: torch.device) -> None:
    thresholds = THRESHOLDS[layer]
    built = build_libraries(patterns, thresholds, gpu)
    print(f"{layer}: {built.sizes.tolist()} of {COUNT} stored at {thresholds.tolist()}")
    stored = torch.from_numpy(patterns[built.rows]).to(gpu)
    needed = round(np.searchsorted(built.rows, np.arange(COUNT)).mean())

    def ours() -> object:
        return build_libraries(patterns, thresholds, gpu)

    def products() -> None:
        for start in range(0, COUNT, 4096):
            torch.from_numpy(patterns[start : start + 4096]).to(gpu) @ stored[:needed].T

    bare = timed(ours, products)
    report(f"{layer}: libraries / transfer and bare products with the stored", bare, 2)
    start = COUNT // 2 - LOOP // 2
    middle = torch.from_numpy(patterns[start : start + LOOP]).to(gpu)
    libraries = [stored[np.flatnonzero(each)[: each.sum() // 2]] for each in built.member]
    loop = COUNT / LOOP / timed(ours, lambda: one_at_a_time(middle, libraries, thresholds))
    report(f"{layer}: one pattern at a time (estimated) / libraries", loop, 25, True)


def one_at_a_time(
    patterns: torch.Tensor, libraries: list[torch.Tensor], thresholds: np.ndarray
) -> int:
    """Decide of some patterns by one product with each library as it is halfway."""
    stored = 0
    for pattern in patterns:
        for library, threshold in zip(libraries, thresholds, strict=True):
            stored += int(not len(library) or (library @ pattern).max().item() < threshold)
    return stored


def of_nearest(layer: str, patterns: np.ndarray, shown: np.ndarray, gpu: torch.device) -> None:
    def ours() -> object:
        return nearest_patterns(shown, patterns, NEAREST, gpu)

    def plain() -> np.ndarray:
        stored = torch.nn.functional.normalize(torch.from_numpy(patterns).to(gpu))
        asked = torch.nn.functional.normalize(torch.from_numpy(shown).to(gpu))
        found = [(each @ stored.T).topk(NEAREST).indices for each in asked.split(2048)]
        return torch.cat(found).cpu().numpy()

    same = (ours().nodes[0] == plain()).mean()
    print(f"{layer}: {same:.2%} of the neighbours are those of a product and topk")
    report(f"{layer}: three nearest / transfer, product and topk", timed(ours, plain), 1.5)


if __name__ == "__main__":
    if torch.cuda.is_available():
        main(choose_device("cuda", 1))
    else:
        print("no GPU: training, libraries, deviations and attacks on one are not measured")
