"""Any torch module as a model whose layers are read by forward hooks."""

import difflib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import nn

from glassbox.errors import GlassboxError
from glassbox.models.inputs import Inputs
from glassbox.models.layers import Layer, Output, refuse_unknown
from glassbox.models.model import Predictor

OUTPUT, ROOT = "output", ""  # a layer's name, and the path of a network within itself
ACTIVATIONS = "torch.nn.modules.activation"

Run = tuple[str, int]  # a module's path, and which of its runs in one forward pass, from 1


def hooked(
    module: nn.Module,
    inputs: Inputs,
    places: Mapping[str, str] | None = None,
    after: Collection[str] = (),
    output: Output = "softmax",
    rows: int = 500,
) -> "Hooked":
    """A module as a model, to predict, with its parameters frozen; it is not copied.

    places: the path of a module, as `named_modules` has it, by the name of the layer that its
    output is; "path:2" is the second run of a module that runs several times. Left out, all modules
    without parts that have parameters are layers, by their paths. What the network itself gives is
    the last layer, named "output" unless a place gives just that. after: layers that lie after
    their non-linearity, beside those of torch's own activation modules. output: what makes
    probabilities of its logits. rows: how many examples go through at once.

    Raises GlassboxError, in words, for a place that is no module, does not run, or runs several
    times, and for a network that can't take such inputs or gives no logits (n, classes).
    """
    module.eval().requires_grad_(False)
    seen = _one_example(module, inputs)
    if places is None:
        found = {_run_name(run, seen): run for run in seen if _is_leaf(module, run[0])}
    else:
        found = {name: _run_of(module, seen, name, path) for name, path in places.items()}
    if not any(seen[run].is_output for run in found.values()):
        if OUTPUT in found:
            raise GlassboxError(
                f"layer {OUTPUT}: that is what the network itself gives, behind {places[OUTPUT]}\n"
                "  what to do: give this layer another name"
            )
        found[OUTPUT] = (ROOT, 1)
    order = list(seen)
    found = dict(sorted(found.items(), key=lambda item: order.index(item[1])))
    after = {*after, *(name for name, run in found.items() if _is_activation(module, run[0]))}
    *hidden, last = (
        Layer(name, depth, _shape(name, run, seen[run]), "after" if name in after else "before")
        for depth, (name, run) in enumerate(found.items(), start=1)
    )
    return Hooked(module, inputs, (*hidden, replace(last, output=output)), found, rows)


class Hooked(Predictor):
    """A torch module as a model, see `glassbox.models.model.Model`; `hooked` makes it."""

    def __init__(
        self,
        module: nn.Module,
        inputs: Inputs,
        layers: tuple[Layer, ...],
        runs: Mapping[str, Run],
        rows: int,
    ) -> None:
        super().__init__()
        self.module, self.inputs = module, inputs
        self.layers, self.runs, self.rows = layers, runs, rows

    def logits(self, normalised: torch.Tensor) -> torch.Tensor:
        return tensor_of(self.module(normalised))

    def read(self, values: torch.Tensor, names: Collection[str]) -> dict[str, torch.Tensor]:
        refuse_unknown(self.layers, names)
        wanted = {name: self.runs[name] for name in names}
        found: dict[Run, torch.Tensor] = {}

        def keep(run: Run, output: Any) -> None:
            found[run] = tensor_of(output).clone()  # what comes next may write over it

        with _hooks(self.module, {path for path, _ in wanted.values()}, keep):
            self.module(self.inputs(values))
        return {name: found[run].flatten(1) for name, run in wanted.items()}


def tensor_of(output: Any) -> Any:
    """The logits in what a network gives: a tensor, the first of a tuple, or what is so named."""
    if isinstance(output, torch.Tensor):
        return output
    if isinstance(output, Mapping):
        return output.get("logits")
    if isinstance(output, tuple | list) and not hasattr(output, "logits"):
        return output[0] if output else None
    return getattr(output, "logits", None)


