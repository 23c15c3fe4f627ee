"""Unpacking of an archive into a new folder, whole or not at all."""

import os
import shutil
from pathlib import Path

from glassbox.errors import GlassboxError
from glassbox.files import whole
from study.fixity import BLOCK, entries


def unpack(archive: Path, folder: Path) -> Path:
    """Write the files of an archive below `folder`, which must not exist, and return it.

    The archive's own top folder is left out. Time stamps are the archive's: all the same, so that
    Snakemake finds nothing newer than what was made from it.

    Raises study.fixity.Refused, naming the entry, for an archive that isn't safe (see
    study.fixity.entries), and GlassboxError where there is no room for it.
    """
    if folder.exists():
        raise GlassboxError(f"{folder} is there already: name a folder that isn't")
    folder.parent.mkdir(parents=True, exist_ok=True)
    room = shutil.disk_usage(folder.parent).free
    if archive.stat().st_size > room:
        raise GlassboxError(f"{archive}: {folder.parent} has only {room} bytes left")
    with whole(folder) as part:
        part.mkdir()
        for name, entry, content in entries(archive):
            path = part / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                shutil.copyfileobj(content, file, BLOCK)
            path.chmod(0o755 if entry.mode & 0o100 else 0o644)
            os.utime(path, (entry.mtime, entry.mtime))
    return folder
