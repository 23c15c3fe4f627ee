"""Figures in the report are smaller than in results/figures, and show the same."""

import base64
import io
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from glassbox.figures import style
from glassbox.report.svg import compact

SPACED = "{http://www.w3.org/2000/svg}"
PICTURES = re.compile(r"data:image/\w+;base64,\s*([^\"]*)")
NUMBER = re.compile(r"[A-Za-z]|-?[\d.]+")


@pytest.fixture(scope="module")
def figure(tmp_path_factory) -> str:
    """One with letters, a line, dots as a picture that is transparent in between, and values."""
    rng = np.random.default_rng(0)
    made = Figure()
    left, right = made.subplots(1, 2)
    left.plot(rng.normal(size=200), label="a <line> & more")
    left.scatter(rng.normal(size=300), rng.normal(size=300), alpha=0.5, rasterized=True)
    left.set_title("two  words")
    left.legend()
    right.imshow(rng.random((20, 30)), interpolation="none")
    path = tmp_path_factory.mktemp("figure") / "figure.svg"
    style.save(made, Path(path))
    return path.read_text(encoding="utf-8")


def pixels(svg: str) -> list[np.ndarray]:
    found = (Image.open(io.BytesIO(base64.b64decode(each))) for each in PICTURES.findall(svg))
    return [np.asarray(each.convert("RGBA")) for each in found]


def drawn(svg: str) -> list[tuple[str, dict[str, object]]]:
    """What elements there are, in their order, with all but the bytes of pictures."""
    return [
        (
            each.tag,
            {
                name: NUMBER.findall(value) if name == "d" else value
                for name, value in each.attrib.items()
                if not value.startswith("data:")
            },
        )
        for each in ElementTree.fromstring(svg).iter()
        if each.tag.startswith(SPACED) and each.tag != f"{SPACED}metadata"
    ]


def test_the_same_is_drawn(figure: str) -> None:
    assert drawn(compact(figure)) == drawn(figure)


def test_pictures_have_the_same_pixels(figure: str) -> None:
    before, after = pixels(figure), pixels(compact(figure))
    assert len(before) == 2
    for one, other in zip(before, after, strict=True):
        assert np.array_equal(one, other)


def test_it_is_smaller(figure: str) -> None:
    assert len(compact(figure)) < 0.9 * len(figure)
