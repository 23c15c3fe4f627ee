"""What deposits ask for, from CITATION.cff: .zenodo.json for Zenodo, codemeta.json for others.

    python scripts/study/writing/citation.py

writes both. CITATION.cff is the one place to edit; its version is pyproject.toml's too.
"""

import json
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts"))

from study.arguments import take_none  # noqa: E402

CODEMETA = "https://w3id.org/codemeta/3.0"


def read(study: Path) -> dict:
    """CITATION.cff, with dates as text."""
    content = yaml.load((study / "CITATION.cff").read_text(), Loader=yaml.BaseLoader)
    return {**content, "abstract": " ".join(content["abstract"].split())}


def name_of(author: dict) -> str:
    """An author's name: an entity's, or a person's."""
    return author.get("name") or f"{author['given-names']} {author['family-names']}"


def zenodo(citation: dict) -> dict:
    """The metadata that Zenodo reads from .zenodo.json."""
    return {
        "upload_type": "software",
        "title": citation["title"],
        "version": citation["version"],
        "description": citation["abstract"],
        "creators": [{"name": _inverted(author)} for author in citation["authors"]],
        "license": citation["license"],
        "access_right": "open",
        "keywords": citation["keywords"],
        "references": [_reference(each) for each in citation["references"]],
    }


def codemeta(citation: dict) -> dict:
    """CodeMeta 3.0, which Software Heritage and others read from codemeta.json."""
    return {
        "@context": CODEMETA,
        "@type": "SoftwareSourceCode",
        "name": citation["title"],
        "description": citation["abstract"],
        "version": citation["version"],
        "datePublished": citation["date-released"],
        "license": f"https://spdx.org/licenses/{citation['license']}",
        "author": [_agent(author) for author in citation["authors"]],
        "keywords": citation["keywords"],
        "programmingLanguage": ["Python", "Snakemake"],
        "runtimePlatform": "Python 3.11",
        "softwareRequirements": "envs/requirements.txt",
        "citation": [_work(each) for each in citation["references"]],
    }


def _agent(author: dict) -> dict:
    if "name" in author:
        return {"@type": "Organization", "name": author["name"]}
    names = {"givenName": author["given-names"], "familyName": author["family-names"]}
    return {"@type": "Person", **names}


def _inverted(author: dict) -> str:
    return author.get("name") or f"{author['family-names']}, {author['given-names']}"


def _work(reference: dict) -> dict:
    return {
        "@type": "CreativeWork",
        "name": reference["title"],
        "author": [_agent(author) for author in reference["authors"]],
        "datePublished": reference["year"],
    }


def _reference(reference: dict) -> str:
    authors = "; ".join(_inverted(author) for author in reference["authors"])
    return f"{authors} ({reference['year']}). {reference['title']}."


def files(study: Path) -> dict[str, str]:
    """The texts of both files, by name."""
    citation = read(study)
    made = {".zenodo.json": zenodo(citation), "codemeta.json": codemeta(citation)}
    return {
        name: json.dumps(each, indent=2, ensure_ascii=False) + "\n" for name, each in made.items()
    }


if __name__ == "__main__":
    take_none(__doc__)
    for file, text in files(ROOT).items():
        (ROOT / file).write_text(text)
