"""The public validators of RO-Crate and BagIt, without a network.

The validator of RO-Crate fetches the JSON-LD contexts that a crate names. Here they come from its
own cache, filled with what the two contexts say about the terms below; a term that isn't among them
is refused, as one is that a real context doesn't have.
"""

import io
import json
import subprocess
import sys
from pathlib import Path

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests_cache import CachedSession
from urllib3 import HTTPResponse

# Of RO-Crate 1.1, https://w3id.org/ro/crate/1.1/context: schema.org's terms by their own names.
SCHEMA = """
    ComputerLanguage ControlAction CreateAction CreativeWork Dataset HowTo HowToStep OrganizeAction
    Organization Person PropertyValue SoftwareApplication SoftwareSourceCode about actionStatus
    additionalType agent author contentSize datePublished description encodingFormat endTime
    exampleOfWork hasPart identifier instrument isBasedOn keywords license mainEntity mentions name
    object position programmingLanguage publisher result softwareVersion startTime step subjectOf
    url value version workExample
"""
RO_CRATE = {term: f"http://schema.org/{term}" for term in SCHEMA.split()} | {
    "File": "http://schema.org/MediaObject",
    "conformsTo": "http://purl.org/dc/terms/conformsTo",
    "ComputationalWorkflow": "https://bioschemas.org/ComputationalWorkflow",
    "FormalParameter": "https://bioschemas.org/FormalParameter",
    "input": "https://bioschemas.org/ComputationalWorkflow#input",
    "output": "https://bioschemas.org/ComputationalWorkflow#output",
}
# Of the terms for workflow runs, https://w3id.org/ro/terms/workflow-run/context.
WORKFLOW_RUN = {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}
CONTEXTS = {
    "https://w3id.org/ro/crate/1.1/context": RO_CRATE,
    "https://w3id.org/ro/terms/workflow-run/context": WORKFLOW_RUN,
}


def rocrate_issues(bag: Path, cache: Path, severity: str = "REQUIRED") -> list[str]:
    """What rocrate-validator finds wrong with a bag by the Provenance Run Crate profile 0.5."""
    fill(cache)
    report = cache.with_suffix(".json")
    command = [Path(sys.executable).parent / "rocrate-validator", "--no-interactive", "validate"]
    options = ["--offline", "--cache-path", cache, "--profile-identifier", "provenance-run-crate"]
    options += ["--requirement-severity", severity, "--output-format", "json"]
    run = subprocess.run(
        [*command, *options, "--output-file", report, bag],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert report.exists(), run.stdout
    found = json.loads(report.read_text())
    assert run.returncode == (not found["passed"]), run.stdout
    return [f"{each['check']['name']}: {each['message']}" for each in found["issues"]]


def fill(cache: Path) -> None:
    """Have the contexts fetched once from here, into the validator's cache."""
    with CachedSession(str(cache), backend="sqlite", expire_after=-1) as session:
        session.mount("https://", _Contexts())
        for url in CONTEXTS:
            session.get(url)


class _Contexts(HTTPAdapter):
    """A network that has the contexts, and nothing else."""

    def send(self, request: PreparedRequest, **options: object) -> Response:
        body = io.BytesIO(json.dumps({"@context": CONTEXTS[request.url]}).encode())
        kind = {"Content-Type": "application/ld+json"}
        raw = HTTPResponse(body, kind, 200, preload_content=False, request_url=request.url)
        return self.build_response(request, raw)


def bagit_says(bag: Path) -> str:
    """What bagit finds wrong with a bag; nothing for a valid one."""
    run = subprocess.run(
        [sys.executable, "-m", "bagit", "--validate", bag], capture_output=True, text=True
    )
    assert (run.returncode == 0) == ("is valid" in run.stderr), run.stderr
    return "" if run.returncode == 0 else run.stderr
