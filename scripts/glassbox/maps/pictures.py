"""The inputs of a map as one picture, of which each point shows a part."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from PIL import Image, ImageDraw

HIGH = 56  # screen pixels that a picture is high, about
SIGNAL = (64, 28)  # pixels of a signal's curve, across and down


@dataclass(frozen=True)
class Sheet:
    """Pictures in rows of `across`; each is `size` pixels, and shown `zoom` times as large."""

    image: Image.Image
    size: tuple[int, int]
    across: int
    zoom: int
    file: str

    def places(self, first: int, count: int) -> pd.DataFrame:
        """Where pictures lie on the sheet as it is shown: columns px and py, a row each."""
        numbers = np.arange(first, first + count)
        wide, high = (each * self.zoom for each in self.size)
        return pd.DataFrame(
            {"px": numbers % self.across * wide, "py": numbers // self.across * high}
        )

    def html(self, across: str = "{px}", down: str = "{py}") -> str:
        """A picture of which a script or a tool fills in the place."""
        wide, high = (each * self.zoom for each in self.size)
        whole = self.image.width * self.zoom
        return (
            f'<div style="width:{wide}px;height:{high}px;image-rendering:pixelated;flex:none;'
            f"background:url('{self.file}') -{across}px -{down}px / {whole}px auto\"></div>"
        )


def sheet_of(values: np.ndarray, shape: list[int] | None, file: str) -> Sheet:
    """A sheet of inputs (n, d): images (h, w or h, w, 3) between 0 and 1, or signals as curves.

    file: its name, beside the page. What is below 0 or above 1 in an image looks like these.
    """
    drawn = _signals(values) if shape is None else _images(values, shape)
    count, high, wide = drawn.shape[:3]
    across = max(1, int(np.ceil((count * high / wide) ** 0.5)))
    down = -(-count // across)
    full = np.zeros((across * down, *drawn.shape[1:]), np.uint8)
    full[:count] = drawn
    colour = drawn.shape[3:]
    grid = full.reshape(down, across, high, wide, *colour).swapaxes(1, 2)
    image = Image.fromarray(grid.reshape(down * high, across * wide, *colour))
    if shape is None:
        image = image.convert("1", dither=Image.Dither.NONE)
    return Sheet(image, (wide, high), across, max(1, round(HIGH / high)), file)


def _images(values: np.ndarray, shape: list[int]) -> np.ndarray:
    return np.rint(255 * np.clip(values, 0, 1)).astype(np.uint8).reshape(-1, *shape)


def _signals(values: np.ndarray) -> np.ndarray:
    """Curves in white on black (n, h, w), all on one scale."""
    wide, high = SIGNAL
    low, top = float(values.min()), float(values.max())
    down = (high - 1) * (top - values) / (top - low or 1)
    along = np.linspace(0, wide - 1, values.shape[1])
    drawn = np.zeros((len(values), high, wide), np.uint8)
    for place, curve in enumerate(down):
        image = Image.new("L", (wide, high))
        ImageDraw.Draw(image).line(list(zip(along, curve, strict=True)), fill=255)
        drawn[place] = np.asarray(image)
    return drawn
