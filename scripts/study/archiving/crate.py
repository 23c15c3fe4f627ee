"""The description of an archive as a Workflow Run RO-Crate: Provenance Run Crate, profile 0.5.

https://w3id.org/ro/wfrun/provenance/0.5, on RO-Crate 1.1. It says nothing that the records, the
citation and the files don't: no time of packing, no random names.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import quote

from study.archiving.records import finished
from study.writing import citation as citations

CONTEXT = [
    "https://w3id.org/ro/crate/1.1/context",
    "https://w3id.org/ro/terms/workflow-run/context",
]
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/ro/wfrun/provenance/0.5": "Provenance Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
METADATA = "ro-crate-metadata.json"
WORKFLOW = "Snakefile"
OWN = ".snakemake/"
LANGUAGE = "https://w3id.org/workflowhub/workflow-ro-crate#snakemake"
ENGINE, RUN, ORDERS = "https://snakemake.readthedocs.io/", "#run", "#engine-run"
CONFIG, REPORT = "#config", "#report"
COMPLETED = "http://schema.org/CompletedActionStatus"
PARAMETER = {"@id": "https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE"}
BIOSCHEMAS = {"@id": "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"}
FORMATS = {
    ".cff": "text/yaml",
    ".html": "text/html",
    ".json": "application/json",
    ".log": "text/plain",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".py": "text/x-python",
    ".safetensors": "application/octet-stream",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".yaml": "text/yaml",
}

Entity = dict
Sizes = Mapping[str, int]


class Run(NamedTuple):
    """How the whole study was run: the files that its config was read from, Snakemake's options."""

    configs: list[str]
    options: list[str]


def describe(
    sizes: Sizes, records: Mapping[str, dict], citation: dict, run: Run, data: dict
) -> bytes:
    """ro-crate-metadata.json of a study.

    sizes: bytes of every file by path; data: what is known of original files that are not inside,
    as study.archiving.contents.original_files gives it.
    """
    study = _Study(sizes, records, citation, run, data)
    graph = [*study.top(), *study.run(), *study.tools(), *study.jobs(), *study.things()]
    return (json.dumps({"@context": CONTEXT, "@graph": graph}, indent=1) + "\n").encode()


def _refs(names: Iterable[str]) -> Entity | list[Entity]:
    """References to entities; a single one stands for itself."""
    entities = [{"@id": name} for name in names]
    return entities[0] if len(entities) == 1 else entities


def _id(path: str) -> str:
    """A file's name in the crate: its path, as a URI."""
    return quote(path, safe="/")


