"""The inputs of the examples that a page shows: on one sheet, and where each lies there."""

from pathlib import Path

import numpy as np
import pandas as pd

from glassbox.maps.pictures import Sheet, sheet_of
from glassbox.tables import Examples, read_examples

MOST = 10_000  # examples of a set that a page shows


def thinned(points: pd.DataFrame) -> pd.DataFrame:
    """Rows evenly spaced, few enough for a page."""
    return points.iloc[:: -(-len(points) // MOST) or 1]


def on_a_sheet(
    files: list[Path], ids: list[np.ndarray], shape: list[int] | None, sheet: Path
) -> tuple[Sheet, list[pd.DataFrame]]:
    """The pictures of some examples of each file, and where they lie: example_id, px and py."""
    shown = [_with_ids(read_examples(path), each) for path, each in zip(files, ids, strict=True)]
    made = sheet_of(np.concatenate([each.values for each in shown]), shape, sheet.name)
    firsts = np.cumsum([0, *(len(each.ids) for each in shown)])
    places = [
        made.places(int(first), len(each.ids)).assign(example_id=each.ids)
        for first, each in zip(firsts, shown, strict=False)
    ]
    return made, places


def _with_ids(examples: Examples, ids: np.ndarray) -> Examples:
    return examples.with_ids([int(each) for each in ids])
