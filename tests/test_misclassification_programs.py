"""Programs that ask what tells a network's mistakes, on small perceptrons and a few digits."""

import json
from argparse import Namespace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import workflow
from perceptrons import CPU, some_digits, trained, write_sets

from analyses import ensembles, map_quality, misclassification
from glassbox.analyses.scores import ALL_CLASSES, auroc_by
from glassbox.errors import GlassboxError
from glassbox.models.model import answers
from glassbox.models.weights import read_model
from glassbox.seeds import generator
from glassbox.tables import read_examples, read_table, write_table
from jobs.replicates import counted
from study import schema, slices
from study.schema.analyses.introspection import Cycles
from study.schema.analyses.misclassification import introspected

REPLICATES = [0, 1, 2]
SPACES = ["principal components", "t-SNE", "hidden"]
CONFIG = {"seed": 1, "stream": ["maps"], "layers": None, "points": 80, "perplexity": 10.0}
OUTPUT_SCORES = {"maximum output", "margin", "random"}
ESTIMATES = {f"estimate on {each}" for each in ("principal components", "t-SNE", "hidden vector")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("mistakes")


@pytest.fixture(scope="module")
def paths(folder):
    """Sets of digits, three perceptrons, and tables that an introspection might give."""
    sets = {"train": some_digits(slice(0, 200)), "test": some_digits(slice(200, 320))}
    found = write_sets(folder, sets)
    found |= trained(folder, found["train"], found["test"], REPLICATES, epochs=12)
    for name in ("train", "test"):
        found[f"{name} introspection"] = folder / f"{name}-introspection.parquet"
        write_table(found[f"{name} introspection"], introspection(found[name]))
    return found


def introspection(path):
    """A table that tells of a set's examples at random, three times."""
    examples, rng = read_examples(path), np.random.default_rng(0)
    frames = [
        pd.DataFrame(
            {
                "replicate": replicate,
                "example_id": examples.ids,
                **{name: rng.normal(size=len(examples.ids)) for name in ("z1", "z2")},
                **{name: rng.random(len(examples.ids)) for name in ("estimate", "density", "hit")},
            }
        )
        for replicate in REPLICATES
    ]
    return pd.concat(frames, ignore_index=True)


def program(paths, folder, config=None, **further):
    """What a program is given that shows the networks the test set; dumps hold nothing."""
    about = {"method": "mlp", "set": "digits/test", "replicates": REPLICATES, "checkpoint": None}
    files = {"model": paths["model"], "weights": paths["weights"], "activations": folder / "none"}
    files |= {"training": [paths["train"]], "training_activations": folder / "none"}
    files |= {"examples": [paths["test"]], "introspection": [], "training_introspection": []}
    given = {**about, **files, "config": config or CONFIG, "device": lambda: CPU, **further}
    return Namespace(unfinished=None, **given)


def mistakes(paths, folder, name, **further):
    """The tables of misclassification, under a name."""
    files = {role: folder / f"{name}-{role}.parquet" for role in misclassification.TABLES}
    cycles = {"batch_size": 32, "learning_rate": 1e-3, "cycle": 20, "max_cycles": 2}
    cycles |= {"decay": 1.0, "patience": 5}
    config = {**CONFIG, "floor": 1e-6, "hidden": [8], "held_out": 0.1, "estimator": cycles}
    config |= {"spaces": SPACES}
    misclassification.main(program(paths, folder, config, **files, **further))
    return [read_table(files[role]) for role in misclassification.TABLES]


def test_mistakes_are_told_by_outputs_and_estimates(paths, folder):
    table, curves = mistakes(paths, folder, "bare")
    assert list(table) == ["method", "replicate", "set", "score", "label", "measure", "value"]
    assert set(table["score"]) == set(curves["score"]) == OUTPUT_SCORES | ESTIMATES
    assert set(table["replicate"]) == set(curves["replicate"]) == set(REPLICATES)
    values = table.set_index(["replicate", "score", "label", "measure"])["value"]
    examples = read_examples(paths["test"])
    for number in REPLICATES:
        model = read_model(paths["model"], paths["weights"], number, None)
        wrong = answers(model, examples.values) != examples.labels
        assert 0 < wrong.sum() < len(wrong)
        assert values[number, "margin", ALL_CLASSES, "wrong"] == wrong.sum()
        assert values[number, "margin", ALL_CLASSES, "auroc"] > 0.6
        drawn = generator(1, "maps", "random", "digits/test", number).random(len(wrong))
        assert values[number, "random", ALL_CLASSES, "auroc"] == auroc_by(drawn, wrong)
    again, _ = mistakes(paths, folder, "again")
    pd.testing.assert_frame_equal(again, table)


def test_mistakes_are_told_by_an_introspection_where_there_is_one(paths, folder):
    given = {"introspection": [paths["test introspection"]]}
    table, _ = mistakes(paths, folder, "introspected", **given)
    bare = OUTPUT_SCORES | ESTIMATES
    assert set(table["score"]) == bare | {"estimate", "density", "hit"}
    examples = read_examples(paths["test"])
    told = read_table(paths["test introspection"])
    wrong = answers(read_model(paths["model"], paths["weights"], 1, None), examples.values)
    values = table.set_index(["replicate", "score", "label", "measure"])["value"]
    hits = told[told["replicate"] == 1]["hit"].to_numpy()
    assert values[1, "hit", ALL_CLASSES, "auroc"] == auroc_by(-hits, wrong != examples.labels)


def test_an_introspection_of_other_examples_is_refused(paths, folder):
    given = {"introspection": [paths["train introspection"]]}
    with pytest.raises(GlassboxError, match="is of 200 examples that are not the 120 shown"):
        mistakes(paths, folder, "wrong", **given)


def test_maps_are_compared_with_and_without_an_introspection(paths, folder):
    table = folder / "map_quality.parquet"
    map_quality.main(program(paths, folder, table=table))
    bare = read_table(table)
    assert list(bare) == ["method", "replicate", "set", "space", "measure", "value"]
    assert bare["value"].between(0, 1).all()
    assert len(bare) == len(REPLICATES) * (3 + 3 + 2)
    roles = {"introspection": "test", "training_introspection": "train"}
    files = {role: [paths[f"{name} introspection"]] for role, name in roles.items()}
    map_quality.main(program(paths, folder, table=table, **files))
    every = read_table(table)
    assert set(every["space"]) == set(bare["space"]) | {"introspection"}
    rest = every[every["space"] != "introspection"].reset_index(drop=True)
    pd.testing.assert_frame_equal(rest, bare)
    values = every.groupby(["space", "measure"])["value"].mean()
    assert values["hidden", "hit"] > values["introspection", "hit"] + 0.2


def test_ensembles_of_replicates_are_right_more_often_than_one(paths, folder):
    table = folder / "ensembles.parquet"
    given = {"introspection": [paths["test introspection"]], "table": table}
    ensembles.main(program(paths, folder, {"sizes": [2, 3]}, **given))
    found = read_table(table)
    assert list(found) == ["method", "replicate", "set", "members", "weighting", "accuracy"]
    assert found["members"].unique().tolist() == ["0 1", "0 2", "1 2", "0 1 2"]
    assert set(found["weighting"]) == {"uniform", "maximum output", "confidence"}
    assert counted([table], 2)["members"].unique().tolist() == ["0 1"]
    examples = read_examples(paths["test"])
    each = [
        answers(read_model(paths["model"], paths["weights"], number, None), examples.values)
        for number in REPLICATES
    ]
    alone = np.mean([(told == examples.labels).mean() for told in each])
    whole = found[(found["members"] == "0 1 2") & (found["weighting"] == "uniform")]
    assert whole["accuracy"].item() >= alone


def test_members_that_are_shown_other_examples_are_refused(paths, folder):
    shown = {"examples": [paths["test"], paths["train"], paths["test"]]}
    given = program(paths, folder, {"sizes": [3]}, table=folder / "refused", **shown)
    with pytest.raises(GlassboxError, match="are shown examples that are not the same"):
        ensembles.main(given)


def test_a_job_depends_on_its_settings_and_the_draws_of_its_maps():
    mapped = {"layers": ["FC1"], "points": 500}
    asked = {
        "misclassification": {"of": {"lenet-digits": ["digits/test"]}, **mapped},
        "map_quality": {"of": {"lenet-digits": ["digits/test"]}, **mapped},
        "ensembles": {"of": {"lenet-digits": ["digits/test"]}, "sizes": [3, 2]},
    }
    config = schema.load(workflow.content({"seed": 3, "analyses": asked}, works=["lee2019"]))
    given = {
        kind: json.loads(slices.analysis(config, kind, "lenet-digits", "digits/test"))
        for kind in asked
    }
    maps = {**mapped, "perplexity": 30.0, "seed": 3, "stream": ["training_maps", "digits"]}
    assert given == {
        "misclassification": {
            **{**maps, "floor": 1e-8, "hidden": [200, 200, 200], "held_out": 0.1},
            "estimator": Cycles(batch_size=32).model_dump(mode="json"),
            "spaces": SPACES,
        },
        "map_quality": maps,
        "ensembles": {"sizes": [2, 3]},
    }


def test_tables_of_an_introspection_are_read_where_all_that_are_wanted_are_made():
    """`introspected` asks the study alone, so that a stand-in tells what it makes of that."""
    made = {"net": ["digits/test", "digits/train"], "other": ["digits/test"]}
    study = SimpleNamespace(
        config=SimpleNamespace(asked=lambda kind: {"introspection": made}[kind]),
        block_of=lambda model, replicate: "0-4",
        tables=lambda *names: ["/".join(names)],
    )
    sets = {"introspection": "digits/test", "training_introspection": "digits/train"}
    assert introspected(study, "net", [0], sets) == {
        role: [f"introspection/net/{one}/0-4"] for role, one in sets.items()
    }
    assert introspected(study, "other", [0], sets) == {}
    assert introspected(study, "third", [0], sets) == {}
