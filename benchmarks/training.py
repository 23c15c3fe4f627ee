"""Training of the 2-layer jump MLP on the CPU, against a loop over a DataLoader.

12,000 signals of 100 samples, batches of 100, with the validation loss after every epoch.
"""

import numpy as np
import torch
from timing import ratio, report
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, TensorDataset

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


if __name__ == "__main__":
    one = draw(1, 12_000), draw(1, 6_000)
    five = draw(5, 12_000), draw(5, 6_000)
    alone = ratio(lambda: stacked(1, *one), lambda: with_data_loader(*one))
    report("one replicate / the same loop over a DataLoader", alone, 0.6)
    together = ratio(lambda: stacked(5, *five), lambda: stacked(1, *one))
    report("five replicates together / one alone", together, 2.0)
