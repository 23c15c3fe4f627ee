"""The record of a job: what it was given, what it made, with which code, on what, and when."""

import json
import logging
import platform
import re
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import distribution, version
from pathlib import Path

from threadpoolctl import threadpool_info

from glassbox.digests import file_sha256, write_json
from glassbox.errors import GlassboxError
from study.archiving.records import files_of
from study.cache import Cache, key_of
from study.deciding import fingerprint
from study.deciding.fingerprint import digest_of_file
from study.deciding.told import ABOUT_THE_RUN, CHOSEN_FROM, chosen, files_named

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "envs/requirements.txt"
# With another number of threads sums may come out otherwise, so that the cache asks for it.
NOT_IDENTIFYING = {option.replace("-", "_") for option in ABOUT_THE_RUN} - {"threads"}
PIN = re.compile(r"^([\w.-]+)==", re.MULTILINE)
VERSION = re.compile(r"^Version: (.+)$", re.MULTILINE)

Main = Callable[[Namespace], dict[str, str] | None]


def recorded(
    main: Main, program: str, arguments: Namespace, roles: dict[str, list[str]], shared: bool
) -> None:
    """Run `main`, or take what it would make from the cache, and write the job's record.

    roles: the names of the arguments that are "inputs" and "outputs"; shared: whether the cache may
    be asked. `main` may return the SHA-256 of files that it read besides, by name. Nothing is
    recorded where no `record` is asked for, and nothing is made where there is something to adopt.
    """
    started = _now()
    kept = Cache.of_environment() if shared and not arguments.adopt else None
    if kept and "device" in arguments:
        arguments.device()  # what is kept is of one device
    identity = identify(program, arguments, roles)
    arguments.identity = key_of(identity)
    outputs = {
        f"{role} {place}" if place else role: path
        for role in roles["outputs"]
        for place, path in enumerate(paths_of(arguments, role))
    }
    found = kept.restore(identity, outputs) if kept else None
    if found:
        logging.info("taken from the cache: %s", found)
    loaded = set(sys.modules)
    further = {} if found or arguments.adopt else main(arguments) or {}
    _refuse_uncounted(identity["code"], sys.modules.keys() - loaded)
    if kept and not found:
        kept.store(identity, outputs)
    if arguments.record:
        identity["inputs"] |= further
        how = {
            "device": _device(arguments),  # which may have been chosen on the way
            "started": started,
            "finished": _now(),
            "from_cache": found,
            "adopted": arguments.adopt,
            "instructions": [] if arguments.adopt else instructions(),
            "command": arguments.command,
            "arguments": _told(identity),
            "files": {path: digest_of_file(Path(path)) for path in files_named(sys.argv[1:])},
        }
        write_json(arguments.record, {**identity, **how, "outputs": digests(outputs.values())})


def program_name(path: str) -> str:
    """A program's stage and name, "analyses/deviations", from where it lies below scripts/."""
    return Path(path).resolve().relative_to(ROOT / "scripts").with_suffix("").as_posix()


def identify(program: str, arguments: Namespace, roles: dict[str, list[str]]) -> dict:
    """All that can decide what a job makes: what its program is told, reads, runs and runs on."""
    apart = {*NOT_IDENTIFYING, "config", *roles["inputs"], *roles["outputs"]}
    options = {name: value for name, value in vars(arguments).items() if name not in apart}
    code = fingerprint.of_program(program, ROOT, _modules(arguments))
    read = [path for role in roles["inputs"] for path in paths_of(arguments, role)]
    return {
        "program": program,
        "config": deepcopy(arguments.config),
        "options": options,
        "seed": arguments.config.get("seed"),
        "code": code.definitions,
        "fingerprint": code.fingerprint,
        "inputs": digests(read),
        "roles": {role: list(map(str, paths_of(arguments, role))) for role in roles["inputs"]},
        "environment": environment(),
        "device": _device(arguments),
    }


def digests(paths: Iterable[Path]) -> dict[str, str]:
    """SHA-256 of files by path; a folder counts file by file."""
    return {file.as_posix(): file_sha256(file) for file in files_of(paths)}


@cache
def environment() -> dict:
    """Versions of Python and of every pinned package, and the kind of system."""
    pinned = PIN.findall(REQUIREMENTS.read_text())
    return {
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "packages": {name: _version(name) for name in pinned},
    }


def _version(name: str) -> str:
    """The version of an installed package, without reading all that it says of itself."""
    said = distribution(name).read_text("METADATA") or ""
    found = VERSION.search(said.partition("\n\n")[0])
    return found[1] if found else version(name)


def instructions() -> list[str]:
    """The sets of instructions that the libraries which this process loaded have chosen."""
    chosen = [each for each in threadpool_info() if each.get("architecture")]
    found = {f"{each['internal_api']} {each['architecture']}" for each in chosen}
    if "torch" in sys.modules:
        found.add(f"torch {sys.modules['torch'].backends.cpu.get_cpu_capability()}")
    return sorted(found)


def _modules(arguments: Namespace) -> tuple[str, ...]:
    """The modules that the arguments tell to choose."""
    kind = vars(arguments).get("kind")
    return chosen(arguments.config, [kind] if kind else [])


def _refuse_uncounted(code: Mapping[str, str], loaded: Iterable[str]) -> None:
    """Raise GlassboxError where a module was chosen that the job was not told of."""
    for module in loaded:
        counts = any(name.startswith(f"{module}.") for name in code)
        if module.startswith(f"{CHOSEN_FROM}.") and not counts:
            raise GlassboxError(
                f"the code of {module} ran, which this job's fingerprint leaves out\n"
                "  what to do: give --kind the kind that the model's model.json tells"
            )


def _device(arguments: Namespace) -> str | None:
    """What its networks ran on; None where none ran, and for what is adopted."""
    if "device" not in arguments or arguments.adopt or not arguments.device.cache_info().currsize:
        return None
    from glassbox.devices import describe_device

    return describe_device(arguments.device())


def paths_of(arguments: Namespace, role: str) -> list[Path]:
    """The files that are given for a role, by whatever kind of option."""
    value = getattr(arguments, role)
    if isinstance(value, dict):
        return [path for paths in value.values() for path in paths]
    return value if isinstance(value, list) else [value]


def _told(identity: dict) -> list[str]:
    """The arguments as given, with the slice itself where it came on standard input."""
    slice_ = json.dumps(identity["config"], sort_keys=True, separators=(",", ":"))
    return [slice_ if argument == "-" else argument for argument in sys.argv[1:]]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
