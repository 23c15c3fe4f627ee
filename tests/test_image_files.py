"""Image files are what a viewer shows, or are refused with file, row, found and wanted."""

import gzip
import io
import re
import struct

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from glassbox.datasets.decoding import decode
from glassbox.datasets.hub import read_hub_images
from glassbox.datasets.idx import read_idx_images
from glassbox.errors import GlassboxError

RNG = np.random.default_rng(5)
GREY = RNG.integers(256, size=(6, 4), dtype=np.uint8)
COLOUR = RNG.integers(256, size=(6, 4, 3), dtype=np.uint8)
OPAQUE = np.full((6, 4), 255, np.uint8)


def encoded(image, kind="png", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def of(array, mode=None):
    return Image.fromarray(array) if mode is None else Image.fromarray(array).convert(mode)


def inverted_palette():
    """Indices that stand for grey values in the reverse order."""
    image = Image.fromarray(255 - GREY, "P")
    image.putpalette([value for grey in range(255, -1, -1) for value in (grey, grey, grey)])
    return image


def turned():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    return encoded(of(np.rot90(GREY)), exif=exif)


SHOWN = {
    "grey": (encoded(of(GREY)), GREY / 255),
    "colour": (encoded(of(COLOUR)), COLOUR / 255),
    "one bit": (encoded(of(GREY > 99)), (GREY > 99).astype(float)),
    "inverted palette": (encoded(inverted_palette()), GREY / 255),
    "palette of colours": (encoded(of(COLOUR).quantize(24)), COLOUR / 255),
    "16 bit": (encoded(of(GREY.astype(np.uint16) * 257)), GREY / 255),
    "opaque": (encoded(of(np.dstack([COLOUR, OPAQUE]))), COLOUR / 255),
    "grey and opaque": (encoded(of(np.dstack([GREY, OPAQUE]), None)), GREY / 255),
    "grey in three channels": (encoded(of(np.dstack([GREY] * 3))), GREY / 255),
    "turned": (turned(), GREY / 255),
}


@pytest.mark.parametrize("name", SHOWN)
def test_every_mode_decodes_to_what_a_viewer_shows(name):
    content, wanted = SHOWN[name]
    found, _ = decode(content, wanted.shape)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_a_colour_file_of_grey_is_colour_where_that_is_wanted():
    equal = np.dstack([GREY] * 3)
    found, grey = decode(encoded(of(equal)), (6, 4, 3))
    assert not grey
    np.testing.assert_array_equal(found, equal / np.float32(255))


def test_grey_is_three_equal_channels_where_colour_is_wanted():
    found, grey = decode(encoded(of(GREY)), (6, 4, 3))
    assert grey and not decode(encoded(of(COLOUR)), (6, 4, 3))[1]
    np.testing.assert_array_equal(found, np.dstack([GREY] * 3) / np.float32(255))


REFUSED = {
    "ink": (encoded(of(COLOUR, "CMYK"), "tiff"), "found mode CMYK, wanted one of 1, L"),
    "real numbers": (encoded(of(GREY, "F"), "tiff"), "found mode F, wanted one of 1, L"),
    "transparent": (
        encoded(of(np.dstack([COLOUR, OPAQUE - 1]))),
        "found transparent pixels, whose background is not known",
    ),
    "a transparent colour": (
        encoded(of(COLOUR), transparency=tuple(map(int, COLOUR[0, 0]))),
        "found transparent pixels",
    ),
    "cut": (encoded(of(COLOUR))[:-40], "found no whole image ("),
    "text": (b"no image", "found no whole image ("),
    "grey and larger": (
        encoded(of(GREY.repeat(2, 0))),
        "found 12 x 4 pixels, grey, wanted 6 x 4 pixels, colour",
    ),
    "empty": (b"", "found no whole image ("),
    "larger": (encoded(of(COLOUR.repeat(2, 0))), "found 12 x 4 pixels, colour, w"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_one_reading_is_refused(name):
    content, said = REFUSED[name]
    with pytest.raises(GlassboxError, match=re.escape(said)):
        decode(content, (6, 4, 3))


def test_colour_is_no_grey():
    with pytest.raises(
        GlassboxError, match="found 6 x 4 pixels, colour, wanted 6 x 4 pixels, grey"
    ):
        decode(encoded(of(COLOUR)), (6, 4))


# Files of the hub

IMAGE = encoded(of(GREY))


def hub(path, cells, labels, name="label"):
    pq.write_table(pa.table({"image": cells, name: labels}), path)
    return [path]


def test_files_of_bytes_with_another_column_of_labels_are_read(tmp_path):
    path = hub(tmp_path / "a", [IMAGE, IMAGE], [7, 3], "fine_label")
    found, labels = read_hub_images(path, [6, 4], "fine_label")
    np.testing.assert_array_equal(found[1], GREY / np.float32(255))
    assert labels.tolist() == [7, 3]


def test_grey_among_colours_is_read_and_grey_alone_refused(tmp_path):
    mixed = hub(tmp_path / "mixed", [IMAGE, encoded(of(COLOUR))], [0, 1])
    assert read_hub_images(mixed, [6, 4, 3])[0].shape == (2, 6, 4, 3)
    with pytest.raises(GlassboxError, match="grey: all images are grey, where the shape says col"):
        read_hub_images(hub(tmp_path / "grey", [IMAGE], [0]), [6, 4, 3])


def struct_of(content, path="a.png"):
    return {"bytes": content, "path": path}


BAD = {
    "a null": ([IMAGE, None], [0, 1], "row 1: found nothing, wanted the bytes of an image"),
    "a path": (
        [struct_of(IMAGE), struct_of(None)],
        [0, 1],
        "row 1: found the path a.png alone, wanted the image's bytes",
    ),
    "a cut image": ([IMAGE, IMAGE[:-30]], [0, 1], "row 1: found no whole image ("),
    "another size": (
        [IMAGE, encoded(of(GREY[:3]))],
        [0, 1],
        "row 1: found 3 x 4 pixels, grey, wanted 6 x 4 pixels, grey",
    ),
    "numbers": ([[1, 2], [3, 4]], [0, 1], "row 0: found a value of type list<"),
    "words as labels": ([IMAGE], ["cat"], "column label: found string, wanted whole numbers from"),
    "half a label": ([IMAGE], [0.5], "column label: found double, wanted whole numbers from 0 on"),
    "no label": ([IMAGE, IMAGE], [0, None], "row 1: found no label, wanted a whole number"),
}


@pytest.mark.parametrize("name", BAD)
def test_files_that_hold_something_else_are_refused_with_the_row(tmp_path, name):
    cells, labels, said = BAD[name]
    path = hub(tmp_path / "a.parquet", cells, labels)
    with pytest.raises(GlassboxError) as refused:
        read_hub_images(path, [6, 4])
    assert str(path[0]) in str(refused.value) and said in str(refused.value)


def test_a_file_that_is_no_parquet_is_refused(tmp_path):
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(GlassboxError, match="a: found no Parquet file"):
        read_hub_images([tmp_path / "a"], [6, 4])


# idx files


def idx(path, array, cut=0):
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    content = header + array.tobytes()
    path.write_bytes(gzip.compress(content[: len(content) - cut]))
    return path


@pytest.fixture
def files(tmp_path):
    pixels = np.zeros((5, 3, 3), np.uint8)
    return idx(tmp_path / "images.gz", pixels), idx(tmp_path / "labels.gz", pixels[:, 0, 0])


def test_labels_of_other_images_are_refused(files):
    idx(files[1], np.zeros(3, np.uint8))
    with pytest.raises(
        GlassboxError, match=r"labels\.gz: found 3 labels, wanted one for each of 5"
    ):
        read_idx_images(*files, 3)


def test_images_of_another_size_are_refused(files):
    with pytest.raises(
        GlassboxError, match=r"images\.gz: found an array of 5 x 3 x 3, wanted n x 4"
    ):
        read_idx_images(*files, 4)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "found no idx file of unsigned bytes (0 bytes)"),
        (b"\0\0\x08\x03plain", "found no whole gzip file ("),
        # Without a time, so that tests have the same names in every process.
        (gzip.compress(b"\0\0\x08\x03" * 9, mtime=0)[:-9], "found no whole gzip file ("),
        (gzip.compress(b"\0\0\x08", mtime=0), "found no idx file of unsigned bytes (3 bytes)"),
        (
            gzip.compress(b"\0\0\x08\x03\0\0\0\x01", mtime=0),
            "found 8 bytes, its header says 16",
        ),
    ],
)
def test_a_file_that_is_no_whole_idx_file_is_refused(files, content, said):
    files[0].write_bytes(content)
    with pytest.raises(GlassboxError, match=re.escape(f"images.gz: {said}")):
        read_idx_images(*files, 3)


def test_a_file_that_is_too_short_is_refused(files):
    idx(files[0], np.zeros((5, 3, 3), np.uint8), cut=4)
    with pytest.raises(GlassboxError, match="found 57 bytes, its header says 61"):
        read_idx_images(*files, 3)
