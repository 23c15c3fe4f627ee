"""Libraries of patterns against one pattern at a time in exact sums."""

import math
import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from workflow import ROOT

from glassbox.analyses import cosines, libraries
from glassbox.analyses.cosines import cosines_exactly
from glassbox.analyses.libraries import build_libraries
from glassbox.errors import GlassboxError

CPU = torch.device("cpu")


def cosine(one, other):
    """The cosine of two float32 vectors, all sums exact and rounded once; 0 for a zero vector."""
    one, other = one.tolist(), other.tolist()
    pairs = (one, other), (one, one), (other, other)
    dot, square, other_square = (
        math.fsum(a * b for a, b in zip(*pair, strict=True)) for pair in pairs
    )
    return dot / math.sqrt(square * other_square) if square and other_square else 0.0


def one_at_a_time(patterns, threshold):
    """The stored rows: the first, and each whose largest cosine with them is below."""
    stored = []
    for row, pattern in enumerate(patterns):
        if not stored or max(cosine(pattern, patterns[s]) for s in stored) < threshold:
            stored.append(row)
    return stored


def assert_one_at_a_time(built, patterns):
    for place, threshold in enumerate(built.thresholds):
        assert built.library(place).tolist() == one_at_a_time(patterns, threshold)


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks and tiles so small that a few patterns fill several."""
    monkeypatch.setattr(libraries, "FIRST", 2)
    monkeypatch.setitem(cosines.LARGEST, "cpu", 5)
    monkeypatch.setitem(cosines.TILE, "cpu", 3)


def clustered(count, width, clusters, noise, seed=0):
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((clusters, width), np.float32)
    points = centres[rng.integers(clusters, size=count)]
    return points + noise * rng.standard_normal((count, width), np.float32)


def leaning(width):
    """Patterns whose cosine with the first float32 cannot tell from 0.7."""
    rng = np.random.default_rng(3)
    base = rng.standard_normal(width)
    other = rng.standard_normal((40, width))
    other -= np.outer(other @ base, base) / (base @ base)
    lean = 0.7 + rng.uniform(-1e-7, 1e-7, 40)
    unit = other / np.linalg.norm(other, axis=1, keepdims=True)
    leaning = lean[:, None] * base / np.linalg.norm(base) + np.sqrt(1 - lean**2)[:, None] * unit
    return np.vstack([base, leaning]).astype(np.float32)


# Whole numbers of a narrow range: ties, duplicates, parallel and zero vectors are frequent.
coarse = hnp.arrays(
    np.float32,
    hnp.array_shapes(min_dims=2, max_dims=2, max_side=24).map(lambda s: (s[0], min(s[1], 5))),
    elements=st.integers(-2, 2).map(float),
)


@given(
    coarse, st.lists(st.sampled_from([-0.5, 0.0, 0.5, 0.6, 0.8, 0.9, 1.0]), min_size=1, max_size=3)
)
@settings(max_examples=60, deadline=None)
def test_libraries_are_those_of_one_at_a_time(patterns, thresholds):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(libraries, "FIRST", 2)
        patch.setitem(cosines.LARGEST, "cpu", 5)
        patch.setitem(cosines.TILE, "cpu", 3)
        built = build_libraries(patterns, thresholds, CPU)
    assert_one_at_a_time(built, patterns)


@pytest.mark.parametrize("noise", [0.3, 1.0, 3.0])
def test_blocks_and_tiles_of_any_size_give_one_library(noise, monkeypatch):
    patterns, thresholds = clustered(70, 10, 4, noise), [0.5, 0.7, 0.9]
    wanted = [one_at_a_time(patterns, threshold) for threshold in thresholds]
    for first, largest, tile in [(1, 1, 1), (3, 7, 5), (32, 512, 1024), (200, 200, 7)]:
        monkeypatch.setattr(libraries, "FIRST", first)
        monkeypatch.setitem(cosines.LARGEST, "cpu", largest)
        monkeypatch.setitem(cosines.TILE, "cpu", tile)
        built = build_libraries(patterns, thresholds, CPU)
        assert [built.library(place).tolist() for place in range(3)] == wanted
        assert built.sizes.tolist() == [len(rows) for rows in wanted]


def test_a_library_does_not_depend_on_the_thresholds_beside_it():
    patterns, thresholds = clustered(400, 30, 9, 1.0), [0.3, 0.5, 0.65, 0.9]
    together = build_libraries(patterns, thresholds, CPU)
    for place, threshold in enumerate(thresholds):
        alone = build_libraries(patterns, [threshold], CPU)
        assert together.library(place).tolist() == alone.rows.tolist()


def test_a_tie_with_the_threshold_is_not_below_it():
    patterns = np.array([[1, 0], [4, 3], [3, 4]], np.float32)
    assert build_libraries(patterns, [0.8], CPU).rows.tolist() == [0, 2]
    assert build_libraries(patterns, [np.nextafter(0.8, 1)], CPU).rows.tolist() == [0, 1]


@pytest.mark.parametrize("width", [7, 300])
def test_a_threshold_at_the_very_cosine_of_two_patterns_decides_exactly(width, small_blocks):
    patterns = clustered(12, width, 1, 0.5)
    for row in range(1, 12):
        reached = max(cosine(patterns[row], patterns[r]) for r in range(row))
        for threshold in (np.nextafter(reached, 0), reached, np.nextafter(reached, 2)):
            built = build_libraries(patterns, [threshold], CPU)
            assert built.rows.tolist() == one_at_a_time(patterns, threshold)


def test_float32_products_near_the_threshold_are_settled_in_one_library(small_blocks):
    patterns = leaning(2000)
    built = build_libraries(patterns, [0.7], CPU)
    assert built.rows.tolist() == one_at_a_time(patterns, 0.7)
    assert 5 < len(built.rows) < 36


def test_duplicates_and_parallel_patterns_are_stored_once():
    pattern = np.random.default_rng(0).standard_normal(50).astype(np.float32)
    patterns = np.stack([pattern, pattern, 2 * pattern, 0.25 * pattern, -pattern, -4 * pattern])
    assert build_libraries(patterns, [1.0], CPU).rows.tolist() == [0, 4]


def test_every_zero_pattern_is_novel_to_a_positive_threshold():
    patterns = np.array([[0, 0], [1, 0], [0, 0], [2, 0]], np.float32)
    assert build_libraries(patterns, [0.5], CPU).rows.tolist() == [0, 1, 2]
    assert build_libraries(patterns, [-0.5], CPU).rows.tolist() == [0]


@pytest.mark.parametrize("scale", [1e-37, 1e-25, 1e25, 3e37])
def test_norms_that_leave_float32_change_nothing(scale, small_blocks):
    patterns = clustered(30, 6, 3, 0.4)
    scaled = patterns.copy()
    scaled[::3] *= np.float32(scale)
    wanted = [one_at_a_time(scaled, threshold) for threshold in (0.6, 0.9)]
    built = build_libraries(scaled, [0.6, 0.9], CPU)
    assert [built.library(place).tolist() for place in range(2)] == wanted


def test_exact_cosines_of_parallel_vectors_are_one():
    pattern = np.random.default_rng(0).standard_normal((5, 999)).astype(np.float32)
    assert cosines_exactly(pattern, 8 * pattern, 1.0).tolist() == [1.0] * 5
    assert cosines_exactly(pattern, -pattern, -1.0).tolist() == [-1.0] * 5
    assert cosines_exactly(pattern, 0 * pattern, 0.0).tolist() == [0.0] * 5


def test_no_patterns_give_an_empty_library():
    built = build_libraries(np.zeros((0, 4), np.float32), [0.5, 0.7], CPU)
    assert built.sizes.tolist() == [0, 0]


@pytest.mark.parametrize("thresholds", [[1.5], [0.5, -1.0], [float("nan")], []])
def test_thresholds_out_of_range_are_refused(thresholds):
    with pytest.raises(GlassboxError, match="thresholds must be above -1 and at most 1"):
        build_libraries(np.ones((2, 2), np.float32), thresholds, CPU)


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_patterns_that_are_no_numbers_are_refused(wrong):
    patterns = np.ones((40, 3), np.float32)
    patterns[35, 1] = wrong
    with pytest.raises(GlassboxError, match="pattern 35 holds NaN or infinity"):
        build_libraries(patterns, [0.5], CPU)


# In a process of its own, whose memory holds nothing that earlier tests have freed.
GROWTH = """
from pathlib import Path
import numpy as np, torch
from glassbox.analyses.libraries import build_libraries, working_memory

def kilobytes(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))

cpu = torch.device("cpu")
patterns = np.random.default_rng(0).standard_normal((3000, 4096), np.float32)
build_libraries(patterns[:600], [0.5], cpu)
Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
before = kilobytes("VmRSS")
built = build_libraries(patterns, [0.5, 0.6], cpu)
grown = 1024 * (kilobytes("VmHWM") - before)
print(patterns.nbytes, grown, working_memory(patterns.shape[1], 2, len(built.rows), cpu))
"""


def test_memory_stays_within_what_is_stated():
    """The peak of the process grows by no more than `working_memory` says, which is not vast."""
    command = [sys.executable, "-c", GROWTH]
    found = subprocess.run(command, cwd=ROOT / "scripts", capture_output=True, text=True)
    if "clear_refs" in found.stderr:
        pytest.skip("this system does not let a process reset its peak of memory")
    assert not found.returncode, found.stderr
    size, grown, stated = map(int, found.stdout.split())
    assert 0.5 * size < grown < stated < 4 * size
