"""What every program of the workflow shares: its arguments' form, its log, its errors."""

from __future__ import annotations

import argparse
import gc
import json
import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from threadpoolctl import threadpool_limits
from tqdm import tqdm

from glassbox.errors import GlassboxError
from study.record import Main, paths_of, program_name, recorded

if TYPE_CHECKING:
    import torch

PROGRAMS = Path(__file__).with_name("writing") / "programs.json"
NOTHING = {"keys": {}, "sometimes": [], "options": {}, "example": "none is known"}
METHOD = "the name of the model or detector, for the column method"
SET = "dataset/split, for the column set"


class Slice(dict):
    """A slice of the config, or an object in it, whose missing keys are named.

    Not by __missing__, which pandas would ask for a default.
    """

    def __getitem__(self, key: str) -> Any:
        if key not in self:
            raise GlassboxError(
                f"--config has no '{key}' where it has {', '.join(self) or 'nothing'}; "
                "--help says which keys it takes"
            )
        return super().__getitem__(key)


class Program(argparse.ArgumentParser):
    """A parser for a program that takes its config slice as JSON and its files by name."""

    def __init__(self, description: str) -> None:
        form = argparse.RawDescriptionHelpFormatter
        super().__init__(description=description, formatter_class=form)
        self.roles: dict[str, list[str]] = {"inputs": [], "outputs": []}
        self.is_shared = False
        self.reads_dumps = False
        self.read = self.add_argument_group("what is read")
        self.written = self.add_argument_group("what is written")
        self.about_the_run = self.add_argument_group("about the run")
        said = "config slice, as JSON; - for what comes in on standard input"
        self.add_argument("--config", type=_config, default=Slice(), metavar="JSON", help=said)
        add = self.about_the_run.add_argument
        add("--record", type=Path, help="where to write what was done")
        add("--command", help="a digest of the command that runs this, to record")
        add("--adopt", help="what tells that the outputs are there; only their record is written")

    def format_help(self) -> str:
        """The help, with what the workflow tells and has the program read."""
        explained(self, known(program_name(sys.argv[0])))
        return super().format_help()

    def inputs(
        self, *names: str, many: tuple[str, ...] = (), optional: tuple[str, ...] = ()
    ) -> Program:
        """Add an option per name of what is read.

        One file each; several for those in `many`; any number, also none, for those in `optional`.
        """
        add = partial(self.read.add_argument, type=Path)
        for name in names:
            add(f"--{name}", required=True, metavar="FILE")
        for name in many:
            add(f"--{name}", nargs="+", required=True, metavar="FILE")
        for name in optional:
            add(f"--{name}", nargs="*", default=[], metavar="FILE")
        self.roles["inputs"] += [*names, *many, *optional]
        return self

    def tables(self) -> Program:
        """Add the option --table <name> <file> ..., once per table that there is."""
        self.read.add_argument(
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
        add = partial(self.written.add_argument, type=Path, required=True, metavar="FILE")
        for name in names:
            add(f"--{name}")
        for name in many:
            add(f"--{name}", nargs="+")
        self.roles["outputs"] += [*names, *many]
        return self

    def shared(self) -> Program:
        """Let what this program makes be taken from the cache that GLASSBOX_CACHE names."""
        self.is_shared = True
        return self

    def replicates(self) -> Program:
        """Add the option that names the replicates of a block."""
        add, said = self.add_argument, "the replicates of the block, by their numbers from 0"
        add("--replicates", type=int, nargs="+", required=True, metavar="N", help=said)
        return self

    def device(self, choose: Callable[[str, int], torch.device]) -> Program:
        """Add the options of a program that runs networks; `choose` gives the device for them.

        The program names what chooses, since that shapes what comes out and counts as its code.
        """
        add = self.about_the_run.add_argument
        said = "what networks run on; auto: a GPU where there is one"
        add("--device", choices=["auto", "cpu", "cuda"], default="auto", help=said)
        add("--threads", type=int, default=1, help="of the CPU (1)")
        self.choose_device = choose
        return self

    def resumed(self) -> Program:
        """Add the options of one that goes on from its last state after it was ended."""
        add = self.about_the_run.add_argument
        said = "folder for its state while it is at work; left out, none is kept"
        add("--unfinished", type=Path, help=said)
        add("--save-every", type=float, default=300, help="seconds between two states (300)")
        return self

    def of_model(self, choose: Callable[[str, int], torch.device]) -> Program:
        """Add the options of a program about a model's replicates by themselves."""
        self.add_argument("--method", required=True, help=METHOD)
        return self.weights(choose).replicates()

    def weights(self, choose: Callable[[str, int], torch.device]) -> Program:
        """Add the options that say which model, and of which epoch; None: what training kept."""
        said = "which kind of network it is; left out, the code of all kinds counts"
        self.add_argument("--kind", help=said)
        self.add_argument("--checkpoint", type=int, help="an epoch, in place of the end")
        return self.inputs("model", "weights").device(choose)

    def on_set(self, choose: Callable[[str, int], torch.device]) -> Program:
        """Add those of one that shows a model's replicates a set of examples."""
        self.add_argument("--set", required=True, help=SET)
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
        self.add_argument("--method", required=True, help=METHOD)
        self.add_argument("--set", required=True, help=SET)
        return self


def known(name: str) -> dict:
    """What study.writing.programs found of a program, <stage>/<name>: see `described` there."""
    return json.loads(PROGRAMS.read_text(encoding="utf-8")).get(name, NOTHING)


def explained(program: argparse.ArgumentParser, found: dict) -> None:
    """Add to a program's help what its files are, which keys its config has, and an example."""
    for action in program._actions:
        if not action.help:
            several = {"+": "; several files", "*": "; several files, or none"}
            what = found["options"].get(action.option_strings[0], "a file")
            action.help = f"{what}{several.get(action.nargs, '')}"
    width = max(map(len, found["keys"]), default=0)
    keys = [
        f"  {key:<{width}}  {said}{' (not always)' if key in found['sometimes'] else ''}"
        for key, said in found["keys"].items()
    ]
    lines = ["keys of --config:", *keys] if keys else ["--config takes no keys."]
    lines += ["", "an example, from the study's folder with PYTHONPATH=scripts:"]
    lines += [f"  {found['example']}", "", "docs/results.md says which columns tables have."]
    program.epilog = "\n".join(lines)


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
    try:
        found = json.loads(sys.stdin.read() if text == "-" else text, object_hook=Slice)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"this is no JSON: {error}") from None
    if not isinstance(found, dict):
        raise argparse.ArgumentTypeError("this is no JSON object, {...}")
    return found


