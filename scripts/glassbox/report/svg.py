"""Figures as small as a page can show them, without a pixel or a coordinate changed."""

import re
from base64 import b64decode, b64encode
from io import BytesIO

from PIL import Image

PICTURE = re.compile(r"data:image/png;base64,\s*([^\"]*)")
COORDINATES = re.compile(r'(?<= d=")[^"]*')
AROUND = re.compile(r"\s*([A-Za-z]|\s)\s*")
UNSEEN = re.compile(r"<!--.*?-->|<metadata>.*?</metadata>|(?<=>)\s+(?=<)", re.DOTALL)


def compact(svg: str) -> str:
    """A figure by matplotlib without what no browser draws; its pictures as WebP without loss.

    Letters are paths there, so that white space between elements is nothing to see.
    """
    shorter = COORDINATES.sub(lambda path: AROUND.sub(r"\1", path[0].strip()), UNSEEN.sub("", svg))
    return PICTURE.sub(lambda picture: _webp(picture[1]), shorter)


def _webp(png: str) -> str:
    """The address of a picture that has the same pixels, transparent ones too."""
    written = BytesIO()
    image = Image.open(BytesIO(b64decode(png)))
    image.save(written, "WEBP", lossless=True, exact=True, quality=75, method=6)
    return f"data:image/webp;base64,{b64encode(written.getvalue()).decode()}"
