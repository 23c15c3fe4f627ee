"""The pages of the documentation: their commands, and the edits and files that they show."""

import re
from pathlib import Path

import workflow
import yaml

DOCS = workflow.ROOT / "docs"
PAGES = [workflow.ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
EDIT = re.compile(r"^(Append to|New file|Change) `([^`]+)`:\n\n```\w+\n(.*?)```", re.M | re.S)
YAML = re.compile(r"^```yaml\n(.*?)```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$", re.MULTILINE)
CONTINUED = re.compile(r" \\\n\s*")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
PROGRAMS = r"make|snakemake|tar|cd|bagit\.py|rocrate-validator|python3?|(?:\S*/)?\.venv/bin/\S+"
LINE = rf"(?:[A-Z_]+=\S+ )*(?:{PROGRAMS})"
COMMAND = re.compile(rf"^    (?:\$ )?({LINE}(?: .*)?)$", re.MULTILINE)
IN_WORDS = re.compile(rf"`({LINE}\s[^`]+)`")


def text(page: str) -> str:
    """A page below docs/."""
    return (DOCS / page).read_text(encoding="utf-8")


def section(page: str, title: str) -> str:
    """What stands below a heading of the second level."""
    return re.split(rf"^## {re.escape(title)}\n", text(page), flags=re.M)[1].split("\n## ")[0]


def config(page: str, title: str) -> dict:
    """The config that a section shows last."""
    return yaml.safe_load(YAML.findall(section(page, title))[-1])


def carry_out(folder: Path, page: str, title: str) -> list[str]:
    """Make the edits that a section shows in a copy of the checkout; the files that they touch."""
    edits = EDIT.findall(section(page, title))
    for how, name, shown in edits:
        path = folder / name
        if how == "New file":
            assert not path.exists(), name
            path.write_text(shown, encoding="utf-8")
        else:
            before = path.read_text(encoding="utf-8")
            after = changed(before, shown) if how == "Change" else before + shown
            path.write_text(after, encoding="utf-8")
    if YAML.search(re.sub(EDIT, "", section(page, title))):
        workflow.edit_config(folder, config(page, title))
    return [name for _, name, _ in edits]


def changed(before: str, shown: str) -> str:
    """A text with the lines behind `+` in place of those behind `-`."""
    for old, new in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)+)", shown, re.MULTILINE):
        gone, come = (re.sub("^[-+]", "", each, flags=re.MULTILINE) for each in (old, new))
        assert before.count(gone) == 1, gone
        before = before.replace(gone, come)
    return before


def commands(page: Path) -> list[str]:
    """The commands of a page: in blocks that are set in, and in words."""
    whole = CONTINUED.sub(" ", page.read_text(encoding="utf-8"))
    whole = FENCED.sub("", whole)
    found = [re.split(r"\s+#", each)[0].strip() for each in COMMAND.findall(whole)]
    return found + [" ".join(each.split()) for each in IN_WORDS.findall(whole)]
