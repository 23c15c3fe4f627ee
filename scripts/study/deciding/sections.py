"""Where the config describes what a job is about: a plan names keys as the config has them."""

from __future__ import annotations

from study.deciding.jobs import Job
from study.schema import Config
from study.schema.analyses import KINDS
from study.schema.section import at_epoch

SECTION_OF = {
    "detector": "detectors",
    "dataset": "datasets",
    "experiment": "experiments",
    "figure": "figures",
    "table": "tables",
}
MADE_BY = ("training", "pretrained")  # the rules whose jobs make a model
ANALYSES = {name: kind.rule() for kind in KINDS for name in (kind.rule(), kind.fitting())}


class Sections:
    """The sections of a config that its jobs are about."""

    def __init__(self, config: Config) -> None:
        self.config = config

    def of(self, job: Job) -> tuple[str, ...]:
        """The path of a job's section, such as ("models", "mlp-2"); () if it is about several."""
        if kind := ANALYSES.get(job.rule):
            return "analyses", self._entry(kind, job.wildcards)
        if job.rule in MADE_BY:
            return "models", at_epoch(job.wildcards["model"])[0]
        named = (
            (SECTION_OF[key], name) for key, name in job.wildcards.items() if key in SECTION_OF
        )
        return next(named, ())

    def _entry(self, kind: str, wildcards: dict[str, str]) -> str:
        """The name of the entry that asks for an analysis; its kind, if none does any more."""
        model = wildcards.get("model")
        shown = "/".join(wildcards[key] for key in ("dataset", "split") if key in wildcards)
        asked = (
            name
            for name, entry in self.config.analyses.items()
            if entry.kind == kind and model in entry.asked()
            if not shown or shown in entry.asked()[model]
        )
        return next(asked, kind)
