"""Pages of the documentation, which are written in Markdown, as pages of the report."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

DOCS = "../../docs/"  # of the project, from the folder of the report
LISTS = ("entries.md", "errata.md")  # of claims and of errata
ABOUT = "about-"  # begins the anchor of the place where a page first names a claim or an erratum

Place = Callable[[str], str]


def rendered(text: str, place: Place) -> Markup:
    """Markdown (CommonMark, and tables) as HTML, in which HTML is text.

    place: gives where what a link leads to, or a picture, is in the report. Headings get the
    anchors that a reader of the Markdown expects: their words in small letters, with hyphens.
    """
    markdown = _markdown()
    markdown.add_render_rule("table_open", _table_open)
    markdown.add_render_rule("table_close", _table_close)
    tokens = markdown.parse(text)
    numbers = count(1)
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            words = re.sub(r"[^\w\- ]", "", tokens[at + 1].content.lower())
            token.attrSet("id", words.replace(" ", "-"))
        elif token.type == "table_open":
            token.meta["number"] = next(numbers)
        elif token.type == "code_block":
            token.attrSet("tabindex", "0")  # what scrolls has to be reached by keyboard
    known: set[str] = set()
    for token in _inside(tokens):
        if token.type == "link_open":
            target = str(token.attrs["href"])
            name = _listed(target)
            if name and name not in known:
                token.attrSet("id", ABOUT + name)
                known.add(name)
            token.attrSet("href", place(target))
        elif token.type == "image":
            token.attrSet("src", place(str(token.attrs["src"])))
    return Markup(markdown.renderer.render(tokens, markdown.options, {}))


def heading(text: str) -> str:
    """The words of the heading that a page in Markdown begins with."""
    return text.partition("\n")[0].removeprefix("# ")


def place_of(root: str, pages: Mapping[str, str], places: Mapping[str, str]) -> Place:
    """Where links of the documentation lead from a page of the report.

    root: the way to the folder of the report; pages: files of the documentation that are pages of
    the report, with the way to them; places: of claims and errata, see `page.places_of`. Everything
    else leads to the project's own files.
    """
    by_anchor = {anchor_of(name): where for name, where in places.items()}

    def place(target: str) -> str:
        file, mark, name = target.partition("#")
        if _listed(target) in by_anchor:
            return by_anchor[name]
        if file in pages:
            return pages[file] + mark + name
        return target if "://" in target or not file else root + DOCS + target

    return place


def anchor_of(name: str) -> str:
    """What a link to a claim or an erratum ends with: `C-C11 (x)` is `entries.md#C-C11-x`."""
    return re.sub(r"[^\w-]+", "-", name).strip("-")


def places_about(claims: Iterable[Mapping], written: Iterable[Path], root: str) -> dict[str, str]:
    """Where pages of the documentation first say something of claims, by the claims' ids.

    written: files in Markdown, of which the first that names a claim counts; root: the way to the
    folder of the report.
    """
    found: dict[str, str] = {}
    for path in written:
        for token in _inside(_markdown().parse(path.read_text(encoding="utf-8"))):
            name = _listed(str(token.attrs.get("href")))
            if name:
                found.setdefault(name, f"{root}findings/{path.stem}.html#{ABOUT}{name}")
    anchors = {claim["id"]: anchor_of(claim["id"]) for claim in claims}
    return {name: found[anchor] for name, anchor in anchors.items() if anchor in found}


def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _inside(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens within paragraphs, headings and cells, in their order."""
    return (child for token in tokens for child in token.children or [])


def _listed(target: str) -> str | None:
    """The anchor of a claim or an erratum, if a link leads to one."""
    file, _, name = target.partition("#")
    return name if file in LISTS and name else None


def _table_open(_: Any, tokens: Sequence[Token], at: int, *others: Any) -> str:
    label = f"Table {tokens[at].meta['number']}"
    return f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">\n<table>\n'


def _table_close(*_: Any) -> str:
    return "</table>\n</div>\n"
