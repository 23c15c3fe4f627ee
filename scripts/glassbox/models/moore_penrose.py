"""The Moore-Penrose inverse as a start for the output layer (chen2017 §4.3.3 and 4.3.5).

The thesis proposes it and does not try it: hidden layers start at random, and the output layer as
the least-squares affine map that takes what they make of each class to its unit vector (Eq. 4.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from glassbox.models.stack import Stack


@torch.no_grad()
def start_output(model: Stack, inputs: torch.Tensor, labels: torch.Tensor) -> None:
    """Set the output layer of each replicate to (W b)^T = V^+ of its class means, in place.

    inputs: (R, n, d); labels: (R, n). The points v_k, the rows of V before its column of ones, are
    the means of the last hidden layer's activations over the training examples of class k, in place
    of the noise-free signals that the thesis takes. Classes without examples take no part. With as
    many units as classes less one, or more, every class is mapped to its unit vector exactly.
    """
    layers = [inputs, *model.activations(inputs)]
    hidden, classes = layers[-2].double(), layers[-1].shape[2]
    for replicate, (values, own) in enumerate(zip(hidden, labels, strict=True)):
        members = torch.nn.functional.one_hot(own, classes).double()
        counts = members.sum(0)
        present = counts > 0
        means = (members.T @ values)[present] / counts[present, None]
        points = torch.cat([means, torch.ones_like(means[:, :1])], dim=1)
        solution = torch.zeros(points.shape[1], classes, dtype=torch.float64)
        solution[:, present.cpu()] = torch.linalg.pinv(points).cpu()
        model.layers[-1].weight[replicate] = solution[:-1].float()
        model.layers[-1].bias[replicate, 0] = solution[-1].float()
