"""Plain torch modules, each trained alone and read through its places."""

import copy
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from glassbox.errors import GlassboxError
from glassbox.models.hooked import Hooked, hooked, tensor_of
from glassbox.models.inputs import Inputs
from glassbox.models.layers import Output

Start = Callable[[nn.Module, np.random.Generator], None]


class Alone(nn.Module):
    """One replicate of any module, as a stack of one: a leading axis of 1 in and out."""

    replicates, metadata = 1, None

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Logits (1, n, classes) of inputs (1, n, ...), arranged and normalised."""
        return tensor_of(self.module(inputs[0]))[None]

    def draw_from(self, generators: Sequence[torch.Generator]) -> None:
        """Seed torch's own generator, from which modules draw, as the one that is given."""
        for each in generators:
            torch.manual_seed(each.initial_seed())

    def pick(self, places: Sequence[int]) -> "Alone":
        """A copy; places is [0]."""
        return Alone(copy.deepcopy(self.module))

    def states(self) -> list[dict[str, torch.Tensor]]:
        """The module's tensors, by torch's names."""
        return [self.module.state_dict()]

    def take(self, new: "Alone", which: torch.Tensor) -> None:
        """Take another's parameters and buffers if `which` (1,) is true."""
        if which.all():
            self.module.load_state_dict(new.module.state_dict())


@dataclass(frozen=True)
class Plain:
    """A network that is a torch module.

    make: an untrained one. inputs, places, after and output: as `hooked` takes them. classes: how
    many logits it gives. start_weights: sets the weights from a generator, in place; left out, they
    are as the module draws them itself.
    """

    make: Callable[[], nn.Module]
    classes: int
    inputs: Inputs
    places: Mapping[str, str] | None = None
    after: Collection[str] = ()
    output: Output = "softmax"
    start_weights: Start | None = None

    def start(self, generators: list[np.random.Generator]) -> list[Alone]:
        """A module per generator, each of which trains alone.

        Raises GlassboxError when it could not be read once it is trained.
        """
        self.model(self._seeded(0).state_dict())
        return [Alone(self._started(rng)) for rng in generators]

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of one replicate's tensors."""
        state = self._seeded(0).state_dict()
        return {name: tuple(tensor.shape) for name, tensor in state.items()}

    def model(self, state: Mapping[str, torch.Tensor]) -> Hooked:
        """The model that such tensors make.

        Raises GlassboxError for what `hooked` refuses, and another number of classes.
        """
        module = self._seeded(0)
        module.load_state_dict(state)
        model = hooked(module, self.inputs, self.places, self.after, self.output)
        if (found := model.layers[-1].units) != self.classes:
            raise GlassboxError(
                f"{type(module).__name__} gives {found} logits, and the data set has "
                f"{self.classes} classes"
            )
        return model

    def _started(self, rng: np.random.Generator) -> nn.Module:
        if self.start_weights is None:
            return self._seeded(int(rng.integers(2**63 - 1)))
        module = self._seeded(0)
        self.start_weights(module, rng)
        return module

    def _seeded(self, seed: int) -> nn.Module:
        """A module whose own draws depend on the seed alone, and disturb no others."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return self.make()
