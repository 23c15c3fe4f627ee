"""The verdicts of finished studies at each scale, which are kept beside the claims.

A work's recorded.yaml holds, by scale, the seed that the study had and the verdict by claim.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from glassbox.claims.works import YAML_LOADER

OTHER = {"laptop": "published", "published": "laptop"}


def read_recorded(path: Path) -> dict[str, dict[str, Any]]:
    """What is kept, by scale: {seed, verdicts: {claim: verdict}}."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=YAML_LOADER) or {}


def elsewhere(paths: Iterable[Path], scale: str) -> dict[str, str]:
    """The verdicts by claim of the scale that is not this one; of no scale beside smoke."""
    kept = [read_recorded(path).get(OTHER.get(scale), {}) for path in paths]
    return {claim: verdict for each in kept for claim, verdict in each.get("verdicts", {}).items()}
