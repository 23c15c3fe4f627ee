"""Jobs that run at once on one machine get different GPUs."""

import subprocess
import sys
from pathlib import Path

import pytest

from glassbox.devices import gpu_names

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
CLAIM = """
import sys
from pathlib import Path
from glassbox.devices import claim_gpu
print(claim_gpu(sys.argv[2:], Path(sys.argv[1]), poll=0.1), flush=True)
sys.stdin.read()
"""


def claim(folder: Path, *names: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", CLAIM, folder, *names],
        env={"PYTHONPATH": str(SCRIPTS)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_processes_at_once_claim_different_gpus_and_the_next_waits(tmp_path: Path) -> None:
    holders = [claim(tmp_path, "0", "1") for _ in range(2)]
    places = [holder.stdout.readline().strip() for holder in holders]
    assert sorted(places) == ["0", "1"]
    third = claim(tmp_path, "0", "1")
    with pytest.raises(subprocess.TimeoutExpired):
        third.wait(timeout=0.5)
    holders[0].kill()
    assert third.stdout.readline().strip() == places[0]
    for holder in (*holders, third):
        holder.kill()
        holder.wait()


def test_a_gpu_has_one_name_whatever_a_process_may_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert gpu_names(2) == ["0", "1"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3,1")
    assert gpu_names(2) == ["3", "1"]
