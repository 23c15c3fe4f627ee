"""Training on the CPU, against what a user would write: a loop over a DataLoader, bare steps.

Of the 2-layer jump MLP: 12,000 signals of 100 samples, batches of 100, with the validation loss
after every epoch. Of pardo2019's networks, by Adam on the squared error in batches of 128: Net1,
five replicates side by side, beside bare steps and beside the products alone that steps are made
of; and Net2 at a quarter of its widths.
"""

from itertools import pairwise

import numpy as np
import torch
from timing import ratio, report
from torch.nn.functional import cross_entropy, mse_loss, one_hot
from torch.utils.data import DataLoader, TensorDataset

from glassbox.models.build import Replicates, architecture, describe
from glassbox.models.losses import LOSSES
from glassbox.models.recipe import Recipe
from glassbox.models.stack import Feedforward, initialise
from glassbox.models.training import Data, Draws, train

CPU = torch.device("cpu")
BATCH, EPOCHS, WIDTH, CLASSES = 100, 4, 100, 60


def draw(replicates: int, count: int) -> Data:
    rng = torch.Generator().manual_seed(count)
    inputs = torch.randn(replicates, count, WIDTH, generator=rng)
    labels = torch.randint(CLASSES, (replicates, count), generator=rng)
    return Data(inputs, labels)


def stacked(replicates: int, training: Data, validation: Data, device: torch.device = CPU) -> None:
    generators = [np.random.default_rng(each) for each in range(replicates)]
    orders = [torch.Generator().manual_seed(each) for each in range(replicates)]
    recipe = Recipe(batch_size=BATCH, learning_rate=0.01, stop="epochs", max_epochs=EPOCHS)
    network = initialise(Feedforward(WIDTH, CLASSES, [100]), generators)
    train(network.to(device), training, validation, recipe, Draws(orders))


def plain_network(device: torch.device) -> torch.nn.Module:
    layers = [torch.nn.Linear(WIDTH, 100), torch.nn.ReLU(), torch.nn.Linear(100, CLASSES)]
    return torch.nn.Sequential(*layers).to(device)


def with_data_loader(training: Data, validation: Data, device: torch.device = CPU) -> None:
    network = plain_network(device)
    optimiser = torch.optim.SGD(network.parameters(), lr=0.01)
    shown = TensorDataset(training.inputs[0], training.targets[0])
    batches = DataLoader(shown, BATCH, shuffle=True)
    held_out = DataLoader(TensorDataset(validation.inputs[0], validation.targets[0]), BATCH)
    for _ in range(EPOCHS):
        seen = right = 0.0
        for inputs, labels in batches:
            inputs, labels = inputs.to(device), labels.to(device)
            logits = network(inputs)
            loss = cross_entropy(logits, labels)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            seen += loss.item() * len(labels)
            right += float((logits.argmax(1) == labels).sum())
        with torch.no_grad():
            for inputs, labels in held_out:
                inputs, labels = inputs.to(device), labels.to(device)
                logits = network(inputs)
                seen += float(cross_entropy(logits, labels, reduction="sum"))
                right += float((logits.argmax(1) == labels).sum())


NET1 = {"kind": "mlp", "hidden": 12 * [200], "activation": "elu", "keep": 0.9}
NET2 = {"kind": "all-cnn", "widths": [24, 48], "dense": [128, 128, 128], "keep": 0.8}
MINIBATCH, TENTH = 128, 10


def images(shape: list[int], replicates: int) -> Data:
    """Ten batches of noise as a network takes it."""
    rng, count = torch.Generator().manual_seed(0), 10 * MINIBATCH
    inputs = torch.rand(replicates, count, *shape, generator=rng)
    return Data(inputs, torch.randint(TENTH, (replicates, count), generator=rng))


def started(build: dict, shape: list[int], replicates: int) -> Replicates:
    network = architecture(describe({**build, "output": "sigmoid"}, shape, TENTH))
    return network.start([np.random.default_rng(each) for each in range(replicates)])[0]


def cycled(model: Replicates, training: Data, steps: int, device: torch.device = CPU) -> None:
    """Two cycles of so many steps, with a look at a few examples after each."""
    few = Data(training.inputs[:, :10], training.targets[:, :10])
    seeds = range(model.replicates)
    order = [torch.Generator().manual_seed(each) for each in seeds]
    dropped = [torch.Generator(device).manual_seed(each) for each in seeds]
    told = {"cycle": steps, "max_cycles": 2, "patience": 5, "optimizer": "adam"}
    recipe = Recipe(MINIBATCH, 1e-5, "cycles", **told, schedule="triangular")
    train(model, training, few, recipe, Draws(order, (), dropped), LOSSES["squared-error"])


def bare_adam(network: torch.nn.Module, training: Data, steps: int) -> None:
    """As many steps of one network, by torch alone, on batches that are there."""
    optimiser = torch.optim.Adam(network.train().parameters(), lr=1e-5, fused=True)
    wanted = one_hot(training.targets[0], TENTH).float().split(MINIBATCH)
    inputs = training.inputs[0].split(MINIBATCH)
    for step in range(2 * steps):
        batch = step % len(inputs)
        outputs = network(inputs[batch]).sigmoid()
        loss = mse_loss(outputs, wanted[batch], reduction="sum") / (2 * MINIBATCH)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()


def plain_net1() -> torch.nn.Module:
    widths, layers = [784, *NET1["hidden"]], []
    for inputs, outputs in pairwise(widths):
        dropout = torch.nn.Dropout(1 - NET1["keep"])
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ELU(inplace=True), dropout]
    return torch.nn.Sequential(*layers, torch.nn.Linear(widths[-1], TENTH))


def bare_products(replicates: int, steps: int) -> None:
    """The products of as many steps of Net1, forward and back, on matrices that are there."""
    widths = [784, *NET1["hidden"], TENTH]
    layers = [
        [
            torch.rand(*shape)
            for shape in ((MINIBATCH, inputs), (inputs, outputs), (MINIBATCH, outputs))
        ]
        for inputs, outputs in pairwise(widths)
    ]
    for _ in range(2 * steps * replicates):
        for place, (values, weights, gradients) in enumerate(layers):
            values @ weights
            values.T @ gradients
            if place:  # nobody asks for the gradient of the images
                gradients @ weights.T


def pardo() -> None:
    digits, colours = images([784], 5), images([3, 32, 32], 1)
    side_by_side, plain = started(NET1, [784], 5), plain_net1()
    slower = ratio(lambda: bare_adam(plain, digits, 20), lambda: cycled(side_by_side, digits, 20))
    what = "Net1, replicate-steps per second: five side by side / bare steps of one"
    report(what, 5 * slower, 1.15, more_is_better=True)
    of_products = ratio(lambda: bare_products(5, 20), lambda: cycled(side_by_side, digits, 20))
    report(
        "five Net1 side by side: rate / of their products", of_products, 0.5, more_is_better=True
    )
    model = started(NET2, [32, 32, 3], 1)
    sister = ratio(
        lambda: cycled(model, colours, 5), lambda: bare_adam(model.module, colours, 5), rounds=3
    )
    report("Net2 at a quarter of its widths / its bare steps", sister, 1.15)


if __name__ == "__main__":
    one = draw(1, 12_000), draw(1, 6_000)
    five = draw(5, 12_000), draw(5, 6_000)
    alone = ratio(lambda: stacked(1, *one), lambda: with_data_loader(*one))
    report("one replicate / the same loop over a DataLoader", alone, 0.6)
    together = ratio(lambda: stacked(5, *five), lambda: stacked(1, *one))
    report("five replicates together / one alone", together, 2.0)
    pardo()
