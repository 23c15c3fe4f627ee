"""One source for how the study is cited, and every copy in agreement with it."""

import json
import re
import tomllib

import archives
import pytest
import workflow

from study.writing import citation

CITATION = citation.read(workflow.ROOT)


@pytest.mark.parametrize("name", [".zenodo.json", "codemeta.json"])
def test_the_files_of_deposits_are_made_of_the_citation(name: str) -> None:
    assert (workflow.ROOT / name).read_text() == citation.files(workflow.ROOT)[name]


def test_version_and_licence_are_those_of_the_project() -> None:
    project = tomllib.loads((workflow.ROOT / "pyproject.toml").read_text())["project"]
    assert CITATION["version"] == project["version"]
    assert CITATION["license"] == project["license"]
    text = (workflow.ROOT / "LICENSE").read_text()
    assert text.startswith(f"{CITATION['license']} License")
    for author in CITATION["authors"]:
        assert citation.name_of(author) in text


def test_the_changelog_and_the_archive_are_of_this_version() -> None:
    changes = (workflow.ROOT / "CHANGELOG.md").read_text()
    versions = re.findall(r"^## \[([\d.]+)\] - (\S+)$", changes, re.MULTILINE)
    assert versions[0] == (CITATION["version"], CITATION["date-released"])
    assert versions == sorted(versions, reverse=True)
    assert f"glassbox-{CITATION['version']}" == archives.TOP
    page = (workflow.ROOT / "docs/archive.md").read_text()
    assert set(re.findall(r"glassbox-\d[\d.]*\d", page)) == {archives.TOP}


def test_the_container_takes_the_environment_of_the_project() -> None:
    lines = (workflow.ROOT / "envs/Containerfile").read_text().splitlines()
    steps = dict(line.split(" ", 1) for line in lines if not line.startswith("#"))
    project = tomllib.loads((workflow.ROOT / "pyproject.toml").read_text())["project"]
    python = re.search(r"python:([\d.]+)-slim$", steps["FROM"])[1]
    assert project["requires-python"].startswith(f">={python},")
    *sources, target = steps["COPY"].split()
    folder = workflow.ROOT / "envs"  # the context of the build
    text = (folder / "requirements.txt").read_text()
    constraints = re.findall(r"^-c (\S+)$", text, re.MULTILINE)
    assert constraints and all((folder / each).exists() for each in constraints)
    assert sources == ["requirements.txt", *constraints]
    assert steps["RUN"].endswith(f"-r {target}requirements.txt")
    assert (workflow.ROOT / json.loads(steps["ENTRYPOINT"])[1]).exists()


def test_the_citation_is_complete() -> None:
    needed = {"cff-version", "message", "title", "abstract", "type", "version", "date-released"}
    needed |= {"license", "authors", "keywords", "references"}
    assert needed <= CITATION.keys()
    assert CITATION["cff-version"] == "1.2.0"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", CITATION["date-released"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", CITATION["version"])
    for work in CITATION["references"]:
        assert {"type", "title", "authors", "year"} <= work.keys()


def test_people_and_groups_are_named_as_each_place_wants_it() -> None:
    person = {"given-names": "Ada", "family-names": "Lovelace"}
    made = {**CITATION, "authors": [person, {"name": "A group"}]}
    assert citation.zenodo(made)["creators"] == [{"name": "Lovelace, Ada"}, {"name": "A group"}]
    authors = citation.codemeta(made)["author"]
    assert authors[0] == {"@type": "Person", "givenName": "Ada", "familyName": "Lovelace"}
    assert authors[1] == {"@type": "Organization", "name": "A group"}
    assert citation.name_of(person) == "Ada Lovelace"


def test_codemeta_says_what_it_is() -> None:
    content = json.loads((workflow.ROOT / "codemeta.json").read_text())
    assert content["@context"] == "https://w3id.org/codemeta/3.0"
    assert content["@type"] == "SoftwareSourceCode"
    assert len(content["citation"]) == len(CITATION["references"])
