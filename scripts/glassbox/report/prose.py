"""Pages that are written by hand, in Markdown, as parts of the report."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

DOCS = "../../docs/"  # of the project, from the folder of the report
NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")

Place = Callable[[str, str], str]


def rendered(text: str, place: Place) -> Markup:
    """Markdown (CommonMark, and tables) as HTML, in which HTML is text.

    place: gives where a link or a picture is in the report, from its address and its words.
    Headings get the anchors that a reader of the Markdown expects: their words in small letters,
    with hyphens.
    """
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("table_open", _table_open)
    markdown.add_render_rule("table_close", _table_close)
    tokens = markdown.parse(text)
    tables = 0
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", anchor(tokens[at + 1].content))
        elif token.type == "table_open":
            token.meta["number"] = tables = tables + 1
        elif token.type == "code_block":
            token.attrSet("tabindex", "0")  # what scrolls has to be reached by keyboard
        _lead(token.children or [], place)
    return Markup(markdown.renderer.render(tokens, markdown.options, {}))


def heading(text: str) -> str:
    """The words of the heading that a page in Markdown begins with."""
    return text.partition("\n")[0].removeprefix("# ")


def anchor(words: str) -> str:
    return NOT_IN_ANCHORS.sub("", words.lower()).replace(" ", "-")


def place_of(root: str, pages: Mapping[str, str], places: Mapping[str, str]) -> Place:
    """Where links of the project's documentation lead from a page of the report.

    root: the way to the folder of the report; pages: files of the documentation that are pages of
    the report, with the way to them; places: see `page.places_of`. Everything else leads to the
    project's own files.
    """

    def place(target: str, words: str) -> str:
        file, mark, anchor = target.partition("#")
        if words in places:
            return places[words]
        if file in pages:
            return pages[file] + mark + anchor
        return target if "://" in target or not file else root + DOCS + target

    return place


def _lead(tokens: Sequence[Token], place: Place) -> None:
    for at, token in enumerate(tokens):
        if token.type == "link_open":
            end = next(i for i in range(at, len(tokens)) if tokens[i].type == "link_close")
            words = "".join(each.content for each in tokens[at:end])
            token.attrSet("href", place(str(token.attrs["href"]), words))
        elif token.type == "image":
            token.attrSet("src", place(str(token.attrs["src"]), token.content))


def _table_open(_: Any, tokens: Sequence[Token], at: int, *others: Any) -> str:
    label = f"Table {tokens[at].meta['number']}"
    return f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">\n<table>\n'


def _table_close(*_: Any) -> str:
    return "</table>\n</div>\n"
