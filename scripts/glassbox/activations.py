"""What every layer of one network makes of one set of examples (chen2017 Eq. 1.3).

`Activations` is what analyses read: a layer comes from a dump where one holds it, and from a pass
through the network otherwise, which an analysis can't tell. A dump leaves out layers that are too
wide to be worth a file, and says in each of its files which layers the network has; where it holds
all that is asked for, no network is made, and torch is not even loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from glassbox.digests import describe
from glassbox.files import whole
from glassbox.models.layers import Layer, refuse_unknown
from glassbox.tables import Examples, read_examples, read_metadata, write_examples

if TYPE_CHECKING:
    from glassbox.models.model import Model

INPUT = "input"
BELOW_ONE = np.nextafter(np.float32(1), np.float32(0))


@dataclass(frozen=True)
class Activations:
    """The layers of one network on one set, one in memory at a time where they are large.

    network: makes it. only: the names of the layers that will be asked for, where that is known;
    dump: a folder that `write_dump` wrote.
    """

    network: Callable[[], Model]
    examples: Examples
    dump: Path | None = None
    only: Collection[str] | None = None

    @cached_property
    def model(self) -> Model:
        """The network, made when it is first asked for."""
        return self.network()

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The input as the zeroth layer, then those of the network up to its output."""
        shape = tuple(self.examples.metadata["shape"])
        own = layers_of(self.dump) if self.dump else ()
        return (Layer(INPUT, 0, shape, "after"), *(own or self.model.layers))

    @property
    def hidden(self) -> tuple[Layer, ...]:
        """The layers between the input and the output."""
        return self.layers[1:-1]

    @property
    def output(self) -> Layer:
        """The last layer, whose values are the logits, or the probabilities behind them."""
        return self.layers[-1]

    def named(self, names: Collection[str] | None) -> tuple[Layer, ...]:
        """The layers of these names, or all, in order, the input left out."""
        return tuple(layer for layer in self.among(names) if layer.depth)

    def among(self, names: Collection[str] | None) -> tuple[Layer, ...]:
        """The layers of these names, the input among them, or all, in order."""
        if names is not None:
            refuse_unknown(self.layers, names)
        return tuple(layer for layer in self.layers if names is None or layer.name in names)

    def __getitem__(self, name: str) -> np.ndarray:
        """The values of a layer by its name: (n, units) float32."""
        if name == INPUT:
            return self.examples.values
        path = self._stored(name)
        return read_examples(path).values if path else self._from_model[name]

    def of(self, layer: Layer) -> Examples:
        """The values of a layer in place of those of the examples."""
        return replace(self.examples, values=self[layer.name])

    @cached_property
    def answers(self) -> np.ndarray:
        """The class that the network answers to each example: (n,) int64."""
        return self[self.output.name].argmax(axis=1)

    @cached_property
    def logits(self) -> np.ndarray:
        """The network's logits: (n, classes) float32.

        From a softmax they are each example's but for a constant; a sigmoid that has rounded to 1
        counts as the number before it.
        """
        values = self[self.output.name]
        if self.output.site == "before":
            return values
        with np.errstate(divide="ignore"):
            if self.output.output == "sigmoid":
                from scipy.special import logit

                return logit(np.minimum(values, BELOW_ONE))
            return np.log(values)

    @cached_property
    def probabilities(self) -> np.ndarray:
        """What the network's output makes of its logits: (n, classes) float32.

        By softmax or, each class by itself, by sigmoid.
        """
        values = self[self.output.name]
        if self.output.site == "after":
            return values
        if self.output.output == "sigmoid":
            from scipy.special import expit

            return expit(values)
        powers = np.exp(values - values.max(axis=1, keepdims=True), dtype=np.float64)
        return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)

    @cached_property
    def _from_model(self) -> dict[str, np.ndarray]:
        """What no dump holds of the layers that will be asked for, from one pass."""
        from glassbox.models.model import read_layers

        known = [layer.name for layer in self.model.layers]
        asked = known if self.only is None else {*self.only, self.output.name}
        wanted = [name for name in known if name in asked and not self._stored(name)]
        return read_layers(self.model, self.examples.values, wanted)

    def _stored(self, name: str) -> Path | None:
        """The file of a dump that holds a layer."""
        path = self.dump and layer_path(self.dump, name)
        return path if path and path.is_file() else None


def layer_path(dump: Path, name: str) -> Path:
    """Where a dump keeps a layer."""
    return dump / f"{name}.parquet"


def layers_of(dump: Path) -> tuple[Layer, ...]:
    """The layers of the network that a dump is of; none for one that does not tell them."""
    path = next(iter(sorted(dump.glob("*.parquet"))), None)
    told = read_metadata(path).get("layers", []) if path else []
    return tuple(Layer(**{**each, "shape": tuple(each["shape"])}) for each in told)


def write_dump(dump: Path, activations: Activations, widest: int) -> dict[str, dict]:
    """Write a Parquet file per layer of at most `widest` units, as one folder or not at all.

    The digest of each by its name. Their metadata say which layer it is, where it lies, and which
    layers the network has.
    """
    stored = [layer for layer in activations.layers[1:] if layer.units <= widest]
    kept = replace(activations, only=[layer.name for layer in stored])
    digests = {}
    with whole(dump) as part:
        part.mkdir()
        for layer in stored:
            path = layer_path(part, layer.name)
            examples = _described(kept, layer)
            write_examples(path, examples)
            digests[path.name] = describe(path, examples.content())
    return digests


def _described(activations: Activations, layer: Layer) -> Examples:
    of = {"layer": layer.name, "depth": layer.depth, "site": layer.site}
    every = {"layers": [_told(each) for each in activations.layers[1:]]}
    told = {"values": "activation", "shape": list(layer.shape), "unit": "none", **of, **every}
    examples = activations.of(layer)
    return replace(examples, metadata={**examples.metadata, **told})


def _told(layer: Layer) -> dict[str, Any]:
    """A layer as its dump has it, which says softmax of none."""
    told = asdict(layer)
    return {key: value for key, value in told.items() if (key, value) != ("output", "softmax")}
