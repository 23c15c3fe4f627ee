"""Where misclassified examples lie, against plain loops."""

import numpy as np
import pandas as pd
import pytest
from test_class_clusters import Given

from glassbox.analyses.mapped import LAYER, MAP
from glassbox.analyses.misclassified_places import NO_MAP, misclassified_places
from glassbox.errors import GlassboxError
from glassbox.tables import Examples

COUNT, CLASSES, NEAREST = 90, 3, 4


@pytest.fixture
def given():
    """Three clouds; every seventh example lies with another class, and is taken for that."""
    rng = np.random.default_rng(0)
    labels = np.arange(COUNT) % CLASSES
    answers = np.where(np.arange(COUNT) % 7, labels, (labels + 1) % CLASSES)
    hidden = 8 * np.eye(CLASSES)[answers] + rng.normal(size=(COUNT, CLASSES))
    images = (8 * np.eye(CLASSES)[labels] + rng.normal(size=(COUNT, CLASSES))).astype(np.float32)
    examples = Examples(rng.permutation(COUNT) + 10, labels, images, {"classes": CLASSES})
    out = np.eye(CLASSES, dtype=np.float32)[answers]
    return Given(examples, {"input": images, "one": hidden.astype(np.float32), "out": out})


def by_loops(points, labels, answers):
    """The two hits, and the shares of classes near right and wrong examples of each class."""
    hits, shares = {"predicted": [], "true": []}, {}
    for place in range(len(points)):
        apart = [float(np.linalg.norm(points[place] - other)) for other in points]
        order = [other for other in np.argsort(apart) if other != place][:NEAREST]
        near = [labels[other] for other in order]
        is_right = answers[place] == labels[place]
        if not is_right:
            hits["predicted"].append(np.mean([each == answers[place] for each in near]))
            hits["true"].append(np.mean([each == labels[place] for each in near]))
        key = "right" if is_right else "wrong", labels[place]
        shares.setdefault(key, []).extend(near)
    return {name: np.mean(each) for name, each in hits.items()}, shares


def test_hits_and_classes_nearby_are_those_of_loops(given):
    rows = np.arange(0, COUNT, 2)
    table, nearby = misclassified_places(given, rows, NEAREST)
    assert list(table["layer"].unique()) == ["input", "one", "out"]
    labels, answers = given.examples.labels[rows], given.answers[rows]
    for layer in ("input", "one"):
        hits, shares = by_loops(given[layer][rows].astype(float), labels, answers)
        own = table[table["layer"] == layer].set_index("labels")
        assert own["hit"].to_dict() == pytest.approx(hits)
        assert (own["errors"] == (labels != answers).sum()).all() and (own["count"] == 45).all()
        assert set(own["space"]) == {LAYER} and set(own["seed"]) == {NO_MAP}
        told = nearby[nearby["layer"] == layer]
        assert len(told) == len(shares) * CLASSES
        for row in told.itertuples():
            near = shares[row.answered, row.label]
            assert row.share == pytest.approx(near.count(row.near) / len(near))
            assert row.count == len(near) / NEAREST
    wide = table.pivot(index="layer", columns="labels", values="hit")
    assert wide.loc["one", "predicted"] > 0.6 > 0.4 > wide.loc["one", "true"]
    assert wide.loc["input", "true"] > 0.9


def maps(given, seeds=(0, 1)):
    """Two maps of one layer, of some of the examples."""
    rng = np.random.default_rng(5)
    rows = np.sort(rng.choice(COUNT, 60, replace=False))
    frames = [
        pd.DataFrame(
            {
                "layer": "one",
                "depth": 1,
                "projection": "t-sne",
                "draw": 0,
                "seed": seed,
                "example_id": given.examples.ids[rows],
                **dict(zip("xy", rng.normal(size=(2, 60)), strict=True)),
            }
        )
        for seed in seeds
    ]
    return pd.concat(frames), rows


def test_places_in_maps_are_those_of_loops(given):
    drawn, rows = maps(given)
    table, nearby = misclassified_places(given, np.arange(COUNT), NEAREST, drawn)
    for seed, own in drawn.groupby("seed"):
        points = own[["x", "y"]].to_numpy()
        hits, _ = by_loops(points, given.examples.labels[rows], given.answers[rows])
        found = table[(table["space"] == MAP) & (table["seed"] == seed)].set_index("labels")
        assert found["hit"].to_dict() == pytest.approx(hits)
        assert set(found["count"]) == {60} and set(found["layer"]) == {"one"}
    assert set(nearby.loc[nearby["space"] == MAP, "seed"]) == {0, 1}


def test_layers_are_chosen_and_maps_by_t_sne(given):
    drawn, _ = maps(given)
    table, _ = misclassified_places(given, np.arange(COUNT), NEAREST, drawn, ["out", "input"])
    assert list(table["layer"].unique()) == ["input", "out"] and set(table["space"]) == {LAYER}
    other = drawn.assign(projection="mds")
    table, _ = misclassified_places(given, np.arange(COUNT), NEAREST, other)
    assert set(table["space"]) == {LAYER}
    with pytest.raises(GlassboxError, match="two"):
        misclassified_places(given, np.arange(COUNT), NEAREST, None, ["two"])


def test_maps_of_another_set_are_refused(given):
    drawn, _ = maps(given)
    other = drawn.assign(example_id=drawn["example_id"] + 5)
    with pytest.raises(GlassboxError, match="not among the 90 shown"):
        misclassified_places(given, np.arange(COUNT), NEAREST, other)


def test_of_no_errors_no_hit_is_told(given):
    given.values["out"] = np.eye(CLASSES, dtype=np.float32)[given.examples.labels]
    table, nearby = misclassified_places(given, np.arange(COUNT), NEAREST)
    assert table["hit"].isna().all() and (table["errors"] == 0).all()
    assert set(nearby["answered"]) == {"right"}
