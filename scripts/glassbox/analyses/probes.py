"""Linear probes: softmax regression on a layer's patterns (Alain and Bengio 2016)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
import torch
from torch.nn.functional import linear, log_softmax, nll_loss, one_hot

from glassbox.activations import Activations
from glassbox.analyses.baselines import ROWS, MaximumSoftmax
from glassbox.models.build import Description, describe
from glassbox.models.model import Model, answers


def fit_probes(
    training: Activations, *, layers: Collection[str] | None = None, device: torch.device
) -> dict[str, "Probe"]:
    """A linear probe of each layer of these names, or of all, for the labels of the examples."""
    labels, classes = training.examples.labels, training.examples.classes
    return {
        layer.name: Probe.fit(training[layer.name], labels, device, classes)
        for layer in training.named(layers)
    }


def probes(fitted: Mapping[str, Model], shown: Activations) -> pd.DataFrame:
    """How far the probes of some layers tell the labels of examples.

    Columns: layer, depth, accuracy for the labels, and agreement with what the network answers, as
    shares.
    """
    rows = []
    for layer in shown.named(fitted):
        told = answers(fitted[layer.name], shown[layer.name])
        accuracy = (told == shown.examples.labels).mean()
        agreement = (told == shown.answers).mean()
        rows.append((layer.name, layer.depth, accuracy, agreement))
    return pd.DataFrame(rows, columns=["layer", "depth", "accuracy", "agreement"])


@dataclass(frozen=True)
class Probe:
    """Logits as an affine map of patterns: weight (classes, d) and bias (classes,), float32."""

    weight: torch.Tensor
    bias: torch.Tensor

    @classmethod
    def fit(
        cls,
        patterns: np.ndarray,
        answers: np.ndarray,
        device: torch.device,
        classes: int | None = None,
        penalty: float = 1e-4,
        steps: int = 100,
        rows: int = ROWS,
    ) -> Self:
        """About the minimum of the mean cross-entropy plus penalty · |weight|² / 2, by L-BFGS.

        patterns: (n, d), read block by block. They are centred and brought to a mean square of 1
        over all units, so that one penalty suits every layer. answers: (n,), or other labels, of as
        many classes as are given, up to the last that occurs if none are.
        """
        from scipy.optimize import minimize  # which only those that fit need

        classes = classes or int(answers.max()) + 1
        regression = _Regression.of(patterns, answers, classes, device, penalty, rows)
        start = np.zeros((patterns.shape[1] + 1) * classes)
        found = minimize(
            regression.value_and_gradient,
            start,
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": steps},
        )
        return cls(*regression.on_patterns(found.x))

    def logits(self, patterns: np.ndarray) -> np.ndarray:
        """(n, classes) float64 of patterns (n, d)."""
        inputs = torch.from_numpy(patterns).to(self.bias.device)
        return linear(inputs, self.weight, self.bias).double().cpu().numpy()

    def oddness(self, patterns: np.ndarray) -> np.ndarray:
        """One less the maximum softmax probability of patterns (n, d): (n,)."""
        return MaximumSoftmax().oddness(self.logits(patterns))

    @property
    def description(self) -> Description:
        """What it is as a network: a perceptron without hidden layers, on patterns."""
        classes, units = self.weight.shape
        return describe({"kind": "mlp", "hidden": []}, [units], classes)

    def state(self) -> dict[str, torch.Tensor]:
        """Its tensors by their names in such a network."""
        return {"1.weight": self.weight, "1.bias": self.bias}

    def table(self) -> pd.DataFrame:
        """One row per class: `label`, `bias`, and `weight`, an array (d,)."""
        weight, bias = self.weight.cpu().numpy(), self.bias.cpu().numpy()
        return pd.DataFrame({"label": np.arange(len(bias)), "bias": bias, "weight": list(weight)})

    @classmethod
    def of_table(cls, table: pd.DataFrame, device: torch.device) -> Self:
        """The inverse of `table`."""
        weight, bias = np.stack(table["weight"].to_list()), table["bias"].to_numpy()
        return cls(torch.tensor(weight, device=device), torch.tensor(bias, device=device))


@dataclass(frozen=True)
class _Regression:
    """What is minimised over weights of centred and scaled patterns, and biases, in one vector."""

    patterns: np.ndarray
    truth: torch.Tensor
    mean: torch.Tensor
    scale: float
    classes: int
    penalty: float
    rows: int

    @classmethod
    def of(
        cls,
        patterns: np.ndarray,
        answers: np.ndarray,
        classes: int,
        device: torch.device,
        penalty: float,
        rows: int,
    ) -> Self:
        mean = torch.from_numpy(patterns.mean(axis=0, dtype=np.float64)).float().to(device)
        truth = torch.tensor(answers, device=device)
        return cls(patterns, truth, mean, _spread(patterns, mean, rows), classes, penalty, rows)

    def on_patterns(self, flat: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        """Weight (classes, d) and bias (classes,) for patterns as they are read."""
        parameters = torch.from_numpy(flat.astype(np.float32)).to(self.mean.device)
        weight = parameters[: -self.classes].view(self.classes, len(self.mean)) / self.scale
        return weight, parameters[-self.classes :] - weight @ self.mean

    def value_and_gradient(self, flat: np.ndarray) -> tuple[float, np.ndarray]:
        total, gradient, residual = self.sums(*self.on_patterns(flat))
        gradient = (gradient - residual * self.mean) / self.scale
        slope = torch.cat([gradient.flatten(), residual[:, 0]]).cpu().numpy() / len(self.patterns)
        weight = flat[: -self.classes]
        slope[: -self.classes] += self.penalty * weight
        return total / len(self.patterns) + self.penalty / 2 * float(weight @ weight), slope

    def sums(
        self, weight: torch.Tensor, bias: torch.Tensor
    ) -> tuple[float, torch.Tensor, torch.Tensor]:
        """Cross-entropy and its gradients by weight (classes, d) and bias (classes, 1), summed."""
        total = 0.0
        gradient = torch.zeros(weight.shape, dtype=torch.float64, device=weight.device)
        residual = torch.zeros(self.classes, 1, dtype=torch.float64, device=weight.device)
        for start in range(0, len(self.patterns), self.rows):
            block = torch.from_numpy(self.patterns[start : start + self.rows]).to(weight.device)
            wanted = self.truth[start : start + self.rows]
            # The few classes come first: several times faster on a CPU than the other way round.
            likelihoods = log_softmax(weight @ block.T + bias[:, None], dim=0)
            total += float(nll_loss(likelihoods.T, wanted, reduction="sum"))
            residuals = likelihoods.exp() - one_hot(wanted, self.classes).T
            gradient += residuals @ block
            residual += residuals.sum(1, keepdim=True)
        return total, gradient, residual


def _spread(patterns: np.ndarray, mean: torch.Tensor, rows: int) -> float:
    """The root mean square of all values about the mean of their unit; 1 where all are equal."""
    total = 0.0
    for start in range(0, len(patterns), rows):
        block = torch.from_numpy(patterns[start : start + rows]).to(mean.device)
        total += float((block - mean).double().square().sum())
    return (total / patterns.size) ** 0.5 or 1.0
