"""Linear probes: softmax regression on a layer's patterns (Alain and Bengio 2016)."""

from dataclasses import dataclass

import numpy as np
import torch
from scipy.optimize import minimize
from torch.nn.functional import log_softmax, nll_loss, one_hot


@dataclass(frozen=True)
class Probe:
    """weight (d, classes) and bias (classes,) on patterns less `mean`, over `scale`."""

    weight: torch.Tensor
    bias: torch.Tensor
    mean: torch.Tensor
    scale: float

    def logits(self, patterns: np.ndarray) -> np.ndarray:
        """(n, classes) float64 of patterns (n, d)."""
        inputs = (torch.from_numpy(patterns).to(self.mean.device) - self.mean) / self.scale
        return (inputs @ self.weight + self.bias).double().cpu().numpy()


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

    def value_and_gradient(flat: np.ndarray) -> tuple[float, np.ndarray]:
        parameters = torch.from_numpy(flat.astype(np.float32)).to(device)
        # Centring and scale go into the weights, and the few classes come first in each product:
        # several times faster on a CPU than the other way round.
        slopes = (parameters[:-classes].view(width, classes) / scale).T.contiguous()
        shift = (parameters[-classes:] - slopes @ mean)[:, None]
        total = 0.0
        gradient = torch.zeros(classes, width, dtype=torch.float64, device=device)
        residual = torch.zeros(classes, 1, dtype=torch.float64, device=device)
        for start in range(0, count, rows):
            block = torch.from_numpy(patterns[start : start + rows]).to(device)
            wanted = truth[start : start + rows]
            likelihoods = log_softmax(slopes @ block.T + shift, dim=0)
            total += float(nll_loss(likelihoods.T, wanted, reduction="sum"))
            residuals = likelihoods.exp() - one_hot(wanted, classes).T
            gradient += residuals @ block
            residual += residuals.sum(1, keepdim=True)
        gradient = (gradient - residual * mean) / scale
        slope = torch.cat([gradient.T.flatten(), residual[:, 0]]).cpu().numpy() / count
        slope[:-classes] += penalty * flat[:-classes]
        return total / count + penalty / 2 * float(flat[:-classes] @ flat[:-classes]), slope

    start = np.zeros((width + 1) * classes)
    found = minimize(
        value_and_gradient, start, jac=True, method="L-BFGS-B", options={"maxiter": steps}
    ).x
    best = torch.from_numpy(found.astype(np.float32)).to(device)
    return Probe(best[:-classes].view(width, classes), best[-classes:], mean, scale)


def _spread(patterns: np.ndarray, mean: torch.Tensor, rows: int) -> float:
    """The root mean square of all values about the mean of their unit; 1 where all are equal."""
    total = 0.0
    for start in range(0, len(patterns), rows):
        block = torch.from_numpy(patterns[start : start + rows]).to(mean.device)
        total += float((block - mean).double().square().sum())
    return (total / patterns.size) ** 0.5 or 1.0
