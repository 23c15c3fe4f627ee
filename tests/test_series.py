"""Series over the checkpoints of a model: what is read, and how much of it is held at once."""

import gc
import weakref
from argparse import Namespace

import numpy as np
import perceptrons
import pytest
import workflow

from analyses.introspection_trajectories import records_of
from glassbox.activations import Activations
from jobs.activations import series_of
from jobs.models import model_of

FOLLOWED = 7


@pytest.fixture(scope="module")
def arguments(tmp_path_factory):
    folder = tmp_path_factory.mktemp("series")
    sets = {"train": slice(0, 60), "validation": slice(60, 90), "test": slice(90, 130)}
    made = {name: perceptrons.some_digits(rows) for name, rows in sets.items()}
    files = perceptrons.write_sets(folder, made)
    given = perceptrons.trained(folder, files["train"], files["validation"], [4], 3, [0, 1])
    config = {"examples": FOLLOWED, "layers": None, "seed": 1, "stream": ["mine"]}
    told = {"examples": [files["test"]], "replicates": [4], "checkpoint": None}
    told |= {"device": lambda: perceptrons.CPU, "config": config}
    return Namespace(model=given["model"], weights=given["weights"], **told)


def test_one_checkpoint_after_another_is_held(arguments):
    examples = perceptrons.some_digits(slice(90, 130))
    epochs, before = [], None
    for epoch, activations in series_of(arguments, 4, examples):
        gc.collect()
        assert before is None or before() is None
        assert activations["hidden-1"].shape == (40, 12)
        epochs.append(epoch)
        before = weakref.ref(activations["hidden-1"])
        del activations
    assert epochs == [0, 1]


def test_those_that_are_followed_alone_go_through_the_network(arguments, monkeypatch):
    asked = []
    of_model = Activations._from_model.func

    def noticed(self):
        asked.append(len(self.examples.values))
        return of_model(self)

    monkeypatch.setattr(Activations, "_from_model", property(noticed))
    ((examples, record),) = records_of(arguments, [(1, "mine", 4)])
    assert list(record) == [0, 1] and set(asked) == {FOLLOWED}
    whole = Activations(lambda: model_of(arguments, 4, 1), perceptrons.some_digits(slice(90, 130)))
    monkeypatch.undo()
    rows = examples.ids - 90
    wanted = np.concatenate([whole["hidden-1"][rows], whole["hidden-2"][rows]], axis=1)
    np.testing.assert_allclose(record[1], wanted, rtol=1e-5, atol=1e-6)


def test_memory_grows_with_those_that_are_followed_and_not_with_the_set():
    config = workflow.configured("config/pardo2019/published.yaml")
    entry = config.analyses["introspection_trajectories-published"]
    few, usual = (
        each.megabytes(config, "net1", None)
        for each in (entry.model_copy(update={"examples": 500}), entry)
    )
    assert few < usual < 12_000


def test_memory_grows_with_the_replicates_that_are_side_by_side():
    config = workflow.configured("config/pardo2019/published.yaml")
    three, six = (
        config.analyses[name].megabytes(config, model, None)
        for name, model in (
            ("introspection-published", "net1"),
            ("introspection-variants", "net1-ensemble"),
        )
    )
    assert six - 3000 == pytest.approx(2 * (three - 3000), abs=1)
