"""Image files to arrays, as a viewer shows them, or not at all."""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageOps

from glassbox.errors import GlassboxError

READ = "1, L, LA, I;16, P, RGB and RGBA"
WITH_ALPHA = {"LA", "PA", "RGBA"}
WIDE = {"I;16", "I;16L", "I;16B", "I;16N"}


def decode(content: bytes, shape: Sequence[int]) -> tuple[np.ndarray, bool]:
    """An image file as float32 in [0, 1] of a shape, and whether it holds grey alone.

    shape: (height, width), or with 3 for colour. Palettes are looked up, grey becomes three equal
    channels where colour is wanted, and three equal channels one where grey is; an image that the
    file says to turn is turned. Raises GlassboxError, in words, for what is no whole image, for
    modes that have no one reading, for transparent pixels, and for another shape.
    """
    found = _pixels(_opened(content))
    grey = found.ndim == 2
    pixels = found
    if grey and len(shape) == 3:
        pixels = np.repeat(found[..., None], 3, axis=2)
    elif len(shape) == 2 and _is_grey(found):
        pixels = found[..., 0]
    if pixels.shape != tuple(shape):
        raise GlassboxError(f"found {_told(found.shape)}, wanted {_told(shape)}")
    return pixels.astype(np.float32) / np.float32(np.iinfo(pixels.dtype).max), grey


def _is_grey(pixels: np.ndarray) -> bool:
    """Whether colours are three equal channels."""
    return pixels.ndim == 3 and bool((pixels == pixels[..., :1]).all())


def _opened(content: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(content))
        image.load()
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise GlassboxError(f"found no whole image ({error})") from error
    return ImageOps.exif_transpose(image) if "exif" in image.info else image


def _pixels(image: Image.Image) -> np.ndarray:
    """(height, width) or (height, width, 3), uint8 or uint16."""
    mode = image.mode
    if mode in WIDE:
        return np.asarray(image).astype(np.uint16)
    has_alpha = mode in WITH_ALPHA or "transparency" in image.info
    if mode in ("P", "PA"):
        image = image.convert("RGBA" if has_alpha else "RGB")
    elif has_alpha and mode in ("1", "L", "RGB"):
        image = image.convert("RGBA" if mode == "RGB" else "LA")
    elif mode == "1":
        image = image.convert("L")
    if image.mode not in ("L", "LA", "RGB", "RGBA"):
        raise GlassboxError(f"found mode {mode}, wanted one of {READ}")
    values = np.asarray(image)
    if not has_alpha:
        return values[..., 0] if mode == "P" and _is_grey(values) else values
    if (values[..., -1] < 255).any():
        raise GlassboxError("found transparent pixels, whose background is not known")
    return values[..., 0] if image.mode == "LA" else values[..., :3]


def _told(shape: Sequence[int]) -> str:
    kind = "colour" if len(shape) == 3 else "grey"
    return f"{' x '.join(map(str, shape[:2]))} pixels, {kind}"