def run(main: Main, program: Program) -> None:
    """Run a program, and record what it did.

    What it makes with networks it makes on `arguments.device()`, which is chosen at once, or by one
    that reads dumps when it asks for it. An expected error ends it with its message and without a
    traceback.
    """
    gc.freeze()  # what is imported stays until the end: cycles in it are not looked for
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    about = ""
    try:
        arguments = program.parse_args()
        about = _about(arguments)
        threadpool_limits(limits=vars(arguments).get("threads", 1))
        if "device" in arguments:
            given = arguments.device, arguments.threads
            arguments.device = cache(partial(program.choose_device, *given))
            if not program.reads_dumps:
                arguments.device()
        if not arguments.adopt:
            refuse_absent(arguments, program.roles["inputs"])
        name = program_name(sys.argv[0])
        try:
            recorded(main, name, arguments, program.roles, program.is_shared)
        except TypeError as error:
            raise refused(error, arguments.config, known(name)["keys"]) or error from None
    except GlassboxError as error:
        sys.exit(f"error: {about}{error}")
    finally:
        gc.freeze()  # nor at exit, where torch's and pandas' take longer than many a job's work


def _about(arguments: argparse.Namespace) -> str:
    """What model and set a job is about, to stand before what went wrong; empty for other jobs."""
    method, shown = (vars(arguments).get(each) for each in ("method", "set"))
    if not method:
        return ""
    return f"{method} on {shown}: " if shown else f"{method}: "


def refuse_absent(arguments: argparse.Namespace, roles: Iterable[str]) -> None:
    """Raise GlassboxError for the first file or folder to be read that is not there."""
    for role in roles:
        for path in paths_of(arguments, role):
            if not path.exists():
                raise GlassboxError(f"--{role}: there is no {path}")


def refused(error: TypeError, config: Mapping, keys: Iterable[str]) -> GlassboxError | None:
    """What is wrong with a slice that was given as arguments, f(**config); None if that is not it.

    keys: which the program is known to take.
    """
    names = set(re.findall(r"'(\w+)'", str(error)))
    if " missing " in str(error) and (lacking := sorted(names & set(keys) - set(config))):
        return GlassboxError(f"--config has no {', '.join(lacking)}; --help says what it takes")
    if " unexpected keyword " in str(error) and (unknown := sorted(names & set(config))):
        takes = ", ".join(keys) or "none"
        return GlassboxError(f"--config has the key {unknown[0]}, and takes: {takes}")
    return None


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
