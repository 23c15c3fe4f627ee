"""List results and logs that no job of the study makes any more, and remove them when told so.

    python scripts/study/leftovers.py [--remove] [Snakemake's options about the config]

They are of a model that was renamed, a stage that is gone, or another scale. Nothing is removed
before you have agreed to the list.
"""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from study.archiving.records import TIMESTAMP
from study.arguments import tells_of_itself
from study.deciding.jobs import CannotPlan
from study.targets import everything

KEPT = "the study makes all that lies in results/"
SHOWN = 40


def main(arguments: Sequence[str]) -> int:
    if tells_of_itself(__doc__, arguments):
        return 0
    options = [each for each in arguments if each != "--remove"]
    found = leftovers(everything(options))
    if not found:
        print(KEPT)
        return 0
    for line in told(found):
        print(line)
    if "--remove" not in arguments:
        print("left as they are; --remove asks whether to remove them")
        return 0
    if input(f"Remove these {len(found)} files? [y/N] ").strip().lower() not in ("y", "yes"):
        print("left as they are")
        return 1
    remove(found)
    print(f"removed: {len(found)} files")
    return 0


def leftovers(made: Iterable[str]) -> list[Path]:
    """The files below results/ that are neither among the results made nor in a folder of them."""
    known = set(made)
    files = (path for path in sorted(Path("results").rglob("*")) if path.is_file())
    return [path for path in files if not known & {path.as_posix(), *_folders(path)}]


def told(files: Sequence[Path]) -> list[str]:
    """A line per file with its size, or per folder where they are many; and the sum."""
    sizes = {path: path.stat().st_size for path in files}
    groups: dict[Path, list[int]] = {}
    for path, size in sizes.items():
        shown = path if len(files) <= SHOWN else Path(*path.parts[:4])
        groups.setdefault(shown, []).append(size)
    lines = [f"{_size(sum(each)):>10}  {path}" for path, each in groups.items()]
    return [*lines, f"{_size(sum(sizes.values())):>10}  in {len(files)} files that nothing makes"]


def remove(files: Iterable[Path]) -> None:
    """Remove files, and the folders that are empty then."""
    for path in files:
        path.unlink()
        for folder in path.parents:
            rest = list(folder.iterdir())
            if folder == Path("results") or {each.name for each in rest} - {TIMESTAMP}:
                break
            for each in rest:
                each.unlink()
            folder.rmdir()


def _folders(path: Path) -> set[str]:
    return {folder.as_posix() for folder in path.parents}


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count} B"


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except CannotPlan as refused:
        sys.exit(str(refused) or 1)
