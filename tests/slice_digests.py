"""What each job depends on, as a digest of its slice of the config, of all works at all scales.

    PYTHONPATH=scripts python tests/slice_digests.py

writes tests/slice_digests.json. A change of the code that changes the seed of a job, or anything
else that it is told, shows there in the commit that made it.
"""

import hashlib
import json
from pathlib import Path

import workflow

from study import schema, slices
from study.paths import Study
from study.schema import works

KEPT = Path(__file__).with_suffix(".json")


def slices_of(content: dict) -> dict[str, str]:
    """The slices of all jobs that have one, by the name of what they make."""
    config = schema.load(content)
    found = {
        f"{name}/{split}": slices.dataset(config, name, 0, split)
        for name, section in config.datasets.items()
        for split in ([] if section.kind == "attack" else config.splits(name))
    }
    attacks = [name for name, section in config.datasets.items() if section.kind == "attack"]
    found |= {name: slices.dataset(config, name) for name in attacks}
    found |= {name: slices.model(config, name, [0, 1]) for name in config.models}
    filters = {name for name, each in config.detectors.items() if each.is_closed}
    found |= {name: slices.detector(config, name) for name in filters}
    found |= {f"{name}!": slices.experiment(config, name) for name in config.experiments}
    found |= {
        " ".join([f"{entry.kind} of {name}", *(f"on {each}" for each in (one, layer) if each)]): (
            slices.analysis(config, entry.kind, name, one, layer)
        )
        for entry in config.analyses.values()
        for name, sets in entry.asked().items()
        for one in sets
        for layer in (entry.by_layer(config, name) if entry.kind == "libraries" else [None])
    }
    exhibits = {**config.figures, **config.tables}
    return found | {name: slices.exhibit(Study(config), each) for name, each in exhibits.items()}


def digests() -> dict[str, dict[str, str]]:
    """The digests of all slices by name, by scale."""
    every = works.names(workflow.ROOT / "config")
    found = {scale: slices_of(workflow.content(scale=scale, works=every)) for scale in works.SCALES}
    return {
        scale: {name: hashlib.sha256(each[name].encode()).hexdigest()[:12] for name in sorted(each)}
        for scale, each in found.items()
    }


if __name__ == "__main__":
    KEPT.write_text(json.dumps(digests(), indent=1) + "\n", encoding="utf-8")
