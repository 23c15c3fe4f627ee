"""A study of networks of one's own: their code, weights and data, and the config."""

import hashlib
from pathlib import Path

import numpy as np
import torch
import workflow
import yaml

CODE = '''"""Networks of kinds that the project has not."""

import torch
from torch import nn


class Separable(nn.Module):
    """A depthwise separable convolution with group norm and SiLU."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.depthwise = nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs)
        self.pointwise = nn.Conv2d(inputs, outputs, 1)
        self.norm = nn.GroupNorm(4, outputs)
        self.act = nn.SiLU()

    def forward(self, images):
        return self.act(self.norm(self.pointwise(self.depthwise(images))))


class Mobile(nn.Module):
    """Two of them, for digits of 8 x 8 pixels."""

    def __init__(self, width):
        super().__init__()
        self.first = Separable(1, width, stride=1)
        self.second = Separable(width, width, stride=2)
        self.fc = nn.Linear(16 * width, 10)

    def forward(self, images):
        hidden = self.flat(self.second(self.first(images)))
        return {"logits": self.fc(hidden), "hidden": hidden}

    def flat(self, images):
        return images.flatten(1)


class Bumps(nn.Module):
    """Convolutions over signals."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(1, 4, 5, padding=2)
        self.relu = nn.ReLU()
        self.fc = nn.Linear(120, 4)

    def forward(self, signals):
        return self.fc(self.relu(self.conv(signals)).flatten(1))
'''
MOBILE = {
    "build": "own",
    "file": "my_nets.py",
    "class": "Mobile",
    "arguments": {"width": 8},
    "dataset": "digits",
    "places": {"first": "first.act", "second": "second.act", "last": "fc"},
    "recipe": {"batch_size": 50, "learning_rate": 0.1, "momentum": 0.5, "max_epochs": 8},
    "checkpoints": [0, 3],
}
BUMPS = {
    "build": "own",
    "file": "my_nets.py",
    "class": "Bumps",
    "dataset": "bumps",
    "input": [1, 30],
    "places": {"conv": "relu", "last": "fc"},
}


def write(folder: Path, data: Path) -> Path:
    """A checkout whose study is a network on digits, and one on signals with given weights."""
    workflow.copy_checkout(folder)
    (folder / "my_nets.py").write_text(CODE)
    bumps = {"kind": "arrays", "folder": "bumps", "shape": [30], "classes": 4, "test": 120}
    bumps["files"] = {"train": described(write_signals(data / "bumps/signals.npz"))}
    weights = {"folder": "bumps", "file": described(write_weights(folder, data / "bumps/net.pt"))}
    config = {
        "works": [],
        "replicates": 1,
        "together": 1,
        "datasets": {"digits": {"kind": "digits"}, "bumps": bumps},
        "models": {"mobile": MOBILE, "bumps-net": {**BUMPS, "weights": weights}},
        "analyses": {"all": {"of": {"mobile": ["digits/test"], "bumps-net": ["bumps/test"]}}},
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False))
    return folder


def described(path: Path) -> dict[str, str]:
    return {"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def signals() -> tuple[np.ndarray, np.ndarray]:
    """Signals of four classes, each with a bump in a place of its own."""
    rng = np.random.default_rng(0)
    labels = rng.integers(4, size=400)
    values = rng.normal(0, 0.3, (400, 30)).astype(np.float32)
    for row, label in enumerate(labels):
        values[row, 6 * label + 3 : 6 * label + 6] += 2
    return values, labels


def write_signals(path: Path) -> Path:
    path.parent.mkdir(parents=True)
    values, labels = signals()
    np.savez(path, x=values, y=labels)
    return path


def write_weights(folder: Path, path: Path) -> Path:
    """A checkpoint of a few steps, as training on several GPUs leaves it."""
    made: dict = {}
    exec((folder / "my_nets.py").read_text(), made)
    torch.manual_seed(0)
    net = made["Bumps"]()
    optimiser = torch.optim.SGD(net.parameters(), lr=0.1)
    values, labels = map(torch.from_numpy, signals())
    for _ in range(60):
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(net(values[:, None]), labels).backward()
        optimiser.step()
    state = {f"module.{name}": tensor for name, tensor in net.state_dict().items()}
    torch.save({"state_dict": state, "epoch": 60}, path)
    return path
