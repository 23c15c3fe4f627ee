"""Linear probes: softmax regression on a layer's patterns (Alain and Bengio 2016)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from scipy.optimize import minimize
from torch.nn.functional import linear, log_softmax, nll_loss, one_hot


@dataclass(frozen=True)
class Probe:
    """Logits as an affine map of patterns: weight (classes, d) and bias (classes,), float32."""

    weight: torch.Tensor
    bias: torch.Tensor

    def logits(self, patterns: np.ndarray) -> np.ndarray:
        """(n, classes) float64 of patterns (n, d)."""
        inputs = torch.from_numpy(patterns).to(self.bias.device)
        return linear(inputs, self.weight, self.bias).double().cpu().numpy()

    def table(self) -> pd.DataFrame:
        """One row per class: `label`, `bias`, and `weight`, an array (d,)."""
        weight, bias = self.weight.cpu().numpy(), self.bias.cpu().numpy()
        return pd.DataFrame({"label": np.arange(len(bias)), "bias": bias, "weight": list(weight)})

    @classmethod
    def of_table(cls, table: pd.DataFrame, device: torch.device) -> "Probe":
        """The inverse of `table`."""
        weight, bias = np.stack(table["weight"].to_list()), table["bias"].to_numpy()
        return cls(torch.tensor(weight, device=device), torch.tensor(bias, device=device))


def fit_probe(
    patterns: np.ndarray,
    targets: np.ndarray,
    classes: int,
    device: torch.device,
    penalty: float = 1e-4,
    steps: int = 100,
    rows: int = 4096,
) -> Probe:
    """The minimum of the mean cross-entropy plus penalty · |weight|² / 2, by L-BFGS.

    patterns: (n, d), read block by block. They are centred and brought to a mean square of 1 over
    all units, so that one penalty suits every layer. targets: (n,).
    """
    count, width = patterns.shape
    mean = torch.from_numpy(patterns.mean(axis=0, dtype=np.float64)).float().to(device)
    scale = _spread(patterns, mean, rows)
    truth = torch.as_tensor(targets, device=device)

    def on_patterns(flat: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        # The weights take in centring and scale: the patterns are read as they are.
        parameters = torch.from_numpy(flat.astype(np.float32)).to(device)
        weight = parameters[:-classes].view(classes, width) / scale
        return weight, parameters[-classes:] - weight @ mean

    def value_and_gradient(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weight, bias = on_patterns(flat)
        total = 0.0
        gradient = torch.zeros(classes, width, dtype=torch.float64, device=device)
        residual = torch.zeros(classes, 1, dtype=torch.float64, device=device)
        for start in range(0, count, rows):
            block = torch.from_numpy(patterns[start : start + rows]).to(device)
            wanted = truth[start : start + rows]
            # The few classes come first: several times faster on a CPU than the other way round.
            likelihoods = log_softmax(weight @ block.T + bias[:, None], dim=0)
            total += float(nll_loss(likelihoods.T, wanted, reduction="sum"))
            residuals = likelihoods.exp() - one_hot(wanted, classes).T
            gradient += residuals @ block
            residual += residuals.sum(1, keepdim=True)
        gradient = (gradient - residual * mean) / scale
        slope = torch.cat([gradient.flatten(), residual[:, 0]]).cpu().numpy() / count
        slope[:-classes] += penalty * flat[:-classes]
        return total / count + penalty / 2 * float(flat[:-classes] @ flat[:-classes]), slope

    start = np.zeros((width + 1) * classes)
    found = minimize(
        value_and_gradient, start, jac=True, method="L-BFGS-B", options={"maxiter": steps}
    ).x
    return Probe(*on_patterns(found))


def _spread(patterns: np.ndarray, mean: torch.Tensor, rows: int) -> float:
    """The root mean square of all values about the mean of their unit; 1 where all are equal."""
    total = 0.0
    for start in range(0, len(patterns), rows):
        block = torch.from_numpy(patterns[start : start + rows]).to(mean.device)
        total += float((block - mean).double().square().sum())
    return (total / patterns.size) ** 0.5 or 1.0
