"""Keep the verdicts of this checkout's finished study beside the claims, for the other scale.

    python scripts/study/keep_verdicts.py

writes, for each work, what results/claims/verdicts.parquet says of the claims that were asked,
under the study's scale, with its seed, into the recorded.yaml that lies beside its claims.yaml.
What a study of the same scale and seed said of others stays: a scale may be run part by part.
"""

import json
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from glassbox.claims.recorded import OTHER, read_recorded  # noqa: E402
from glassbox.claims.verdicts import NOT_TESTABLE  # noqa: E402
from glassbox.errors import GlassboxError  # noqa: E402
from glassbox.tables import read_table  # noqa: E402
from study.arguments import take_none  # noqa: E402

RECORDS = "results/records/{}.json"


def keep(folder: Path) -> None:
    """Keep the verdicts of the study in this folder; GlassboxError for one that has none."""
    scale, seed = _told(folder, "claims")["scale"], _told(folder, "report")["seed"]
    if scale not in OTHER:
        raise GlassboxError(
            f"the study here is of scale {scale}; kept are those of {', '.join(OTHER)}"
        )
    verdicts = read_table(folder / "results/claims/verdicts.parquet")
    for work, rows in verdicts.groupby("work"):
        path = folder / f"scripts/glassbox/claims/{work}/recorded.yaml"
        before = read_recorded(path)
        known = before.get(scale, {})
        of_parts = known["verdicts"] if known.get("seed") == seed else {}
        found = {
            claim: of_parts.get(claim) if verdict == NOT_TESTABLE else verdict
            for claim, verdict in zip(rows["id"], rows["verdict"], strict=True)
        }
        asked = {claim: verdict for claim, verdict in found.items() if verdict}
        if not asked:
            continue
        whole = {**before, scale: {"seed": seed, "verdicts": asked}}
        path.write_text(yaml.safe_dump(whole, sort_keys=False, width=100), encoding="utf-8")


def _told(folder: Path, job: str) -> dict:
    """The slice of the config that a job of the study was told."""
    path = folder / RECORDS.format(job)
    if not path.exists():
        raise GlassboxError(f"no {path}: the study has not finished; run it first")
    return json.loads(path.read_text(encoding="utf-8"))["config"]


if __name__ == "__main__":
    take_none(__doc__)
    try:
        keep(Path())
    except GlassboxError as error:
        sys.exit(f"error: {error}")
