"""What makes probabilities of a network's logits."""

import torch

from glassbox.models.layers import Output


def probabilities(logits: torch.Tensor, output: Output) -> torch.Tensor:
    """Of logits (..., classes): their softmax, or the sigmoid of each."""
    return logits.sigmoid() if output == "sigmoid" else logits.softmax(dim=-1)
