"""The files of the library that draws the maps, as they lie beside the pages."""

import shutil
from importlib.resources import files
from pathlib import Path

from glassbox.files import whole

FILES = ("bokeh.min.js", "bokeh-widgets.min.js", "bokeh-tables.min.js")


def copy_file(path: Path) -> None:
    """Copy the file of this name from the installed library."""
    found = files("bokeh") / "server" / "static" / "js" / path.name
    with whole(path) as part, found.open("rb") as source, open(part, "wb") as copy:
        shutil.copyfileobj(source, copy)
