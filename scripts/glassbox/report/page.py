"""Rendering of pages from templates."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd
from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

NAMED = re.compile(r"\[([^\[\]]+)\]")  # a claim in a text: [C-C11]
CODE = re.compile(r"\b[A-Z]-[A-Z]\d+\b(?: \([^()]*\))*")  # C-C11 (bound), E-C02
VIEW = re.compile(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"')
INDENTED = re.compile(r"^ +", re.MULTILINE)
MARKS = {
    "reproduced": "✓",
    "not reproduced": "✗",
    "inconclusive": "?",
    "asked of other settings": "≠",
    "not testable here": "–",
}


def pages(templates: Iterable[Path]) -> Environment:
    """The templates (Jinja2) by the names of their files; unknown names in them are an error.

    Of their indentation one space is left, which makes the pages smaller.
    """
    sources = {path.name: INDENTED.sub(" ", path.read_text(encoding="utf-8")) for path in templates}
    options = {"undefined": StrictUndefined, "autoescape": True, "trim_blocks": True}
    environment = Environment(loader=DictLoader(sources), lstrip_blocks=True, **options)
    filters = (number, pretty, slug, linked, coded, sentence, unbroken)
    environment.filters.update({each.__name__: each for each in filters})
    environment.globals["marks"] = MARKS
    return environment


def number(value: float | None, digits: int = 4) -> str:
    """A value with so many significant digits; a dash for none."""
    if value is None or pd.isna(value):
        return "–"
    return f"{value:#.{digits}g}".rstrip(".")


def slug(text: str) -> str:
    """A text as the name of an anchor, or of a class."""
    return text.replace(" ", "-")


def unbroken(text: str) -> str:
    """A text that stays on one line."""
    return text.replace(" ", "\N{NO-BREAK SPACE}").replace("-", "\N{NON-BREAKING HYPHEN}")


def sentence(text: str) -> str:
    """A text as a sentence: with a capital, and a full stop."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def pretty(canonical: str) -> str:
    """A canonical config slice, indented for reading."""
    return json.dumps(json.loads(canonical), indent=1, ensure_ascii=False)


def linked(text: str, claims: Mapping[str, Mapping]) -> Markup:
    """A text in which each [claim] is a link, with the claim's verdict if it has one."""
    pieces = NAMED.split(text)
    return Markup().join(
        _link(piece, claims.get(piece)) if place % 2 else piece
        for place, piece in enumerate(pieces)
    )


def _link(name: str, claim: Mapping | None) -> Markup:
    link = Markup('<a href="#{}">{}</a>').format(slug(name), name)
    return link + Markup(": <b>{}</b>").format(claim["verdict"]) if claim else link


def coded(text: str, places: Mapping[str, str]) -> Markup:
    """A text in which each id of a claim or an erratum is a link to its place, if it has one."""
    found, end, match = Markup(), 0, CODE.search(text)
    while match:
        names = _shorter(match[0])
        name = next((each for each in names if each in places), names[-1])
        after = match.start() + len(name)
        found += text[end : match.start()]
        found += _placed(name, places[name]) if name in places else name
        end, match = after, CODE.search(text, after)
    return found + text[end:]


def _placed(name: str, place: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(place, name)


def _shorter(name: str) -> list[str]:
    """A name, and what is left of it without the last of its brackets, and so on."""
    pieces = name.split(" (")
    return [" (".join(pieces[:count]) for count in range(len(pieces), 0, -1)]


def places_of(claims: Iterable[Mapping], errata: Iterable[str], root: str, here: str) -> dict:
    """Where each claim and each erratum stands, as links from a page.

    root: the way to the folder of the report; here: the work whose page it is, or nothing.
    """
    found = {
        claim["id"]: ("" if here else f"{root}{claim['work']}/index.html") + f"#{slug(claim['id'])}"
        for claim in claims
    }
    return found | {name: f"{root}errata.html#{name}" for name in errata}


def size_of(svg: Path) -> tuple[int, int]:
    """Width and height of a figure, which keep its place on a page until it is loaded."""
    with svg.open(encoding="utf-8") as file:
        found = VIEW.search(file.read(4096))
    return (round(float(found[1])), round(float(found[2]))) if found else (16, 9)
