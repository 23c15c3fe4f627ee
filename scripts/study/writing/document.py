"""What is written from another file: docs/config.md, JSON Schema for editors, conda's environment.

    python scripts/study/writing/document.py

writes all three; the first two come from the schema of the config.
"""

import json
import re
import sys
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts"))

from study.arguments import take_none  # noqa: E402
from study.schema import Config, works  # noqa: E402
from study.schema.section import kind_of  # noqa: E402

HEAD = """# The config

The content of a work at a scale is `config/<work>/<scale>.yaml`, which stands alone or says at its
top which scale it goes on from (`extends`). `config.yaml` says which works at which scale, and its
other keys are laid over theirs; then the files of `--configfile`, in their order; then `--config`.
What works share, such as `datasets.digits`, each states in the same way. An entry that is set to
`null` is left out. A wrong config is refused before any job starts, with each key's path, the
work's file if it is in one, what was found, what is allowed and the nearest right name.

Every key, made from the schema by `python scripts/study/writing/document.py`:

| key | value | default | meaning |
|---|---|---|---|
"""

CONDA = """# For `snakemake --sdm conda`: the pins of requirements.txt, which
# scripts/study/writing/document.py copies, as Snakemake gives conda this file alone, elsewhere.
channels: [conda-forge]
dependencies:
  - python=3.11
  - pip
  - pip:
"""

EXTENDS = "in a work's file alone: the scale that it goes on from"


def page() -> str:
    """Markdown with one row per key of the config: path, type, default, meaning."""
    return HEAD + "".join(f"{row}\n" for row in _rows(Config, ""))


def json_schema() -> str:
    """JSON Schema of config.yaml, of works' files and of a user's, for completion in an editor.

    Nothing is required in it: a file holds only what it changes.
    """
    schema = Config.model_json_schema()
    schema["properties"]["works"]["items"] = {"enum": works.names(ROOT / "config")}
    schema["properties"]["extends"] = {"enum": list(works.SCALES), "description": EXTENDS}
    for section in (schema, *schema["$defs"].values()):
        section.pop("required", None)
    return json.dumps(schema, indent=1, sort_keys=True) + "\n"


def conda_environment() -> str:
    """The environment as conda reads it, with every package that envs/requirements.txt pins."""
    requirements = (ROOT / "envs/requirements.txt").read_text(encoding="utf-8")
    pins = re.findall(r"^[\w.-]+==\S+", requirements, re.MULTILINE)
    return CONDA + "".join(f"      - {pin}\n" for pin in pins)


def _rows(section: type[BaseModel], prefix: str) -> list[str]:
    rows = []
    for name, field in section.model_fields.items():
        path = f"{prefix}{name}"
        sections = _sections(field.annotation)
        if not sections:
            rows.append(_row(path, field))
        inside = [_rows(inner, f"{path}{suffix}.") for inner, suffix in sections]
        if shared := _shared(inside):
            rows += [f"| `{path}{sections[0][1]}` | | | What all kinds have. |", *shared]
        for (inner, suffix), each in zip(sections, inside, strict=True):
            key = next((each for each in ("kind", "build") if each in inner.model_fields), None)
            at = f" ({kind_of(inner, key)})" if key else ""
            rows.append(f"| `{path}{suffix}`{at} | | | {_summary(inner)} |")
            own = (row for row in each if row not in shared)
            rows += [row for row in own if f"{suffix}.{key}`" not in row]
    return rows


def _shared(sections: list[list[str]]) -> list[str]:
    """The rows that several sections all have."""
    first, *others = sections or [[]]
    return [row for row in first if others and all(row in each for each in others)]


def _row(path: str, field: FieldInfo) -> str:
    default = "required" if field.is_required() else f"`{json.dumps(_plain(field.get_default()))}`"
    return f"| `{path}` | {_type(field.annotation)} | {default} | {field.description or ''} |"


def _plain(value: Any) -> Any:
    return value.model_dump() if isinstance(value, BaseModel) else value


def _summary(section: type[BaseModel]) -> str:
    return (section.__doc__ or "").strip().splitlines()[0]


def _sections(annotation: Any, suffix: str = "") -> list[tuple[type[BaseModel], str]]:
    """The sections that a field holds, with what stands for their names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [(annotation, suffix)]
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is dict:
        return _sections(arguments[1], suffix + ".<name>")
    if origin in (Annotated, list):
        return _sections(arguments[0], suffix)
    if origin in (Union, UnionType):
        return [each for argument in arguments for each in _sections(argument, suffix)]
    return []


def _type(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(arguments[0])
    if origin is Literal:
        return ", ".join(map(str, arguments))
    if origin is list:
        return f"list of {_type(arguments[0])}"
    if origin is dict:
        return f"{_type(arguments[1])} by name"
    if origin in (Union, UnionType):
        return " or ".join(map(_type, arguments))
    return {"int": "integer", "float": "number", "str": "text", "NoneType": "null"}.get(
        annotation.__name__, annotation.__name__
    )


def write() -> None:
    """Bring all up to date."""
    (ROOT / "config/schema.json").write_text(json_schema())
    (ROOT / "docs/config.md").write_text(page())
    (ROOT / "envs/environment.yaml").write_text(conda_environment())


if __name__ == "__main__":
    take_none(__doc__)
    write()