class _Study:
    """The parts of the description, as entities that refer to each other."""

    def __init__(
        self,
        sizes: Sizes,
        records: Mapping[str, dict],
        citation: dict,
        run: Run,
        data: dict,
    ) -> None:
        self.sizes = {path: size for path, size in sizes.items() if not path.startswith(OWN)}
        self.citation, self.asked, self.data = citation, run, data
        in_time = sorted(records.items(), key=lambda item: (item[1]["started"], item[0]))
        self.records = dict(in_time)
        self.programs = list(dict.fromkeys(each["program"] for each in self.records.values()))
        self.authors = [f"#author-{place}" for place in range(1, len(citation["authors"]) + 1)]
        self.agent = {"@id": self.authors[0]}
        self.digests = {
            path: digest for each in records.values() for path, digest in each["outputs"].items()
        }

    def top(self) -> Iterator[Entity]:
        """The descriptor, the study itself, its profiles and its authors."""
        about, profiles = self.citation, list(PROFILES)
        licence = f"https://spdx.org/licenses/{about['license']}"
        yield {
            "@id": METADATA,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": _refs(["https://w3id.org/ro/crate/1.1", profiles[-1]]),
        }
        yield {
            "@id": "./",
            "@type": "Dataset",
            "name": f"{about['title']} {about['version']}: a finished study",
            "description": about["abstract"],
            "conformsTo": _refs(profiles),
            "datePublished": finished(self.records)[:10],
            "version": about["version"],
            "keywords": ", ".join(about["keywords"]),
            "license": {"@id": licence},
            "author": _refs(self.authors),
            "publisher": self.agent,
            "hasPart": _refs([OWN, *(_id(path) for path in sorted(self.sizes))]),
            "mainEntity": {"@id": WORKFLOW},
            "mentions": _refs([RUN, ORDERS, *(self.action(name) for name in self.records)]),
        }
        for profile, name in PROFILES.items():
            version = profile.rpartition("/")[2]
            kind = {"@id": profile, "@type": "CreativeWork", "name": name, "version": version}
            yield kind
        title = f"{about['license']} licence"
        yield {
            "@id": licence,
            "@type": "CreativeWork",
            "name": title,
            "url": licence,
            "description": "The text is in LICENSE.",
        }
        for name, author in zip(self.authors, about["authors"], strict=True):
            kind = "Organization" if "name" in author else "Person"
            yield {"@id": name, "@type": kind, "name": citations.name_of(author)}

    def run(self) -> Iterator[Entity]:
        """The workflow, the engine, and the run of the whole."""
        version = next(iter(self.records.values()))["environment"]["packages"]["snakemake"]
        start = min(each["started"] for each in self.records.values())
        times = {"startTime": start, "endTime": finished(self.records)}
        yield {
            "@id": LANGUAGE,
            "@type": "ComputerLanguage",
            "name": "Snakemake",
            "identifier": {"@id": "https://doi.org/10.1093/bioinformatics/bts480"},
            "url": {"@id": ENGINE},
            "version": version,
        }
        yield {
            "@id": ENGINE,
            "@type": "SoftwareApplication",
            "name": "Snakemake",
            "softwareVersion": version,
            "url": ENGINE,
        }
        yield _parameter(CONFIG, "config", "File", [_id(path) for path in self.asked.configs])
        yield _parameter(REPORT, "report", "File", map(_id, self.last()))
        yield {
            "@id": RUN,
            "@type": "CreateAction",
            "name": "The run of the study",
            "description": " ".join(["snakemake", *self.asked.options]),
            "instrument": {"@id": WORKFLOW},
            "object": _refs([*map(_id, self.asked.configs), *map(_data_id, self.data)]),
            "result": _refs(map(_id, self.last())),
            "agent": self.agent,
            "actionStatus": COMPLETED,
            **times,
        }
        yield {
            "@id": ORDERS,
            "@type": "OrganizeAction",
            "name": f"The run of Snakemake {version}",
            "instrument": {"@id": ENGINE},
            "object": _refs(self.order(name) for name in self.records),
            "result": {"@id": RUN},
            "agent": self.agent,
            "actionStatus": COMPLETED,
            **times,
        }

    def tools(self) -> Iterator[Entity]:
        """A step per program, with what it takes and makes."""
        for position, program in enumerate(self.programs, start=1):
            mine = [name for name, each in self.records.items() if each["program"] == program]
            yield {
                "@id": f"#step-{program}",
                "@type": "HowToStep",
                "name": program,
                "position": str(position),
                "workExample": {"@id": _script(program)},
            }
            yield _parameter(
                f"#{program}-config", "config", "PropertyValue", map(self.config, mine)
            )
            for role in ("input", "output"):
                if files := self.files(program, role):
                    yield _parameter(f"#{program}-{role}", role, "File", map(_id, files))

    def files(self, program: str, role: str) -> list[str]:
        """What the jobs of a program read ("input") or made ("output"), as far as it is inside."""
        mine = [each for each in self.records.values() if each["program"] == program]
        paths = {_local(path) for each in mine for path in each[f"{role}s"]}
        return sorted(paths & self.sizes.keys())

    def parameters(self, program: str, role: str) -> list[str]:
        return [f"#{program}-{role}"] if self.files(program, role) else []

    def jobs(self) -> Iterator[Entity]:
        """The run of each job, what ordered it, and its slice of the config."""
        for name, record in self.records.items():
            program = record["program"]
            first = next(iter(record["outputs"]), name)
            device = f" on {record['device']}" if record.get("device") else ""
            known = record["inputs"].keys()
            used = [_data_id(_local(path)) for path in known if _local(path) in self.data]
            used += [_id(_local(path)) for path in known if _local(path) in self.sizes]
            made = [_id(path) for path in record["outputs"] if path in self.sizes]
            yield {
                "@id": self.action(name),
                "@type": "CreateAction",
                "name": f"{program}: {first}",
                "description": f"python scripts/{program}.py{device}, seed {record.get('seed')}",
                "instrument": {"@id": _script(program)},
                "object": _refs([*used, self.config(name)]),
                "result": _refs([*made, _id(name)]),
                "startTime": record["started"],
                "endTime": record["finished"],
                "agent": self.agent,
                "actionStatus": COMPLETED,
                "subjectOf": {"@id": _id(name)},
            }
            yield {
                "@id": self.order(name),
                "@type": "ControlAction",
                "name": f"ordering {program}: {first}",
                "instrument": {"@id": f"#step-{program}"},
                "object": {"@id": self.action(name)},
                "agent": self.agent,
                "startTime": record["started"],
                "endTime": record["finished"],
                "actionStatus": COMPLETED,
            }
            yield {
                "@id": self.config(name),
                "@type": "PropertyValue",
                "name": f"{program}: config",
                "value": json.dumps(record["config"], sort_keys=True),
                "exampleOfWork": {"@id": f"#{program}-config"},
            }

    def things(self) -> Iterator[Entity]:
        """Every file, and the original data that is not inside."""
        roles: dict[str, set[str]] = {path: {CONFIG} for path in self.asked.configs}
        for record in self.records.values():
            for role, key in (("input", "inputs"), ("output", "outputs")):
                for path in record[key]:
                    roles.setdefault(_local(path), set()).add(f"#{record['program']}-{role}")
        for path in self.last():
            roles.setdefault(path, set()).add(REPORT)
        note = "What Snakemake knows of its outputs; with it, nothing is made anew."
        yield {"@id": OWN, "@type": "Dataset", "name": OWN, "description": note}
        for path in sorted(self.sizes):
            yield {**self.file(path), **_examples(roles.get(path))}
        for path, known in self.data.items():
            yield {
                "@id": _data_id(path),
                "@type": "CreativeWork",
                "name": path,
                "description": f"Original data, not inside. Licence: {known['licence']}.",
                "sha256": known["sha256"],
                "isBasedOn": known["source"],
            }

    def file(self, path: str) -> Entity:
        """A file of the study."""
        entity = {
            "@id": _id(path),
            "@type": "File",
            "name": path,
            "contentSize": str(self.sizes[path]),
            "encodingFormat": FORMATS.get(PurePosixPath(path).suffix, "text/plain"),
        }
        if path in self.digests:
            entity["sha256"] = self.digests[path]
        if path == WORKFLOW:
            entity |= self.workflow()
        if path in {_script(program) for program in self.programs}:
            program = path.removeprefix("scripts/").removesuffix(".py")
            entity |= {
                "@type": ["File", "SoftwareSourceCode"],
                "name": program,
                "version": self.citation["version"],
                "input": _refs([f"#{program}-config", *self.parameters(program, "input")]),
                "output": _refs(self.parameters(program, "output")),
            }
        if path == "README.md":
            entity["about"] = {"@id": "./"}
        return entity

    def workflow(self) -> Entity:
        """What the Snakefile is, beside a file."""
        return {
            "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"],
            "conformsTo": BIOSCHEMAS,
            "name": self.citation["title"],
            "description": self.citation["abstract"],
            "version": self.citation["version"],
            "programmingLanguage": {"@id": LANGUAGE},
            "license": {"@id": f"https://spdx.org/licenses/{self.citation['license']}"},
            "author": _refs(self.authors),
            "input": _refs([CONFIG]),
            "output": _refs([REPORT]),
            "hasPart": _refs(_script(program) for program in self.programs),
            "step": _refs(f"#step-{program}" for program in self.programs),
        }

    def last(self) -> list[str]:
        """What the study is run for: the outputs that no job reads."""
        read = {path for each in self.records.values() for path in each["inputs"]}
        return sorted(
            path
            for path in self.digests
            if path not in read and path in self.sizes and not path.endswith(".json")
        )

    def action(self, record: str) -> str:
        return f"#job/{_id(_short(record))}"

    def order(self, record: str) -> str:
        return f"#order/{_id(_short(record))}"

    def config(self, record: str) -> str:
        return f"#config/{_id(_short(record))}"


def _parameter(name: str, title: str, kind: str, examples: Iterable[str]) -> Entity:
    return {
        "@id": name,
        "@type": "FormalParameter",
        "name": title,
        "additionalType": kind,
        "conformsTo": PARAMETER,
        "workExample": _refs(examples),
    }


def _examples(parameters: set[str] | None) -> Entity:
    return {"exampleOfWork": _refs(sorted(parameters))} if parameters else {}


def _script(program: str) -> str:
    return f"scripts/{program}.py"


def _short(record: str) -> str:
    return record.removeprefix("results/records/").removesuffix(".json")


def _local(path: str) -> str:
    """Where an input lies in the study; original data below data/."""
    return f"data/{path.removeprefix('data:')}" if path.startswith("data:") else path


def _data_id(path: str) -> str:
    return f"#original/{_id(path)}"