@contextmanager
def _hooks(
    module: nn.Module, paths: Collection[str], keep: Callable[[Run, Any], None]
) -> Iterator[None]:
    """Give what each run of some modules gives to `keep`, while this lasts."""
    counts: Counter[str] = Counter()

    def ran(path: str, output: Any) -> None:
        counts[path] += 1
        keep((path, counts[path]), output)

    handles = [
        module.get_submodule(path).register_forward_hook(
            lambda _module, _inputs, output, path=path: ran(path, output)
        )
        for path in paths
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


@dataclass
class _Seen:
    """What a run gave for one example, and whether that is what the whole network gives."""

    output: Any
    version: int
    is_output: bool = False


@torch.no_grad()
def _one_example(module: nn.Module, inputs: Inputs) -> dict[Run, _Seen]:
    """All runs of all modules for one example, in order of execution."""
    seen: dict[Run, _Seen] = {}

    def keep(run: Run, output: Any) -> None:
        output = tensor_of(output)
        seen[run] = _Seen(output, getattr(output, "_version", 0))

    example = torch.zeros(1, *inputs.taken, device=inputs.mean.device)
    named = type(module).__name__
    try:
        with _hooks(module, [path for path, _ in module.named_modules()], keep):
            module(example)
    except Exception as error:
        raise GlassboxError(
            f"{named} can't take one example of shape {tuple(example.shape)}: "
            f"{type(error).__name__}: {error}\n"
            "  what to do: say which shape it takes by `input`, or give it other `arguments`"
        ) from error
    logits = seen[ROOT, 1].output
    if not isinstance(logits, torch.Tensor) or logits.ndim != 2 or len(logits) != 1:
        what = tuple(logits.shape) if isinstance(logits, torch.Tensor) else "no tensor"
        raise GlassboxError(
            f"{named} gives {what} for one example, where logits of shape (1, classes) are wanted\n"
            "  what to do: let it give such a tensor, a tuple that has it first, or a dict with "
            "the key logits"
        )
    for each in seen.values():  # the same tensor, that nothing has written over since
        each.is_output = each.output is logits and each.version == logits._version
    return seen


def _run_of(module: nn.Module, seen: Mapping[Run, _Seen], name: str, place: str) -> Run:
    """The run that a place means."""
    path, _, number = place.partition(":")
    modules = dict(module.named_modules())
    if path not in modules:
        raise GlassboxError(f"layer {name}: {_no_module(module, path, modules)}")
    times = sum(run[0] == path for run in seen)
    if not times:
        raise GlassboxError(
            f"layer {name}: the module {path} does not run when {type(module).__name__} predicts\n"
            "  what to do: name a module whose forward is called"
        )
    if (times > 1 and not number) or (number and number not in map(str, range(1, times + 1))):
        raise GlassboxError(
            f"layer {name}: the module {path} runs {times} times for one input\n"
            f"  what to do: say which run, {path}:1 to {path}:{times}"
        )
    return path, int(number or 1)


def _no_module(module: nn.Module, path: str, modules: Collection[str]) -> str:
    """What is wrong with a path that no module has, and the way out."""
    owner, _, last = path.rpartition(".")
    holder = module.get_submodule(owner) if owner in modules else None
    if callable(getattr(holder, last, None)):
        return (
            f"{path} is a function of {type(holder).__name__}, not a module, so it can't be read\n"
            "  what to do: make what it does a torch.nn.Module of its own, or name a module near it"
        )
    near = difflib.get_close_matches(path, modules, 3, 0.3) or [each for each in modules if each]
    return (
        f"{type(module).__name__} has no module {path}\n"
        f"  what to do: name one of its modules, such as {', '.join(near[:10])}; what a function "
        "gives is read by making it a module, torch.relu for instance torch.nn.ReLU"
    )


def _shape(name: str, run: Run, seen: _Seen) -> tuple[int, ...]:
    if not isinstance(seen.output, torch.Tensor) or not seen.output.ndim or len(seen.output) != 1:
        raise GlassboxError(
            f"layer {name}: the module {run[0]} does not give a tensor with a row per example\n"
            "  what to do: name a module that does"
        )
    return tuple(seen.output.shape[1:])


def _run_name(run: Run, seen: Mapping[Run, _Seen]) -> str:
    path, number = run
    return f"{path}:{number}" if (path, 2) in seen else path


def _is_leaf(module: nn.Module, path: str) -> bool:
    part = module.get_submodule(path)
    return path != ROOT and not any(part.children()) and any(True for _ in part.parameters())


def _is_activation(module: nn.Module, path: str) -> bool:
    return type(module.get_submodule(path)).__module__ == ACTIVATIONS
