"""What every program of the workflow shares: its arguments' form, its log, its errors."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits
from tqdm import tqdm

from glassbox.errors import GlassboxError
from study.record import Main, program_name, recorded

if TYPE_CHECKING:
    import torch


class Program(argparse.ArgumentParser):
    """A parser for a program that takes its config slice as JSON and its files by name."""

    def __init__(self, description: str) -> None:
        super().__init__(description=description)
        self.roles: dict[str, list[str]] = {"inputs": [], "outputs": []}
        self.is_shared = False
        self.reads_dumps = False
        said = "config slice, as JSON; - for what comes in on standard input"
        self.add_argument("--config", type=_config, default={}, help=said)
        self.add_argument("--record", type=Path, help="where to write what was done")
        self.add_argument("--command", help="a digest of the command that runs this, to record")
        said = "what tells that the outputs are there; only their record is written"
        self.add_argument("--adopt", help=said)

    def inputs(
        self, *names: str, many: tuple[str, ...] = (), optional: tuple[str, ...] = ()
    ) -> Program:
        """Add an option per name of what is read.

        One file each; several for those in `many`; any number, also none, for those in `optional`.
        """
        for name in names:
            self.add_argument(f"--{name}", type=Path, required=True)
        for name in many:
            self.add_argument(f"--{name}", type=Path, nargs="+", required=True)
        for name in optional:
            self.add_argument(f"--{name}", type=Path, nargs="*", default=[])
        self.roles["inputs"] += [*names, *many, *optional]
        return self

    def tables(self) -> Program:
        """Add the option --table <name> <file> ..., once per table that there is."""
        self.add_argument(
            "--table",
            action=_ByName,
            nargs="+",
            default={},
            metavar=("NAME", "FILE"),
            help="a table's name, and the files that hold it together",
        )
        self.roles["inputs"].append("table")
        return self

    def outputs(self, *names: str, many: tuple[str, ...] = ()) -> Program:
        """Add a required option per name of a file or folder that is made; several in `many`."""
        for name in names:
            self.add_argument(f"--{name}", type=Path, required=True)
        for name in many:
            self.add_argument(f"--{name}", type=Path, nargs="+", required=True)
        self.roles["outputs"] += [*names, *many]
        return self

    def shared(self) -> Program:
        """Let what this program makes be taken from the cache that GLASSBOX_CACHE names."""
        self.is_shared = True
        return self

    def replicates(self) -> Program:
        """Add the option that names the replicates of a block."""
        self.add_argument("--replicates", type=int, nargs="+", required=True)
        return self

    def device(self, choose: Callable[[str, int], torch.device]) -> Program:
        """Add the options of a program that runs networks; `choose` gives the device for them.

        The program names what chooses, since that shapes what comes out and counts as its code.
        """
        self.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto")
        self.add_argument("--threads", type=int, default=1)
        self.choose_device = choose
        return self

    def resumed(self) -> Program:
        """Add the options of one that goes on from its last state after it was ended."""
        said = "folder for its state while it is at work; left out, none is kept"
        self.add_argument("--unfinished", type=Path, help=said)
        said = "seconds between two states"
        self.add_argument("--save-every", type=float, default=300, help=said)
        return self

    def of_model(self, choose: Callable[[str, int], torch.device]) -> Program:
        """Add the options of a program about a model's replicates by themselves."""
        self.add_argument("--method", required=True)
        return self.weights(choose).replicates()

    def weights(self, choose: Callable[[str, int], torch.device]) -> Program:
        """Add the options that say which model, and of which epoch; None: what training kept."""
        said = "which kind of network it is; left out, the code of all kinds counts"
        self.add_argument("--kind", help=said)
        self.add_argument("--checkpoint", type=int, help="an epoch, in place of the end")
        return self.inputs("model", "weights").device(choose)

    def on_set(self, choose: Callable[[str, int], torch.device]) -> Program:
        """Add those of one that shows a model's replicates a set of examples."""
        self.add_argument("--set", required=True, help="dataset/split")
        return self.of_model(choose).inputs(many=("examples",))

    def activations(self, choose: Callable[[str, int], torch.device]) -> Program:
        """Add those of one that reads what their layers make of the examples, mostly from dumps."""
        self.reads_dumps = True
        return self.on_set(choose).inputs("activations")

    def fitted(self) -> Program:
        """Add those of what is fitted on a model's training examples."""
        return self.inputs("training_activations", many=("training",))

    def identity(self) -> Program:
        """Add the options that say which method and set a table is about, and its replicates."""
        self.replicates()
        self.add_argument("--method", required=True)
        self.add_argument("--set", required=True, help="dataset/split")
        return self


class _ByName(argparse.Action):
    """Collects an option that is given once per name as a dict of the files by name."""

    def __call__(self, parser, namespace, values, option_string=None) -> None:
        name, *files = values
        known = getattr(namespace, self.dest)
        if not files or name in known:
            what = "is there twice" if name in known else "comes without a file"
            parser.error(f"{option_string} {name} {what}")
        setattr(namespace, self.dest, {**known, name: [Path(file) for file in files]})


def _config(text: str) -> dict:
    """The slice; one longer than the system allows an argument to be comes on standard input."""
    return json.loads(sys.stdin.read() if text == "-" else text)


def run(main: Main, program: Program) -> None:
    """Run a program, and record what it did.

    What it makes with networks it makes on `arguments.device()`, which is chosen at once, or by one
    that reads dumps when it asks for it. An expected error ends it with its message and without a
    traceback.
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    try:
        arguments = program.parse_args()
        threadpool_limits(limits=vars(arguments).get("threads", 1))
        if "device" in arguments:
            given = arguments.device, arguments.threads
            arguments.device = cache(partial(program.choose_device, *given))
            if not program.reads_dumps:
                arguments.device()
        recorded(main, program_name(sys.argv[0]), arguments, program.roles, program.is_shared)
    except GlassboxError as error:
        sys.exit(f"error: {error}")


def progress(steps: Iterable[int]) -> Iterator[int]:
    """A progress bar on standard error: live on a terminal, one line a while in a log file."""
    if sys.stderr.isatty():
        return iter(tqdm(steps))
    return iter(tqdm(steps, file=_Lines(), mininterval=15, ascii=True, ncols=80))


class _Lines:
    """Turns the bar's carriage returns into lines."""

    def write(self, text: str) -> None:
        if text.strip():
            sys.stderr.write(text.strip() + "\n")

    def flush(self) -> None:
        sys.stderr.flush()
