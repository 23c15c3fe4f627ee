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
    """The pictures of some examples of each file, and where they lie: example_id, px and py.

    shape: of the images, None for signals; grey ones among images of colour are shown as they are.
    """
    shown = [_with_ids(read_examples(path), each) for path, each in zip(files, ids, strict=True)]
    values = [_in_colour(each.values, shape) for each in shown]
    made = sheet_of(np.concatenate(values), shape, sheet.name)
    firsts = np.cumsum([0, *(len(each.ids) for each in shown)])
    places = [
        made.places(int(first), len(each.ids)).assign(example_id=each.ids)
        for first, each in zip(firsts, shown, strict=False)
    ]
    return made, places


def _in_colour(values: np.ndarray, shape: list[int] | None) -> np.ndarray:
    is_grey = shape is not None and values.shape[1] < np.prod(shape)
    return np.repeat(values, shape[2], axis=1) if is_grey else values


def _with_ids(examples: Examples, ids: np.ndarray) -> Examples:
    return examples.with_ids([int(each) for each in ids])
