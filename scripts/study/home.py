"""A place for the caches of Snakemake and others where there is no home to write to."""

import os
from pathlib import Path

CACHE = Path(".snakemake/cache")


def need_no_home() -> None:
    """Have caches lie beside the study where the user's own folder for them can't be written.

    So it is in containers that run under the number of a user whom they don't know.
    """
    try:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        cache.mkdir(parents=True, exist_ok=True)
        is_writable = os.access(cache, os.W_OK)
    except (OSError, RuntimeError):  # no such folder to be made, or no home at all
        is_writable = False
    if not is_writable:
        os.environ["XDG_CACHE_HOME"] = str(CACHE.absolute())
