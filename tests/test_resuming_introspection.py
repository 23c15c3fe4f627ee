"""Fits of introspections that are ended go on from their last state, to the same bytes."""

import subprocess
import sys
from itertools import count

import numpy as np
import pytest
import torch
import workflow

from glassbox.analyses.introspection import Fitting, estimator_of, fit_introspection
from glassbox.analyses.introspection_variants import Seen, fit_apart
from glassbox.models.unfinished import Unfinished
from study.schema.analyses import KINDS

CPU = torch.device("cpu")
CYCLES = {"batch_size": 32, "learning_rate": 1e-3, "cycle": 10, "max_cycles": 6, "patience": 6}
FITTING = Fitting.in_cycles(CYCLES, CYCLES, hidden=[16], weight=10.0, held_out=0.2)
STREAMS = [(1, "introspection", replicate) for replicate in (0, 1)]
RESUMED = [program for kind in KINDS for program in kind.resumed]


class Ended(Exception):
    """As by a time limit."""


def ended_after(periods):
    """A progress that is ended after so many periods of all trainings that it wraps."""
    gone = count(1)

    def progress(to_come):
        for period in to_come:
            if next(gone) > periods:
                raise Ended
            yield period

    return progress


@pytest.fixture
def kept(tmp_path):
    return lambda part: Unfinished(tmp_path / f"{part}.pt", 0)


@pytest.fixture
def seen():
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(2, 200, 12)).astype(np.float32)
    errors = np.abs(hidden[..., 0]).astype(np.float64)
    return Seen(hidden, errors, errors > 1, np.zeros((2, 200), int))


def bytes_of(fitted):
    return [
        (part, name, tensor.detach().numpy().tobytes())
        for replicate in fitted.states()
        for part, tensors in replicate.items()
        for name, tensor in tensors.items()
    ]


@pytest.mark.parametrize("periods", [1, 4, 6, 9])
def test_autoencoders_and_estimators_go_on(periods, seen, kept, caplog):
    given = torch.from_numpy(seen.hidden), torch.from_numpy(seen.errors).float(), FITTING, STREAMS
    whole = fit_introspection(*given)
    with pytest.raises(Ended):
        fit_introspection(*given, ended_after(periods), kept)
    with caplog.at_level("INFO"):
        found = fit_introspection(*given, kept=kept)
    assert f"going on after cycle {min(periods, 6)}" in caplog.text
    assert bytes_of(found) == bytes_of(whole)


def test_variants_go_on(seen, kept):
    fittings = {"usual": (FITTING, 1e-8), "floor": (FITTING, 1e-4)}
    given = seen, fittings, STREAMS, CPU
    whole = [bytes_of(fitted) for _, fitted in fit_apart(*given)]
    with pytest.raises(Ended):
        list(fit_apart(*given, ended_after(15), kept))
    rest = []

    def counted(to_come):
        for period in to_come:
            rest.append(period)
            yield period

    assert [bytes_of(fitted) for _, fitted in fit_apart(*given, counted, kept)] == whole
    assert rest == [4, 5, 6]


def test_estimators_of_several_inputs_have_a_state_each(seen, kept, tmp_path):
    fit = estimator_of(FITTING, STREAMS[0], CPU, kept)
    told = [fit(seen.hidden[0, :, :width], seen.errors[0]) for width in (2, 5)]
    again = estimator_of(FITTING, STREAMS[0], CPU, kept)
    for width, one in zip((2, 5), told, strict=True):
        inputs = seen.hidden[0, :, :width]
        assert again(inputs, seen.errors[0])(inputs).tolist() == one(inputs).tolist()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["0.pt", "1.pt"]


@pytest.mark.parametrize("program", RESUMED)
def test_programs_that_fit_for_long_are_told_where_their_state_is(program):
    path = workflow.ROOT / f"scripts/analyses/{program}.py"
    told = subprocess.run([sys.executable, path, "--help"], capture_output=True, text=True)
    assert "--unfinished" in told.stdout and "--save-every" in told.stdout
