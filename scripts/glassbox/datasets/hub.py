"""Image sets as Parquet in the layout of the Hugging Face hub."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from glassbox.datasets.decoding import decode
from glassbox.errors import GlassboxError

IMAGE_COLUMNS = ("image", "img")


def read_hub_images(
    paths: Sequence[Path], shape: Sequence[int], label: str = "label"
) -> tuple[np.ndarray, np.ndarray]:
    """Images (n, *shape) float32 in [0, 1] and labels (n,) int64 of some files, in their order.

    Each file has a column `image` or `img`, of {bytes, path} or of bytes, and one of whole numbers.
    shape: see `decode`. label: the name of the column of labels. Raises GlassboxError with file,
    row, what was found and what is wanted; also where all images are grey and colour is wanted.
    """
    tables = [_table(path, label) for path in paths]
    images = np.empty((sum(table.num_rows for table in tables), *shape), np.float32)
    place, all_grey = 0, True
    for path, table in zip(paths, tables, strict=True):
        for row, cell in enumerate(table[0]):
            try:
                images[place], grey = decode(_content(cell), shape)
            except GlassboxError as error:
                raise GlassboxError(f"{path}, row {row}: {error}") from error
            place, all_grey = place + 1, all_grey and grey
    if len(shape) == 3 and all_grey:
        raise GlassboxError(f"{paths[0]}: all images are grey, where the shape says colour")
    return images, np.concatenate([table[1].to_numpy() for table in tables]).astype(np.int64)


def _table(path: Path, label: str) -> pa.Table:
    """The images and labels of a file; the latter are whole numbers, and none is null."""
    try:
        names = pq.read_schema(path).names
    except (pa.ArrowInvalid, OSError) as error:
        raise GlassboxError(f"{path}: found no Parquet file ({error})") from error
    column = next((name for name in IMAGE_COLUMNS if name in names), None)
    if column is None or label not in names:
        raise GlassboxError(
            f"{path}: wanted columns image (or img) and {label}, found {', '.join(names)}\n"
            "  what to do: name the column of labels by the data set's key label"
        )
    table = pq.read_table(path, columns=[column, label])
    kind = table[label].type
    if not pa.types.is_integer(kind):
        raise GlassboxError(f"{path}, column {label}: found {kind}, wanted whole numbers from 0 on")
    if table[label].null_count:
        row = table[label].is_null().to_pylist().index(True)
        raise GlassboxError(f"{path}, row {row}: found no {label}, wanted a whole number")
    return table


def _content(cell: pa.Scalar) -> bytes:
    """The bytes of an image file in a cell."""
    found = cell.as_py()
    content = found.get("bytes") if isinstance(found, dict) else found
    if isinstance(content, bytes):
        return content
    if isinstance(found, dict) and found.get("path"):
        raise GlassboxError(f"found the path {found['path']} alone, wanted the image's bytes")
    told = "nothing" if content is None else f"a value of type {cell.type}"
    raise GlassboxError(f"found {told}, wanted the bytes of an image")
