"""Optimisers, by torch's fused kernels for their steps.

Not the classes of torch.optim, which load torch's compiler when they are made: a second of every
training.
"""

from collections.abc import Iterable, Sequence

import torch
from torch.optim.adam import adam
from torch.optim.sgd import sgd

Tensors = list[torch.Tensor]


class Descent:
    """Steps down the gradients of some parameters, in place."""

    def __init__(self, parameters: Iterable[torch.nn.Parameter]) -> None:
        self.parameters = list(parameters)

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """Move what has a gradient at this learning rate, and forget the gradients."""
        places = [place for place, each in enumerate(self.parameters) if each.grad is not None]
        moved = [self.parameters[place] for place in places]
        self.move(moved, [each.grad for each in moved], places, rate)
        for each in moved:
            each.grad = None

    def move(self, moved: Tensors, gradients: Tensors, places: Sequence[int], rate: float) -> None:
        """Move the parameters at these places."""
        raise NotImplementedError

    def state(self) -> list[list[torch.Tensor | None]]:
        """What it remembers of each parameter, as it stands."""
        raise NotImplementedError

    def restore(self, state: list[list[torch.Tensor | None]]) -> None:
        """Go on from what `state` gave, on the device of the parameters."""
        for known, values in zip(self.state(), state, strict=True):
            known[:] = [
                None if each is None else each.to(parameter.device)
                for each, parameter in zip(values, self.parameters, strict=True)
            ]


class GradientDescent(Descent):
    """Stochastic gradient descent with momentum."""

    def __init__(self, parameters: Iterable[torch.nn.Parameter], momentum: float) -> None:
        super().__init__(parameters)
        self.buffers: list[torch.Tensor | None] = [None] * len(self.parameters)
        self.settings = {"momentum": momentum, "fused": True}
        self.settings |= {"weight_decay": 0, "dampening": 0, "nesterov": False, "maximize": False}

    def move(self, moved: Tensors, gradients: Tensors, places: Sequence[int], rate: float) -> None:
        buffers = [self.buffers[place] for place in places]
        sgd(moved, gradients, buffers, lr=rate, **self.settings)
        for place, buffer in zip(places, buffers, strict=True):
            self.buffers[place] = buffer

    def state(self) -> list[list[torch.Tensor | None]]:
        return [self.buffers]


class Adam(Descent):
    """Adam (Kingma and Ba 2015, Algorithm 1), with the constants that they propose.

    They are those of TensorFlow 1.14 and of torch, which adds epsilon to the unbiased root.
    """

    def __init__(self, parameters: Iterable[torch.nn.Parameter]) -> None:
        super().__init__(parameters)
        self.means = [torch.zeros_like(each) for each in self.parameters]
        self.squares = [torch.zeros_like(each) for each in self.parameters]
        self.steps = [torch.zeros((), device=each.device) for each in self.parameters]
        self.settings = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "fused": True}
        self.settings |= {"weight_decay": 0, "amsgrad": False, "maximize": False}

    def move(self, moved: Tensors, gradients: Tensors, places: Sequence[int], rate: float) -> None:
        known = [[each[place] for place in places] for each in (self.means, self.squares)]
        steps = [self.steps[place] for place in places]
        adam(moved, gradients, *known, [], steps, lr=rate, **self.settings)

    def state(self) -> list[list[torch.Tensor | None]]:
        return [self.means, self.squares, self.steps]
