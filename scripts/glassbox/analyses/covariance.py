"""Covariances and correlations of units over many observations, by products of blocks."""

import numpy as np
import torch

ROWS = 4096  # observations on the device at a time
ROUNDING = 1e-7  # of its largest value, by which a unit varies that is constant


def covariance(
    values: np.ndarray, means: torch.Tensor, place: torch.Tensor, rows: int = ROWS
) -> torch.Tensor:
    """Of values (n, d) about that of means (k, d) whose place (n,) is theirs: (d, d) float64.

    Means are taken out in float64, products of blocks are in float32 and their sum in float64.
    """
    width = values.shape[1]
    total = torch.zeros(width, width, dtype=torch.float64, device=means.device)
    for start in range(0, len(values), rows):
        block = torch.from_numpy(values[start : start + rows]).to(means.device)
        own = means if len(means) == 1 else means[place[start : start + rows]]
        centred = (block - own).float()
        total += centred.T @ centred
    return total / len(values)


def correlations(
    values: np.ndarray, labels: np.ndarray | None, device: torch.device, rows: int = ROWS
) -> np.ndarray:
    """Pearson's r of all pairs of units over observations (n, d) float32: (d, d) float64.

    labels: (n,), the classes whose means are taken out first; None: the mean of all. Exact up to
    the rounding of float32 products; symmetric, and 1 on the diagonal. Beside the values a few
    blocks (rows, d) and two times (d, d) in float64 are held. Units that are constant, or so within
    each class, have NaN.
    """
    means, place = (torch.from_numpy(each).to(device) for each in _means(values, labels))
    found = covariance(values, means, place, rows).cpu().numpy()
    scale = np.sqrt(found.diagonal())
    largest = np.maximum(values.max(axis=0), -values.min(axis=0))
    scale[scale <= ROUNDING * largest] = np.nan
    found /= scale
    found /= scale[:, None]
    found += found.T.copy()  # a product need not be symmetric to the last digit
    found /= 2
    np.fill_diagonal(found, np.where(np.isnan(scale), np.nan, 1))
    return found.clip(-1, 1, out=found)


def _means(values: np.ndarray, labels: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """The mean of each class, (k, d) float64, and the place (n,) there of each observation's."""
    if labels is None:
        return values.mean(axis=0, dtype=np.float64)[None], np.zeros(len(values), np.int64)
    present, place = np.unique(labels, return_inverse=True)
    means = [values[labels == label].mean(axis=0, dtype=np.float64) for label in present]
    return np.stack(means), place
