"""Digests of what files and code say."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml

YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def digest_of_file(path: Path) -> str:
    """The digest of what a file says: of JSON and YAML, their content in its order."""
    return _digest_of_content(path.suffix, path.read_bytes())


@cache
def _digest_of_content(suffix: str, raw: bytes) -> str:
    """The digest of what a file says, or of its bytes where that can't be read."""
    try:
        match suffix:
            case ".json":
                content = json.loads(raw)
            case ".yaml" | ".yml":
                content = list(yaml.load_all(raw, Loader=YAML_LOADER))
            case _:
                return digest(raw)
        return digest(json.dumps(_plain(content), default=repr))
    except (ValueError, yaml.YAMLError, RecursionError):
        return digest(raw)


def _plain(value: Any) -> Any:
    """The value with every key as text that tells 1 from "1"."""
    if isinstance(value, dict):
        return {repr(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def digest(content: str | bytes) -> str:
    raw = content if isinstance(content, bytes) else content.encode()
    return hashlib.sha256(raw).hexdigest()[:16]
