"""The text of a file of the config, where no key stands twice."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from study.schema.messages import ConfigError

YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MERGED = "tag:yaml.org,2002:merge"


def read_yaml(path: Path, file: str) -> Any:
    """What a file holds. Raises ConfigError for what is no YAML, and for keys that stand twice.

    file: its name in messages.
    """
    try:
        loader = YAML_LOADER(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        if problems := [f"{file}: {each}" for each in _twice(node)]:
            raise ConfigError("\n".join(problems))
        return None if node is None else loader.construct_document(node)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: {error}") from None


def refuse_twice(files: Iterable[Path]) -> None:
    """Raise ConfigError where a file has a key twice, of which YAML keeps the last in silence."""
    for path in files:
        read_yaml(path, str(path))


def _twice(node: yaml.Node | None, path: str = "") -> Iterator[str]:
    """Each key that stands twice in a section, with both lines."""
    if isinstance(node, yaml.SequenceNode):
        for place, each in enumerate(node.value):
            yield from _twice(each, f"{path}{place}.")
    if not isinstance(node, yaml.MappingNode):
        return
    lines: dict[str, int] = {}
    for key, value in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        if name in lines and key.tag != MERGED:
            again = f"in line {lines[name]} and again" if lines[name] != line else "twice"
            yield f"{path}{name}: stands {again} in line {line}"
        lines.setdefault(name, line)
        yield from _twice(value, f"{path}{name}.")
