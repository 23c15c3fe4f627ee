"""Programs and figures of how classes lie in layers, on small perceptrons and a few digits."""

import json
from argparse import Namespace

import numpy as np
import pandas as pd
import pytest
import workflow
from perceptrons import CPU, some_digits, trained, write_sets

from analyses import class_clusters, misclassified_places
from figures import class_cluster_maps
from glassbox.analyses.class_clusters import NONE
from glassbox.datasets.edges import edges
from glassbox.datasets.inverted import invert
from glassbox.errors import GlassboxError
from glassbox.models.model import answers
from glassbox.models.weights import read_model
from glassbox.tables import read_examples, read_table, write_table
from study import schema, slices
from study.paths import Study
from study.schema.analyses.classes import before_edges
from study.schema.figures.introspection import COLOURS
from study.schema.figures.kind import Refused
from study.schema.messages import ConfigError

REPLICATES = [0, 1]
CONFIG = {"seed": 1, "stream": ["projection", "digits", "test"], "layers": None, "points": None}
MARKS = ["#0072b2", "#d55e00"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("classes")


@pytest.fixture(scope="module")
def paths(folder):
    """Half-inverted digits and their edges, and two perceptrons for the former."""
    sets = {}
    for name, part in (("train", slice(0, 300)), ("test", slice(300, 700))):
        sets[name] = invert(np.random.default_rng(0), some_digits(part), 0.5)
        sets[f"{name} edges"] = edges(sets[name], 0.5)
    found = write_sets(folder, sets)
    found |= trained(folder, found["train"], found["test"], REPLICATES, epochs=12)
    return found


def run(program, paths, folder, name, shown="test", **further):
    """The tables that a program makes of the networks on a set; dumps hold nothing."""
    about = {"method": "mlp", "set": "digits/test", "replicates": REPLICATES, "checkpoint": None}
    files = {role: folder / f"{name}-{role}.parquet" for role in program.TABLES}
    files |= {"model": paths["model"], "weights": paths["weights"], "activations": folder / "none"}
    given = {**about, **files, "examples": [paths[shown]], "device": lambda: CPU, **further}
    program.main(Namespace(**{"config": CONFIG, **given}))
    return [read_table(files[role]) for role in program.TABLES]


def test_clusters_are_told_beside_polarity_and_what_is_known_of_it(paths, folder):
    config = {**CONFIG, "layers": ["input", "hidden-2"]}
    shown = {"pixels": [paths["test"]], "config": config}
    table, members, images = run(class_clusters, paths, folder, "plain", **shown)
    of = ["method", "replicate", "set", "layer", "depth"]
    assert list(table) == [*of, "label", "measure", "value"]
    assert list(members) == [*of, "example_id", "label", "cluster", "polarity", "inverted"]
    assert list(images) == [*of, "label", "cluster", "count", "pixel", "value"]
    assert set(table["layer"]) == {"input", "hidden-2"} and set(table["replicate"]) == {0, 1}
    assert ((members["polarity"] > 0) == (members["inverted"] == 0)).all()
    assert (members["cluster"] != NONE).all()
    values = table[table["layer"] == "input"].groupby("measure")["value"].mean()
    assert values["second"] > 0.5 and values["auroc-pixels"] > 0.98
    assert values["auroc-inverted"] == values["auroc-pixels"]
    pixels = read_examples(paths["test"])
    own = members[(members["layer"] == "input") & (members["replicate"] == 0)]
    own = own.set_index("example_id").loc[pixels.ids]
    part = ((own["label"] == 3) & (own["cluster"] == 1)).to_numpy()
    shown = images[(images["layer"] == "input") & (images["replicate"] == 0)]
    shown = shown[(shown["label"] == 3) & (shown["cluster"] == 1)]
    np.testing.assert_allclose(shown["value"], pixels.values[part].mean(axis=0), rtol=1e-5)
    again, *_ = run(class_clusters, paths, folder, "again", pixels=[paths["test"]], config=config)
    pd.testing.assert_frame_equal(again, table)


def test_polarity_of_edges_is_that_of_the_images_before(paths, folder):
    given = {"pixels": [paths["test"]], "config": {**CONFIG, "layers": ["input"]}}
    table, members, _ = run(class_clusters, paths, folder, "edges", "test edges", **given)
    assert ((members["polarity"] > 0) == (members["inverted"] == 0)).all()
    area = table.loc[table["measure"] == "auroc-pixels", "value"].mean()
    assert 0.3 < area < 0.7
    with pytest.raises(GlassboxError, match="the images before edges are taken are others"):
        run(class_clusters, paths, folder, "wrong", **{**given, "pixels": [paths["train"]]})


def test_mistakes_are_looked_for_in_layers_and_in_the_maps_that_there_are(paths, folder):
    examples = read_examples(paths["test"])
    rng = np.random.default_rng(0)
    drawn = pd.DataFrame({"example_id": examples.ids[:90], "replicate": 1, "layer": "hidden-2"})
    drawn = drawn.assign(depth=2, projection="t-sne", draw=0, seed=0)
    drawn[["x", "y"]] = rng.normal(size=(90, 2))
    write_table(folder / "map.parquet", drawn)
    config = {**CONFIG, "points": 200, "neighbours": 6}
    given = {"config": config, "maps": [folder / "map.parquet"]}
    table, nearby = run(misclassified_places, paths, folder, "places", **given)
    of = ["method", "replicate", "set", "layer", "depth", "space", "draw", "seed"]
    assert list(table) == [*of, "labels", "hit", "errors", "count"]
    assert list(nearby) == [*of, "answered", "label", "near", "share", "count"]
    in_map = table[table["space"] == "map"]
    assert set(in_map["replicate"]) == {1} and set(in_map["count"]) == {90}
    assert set(table.loc[table["space"] == "layer", "count"]) == {200}
    model = read_model(paths["model"], paths["weights"], 1, None)
    wrong = answers(model, examples.values[:90]) != examples.labels[:90]
    assert wrong.sum() > 0 and set(in_map["errors"]) == {wrong.sum()}
    bare, _ = run(misclassified_places, paths, folder, "bare", config=config, maps=[])
    layers = table[table["space"] == "layer"].reset_index(drop=True)
    pd.testing.assert_frame_equal(bare, layers)


# The figure


def drawn(paths, folder, layer):
    """The figure of the clusters in the layers of replicate 0."""
    config = {**CONFIG, "layers": ["input", "hidden-2"]}
    run(class_clusters, paths, folder, "shown", pixels=[paths["test"]], config=config)
    examples = read_examples(paths["test"])
    frames = []
    for place, seed in ((place, seed) for place in ("input", "hidden-2") for seed in (0, 1)):
        points = pd.DataFrame({"example_id": examples.ids, "label": examples.labels})
        points[["x", "y"]] = np.random.default_rng(seed).normal(size=(len(points), 2))
        frames.append(
            points.assign(layer=place, projection="t-sne", draw=0, seed=seed, replicate=0)
        )
    write_table(folder / "shown-maps.parquet", pd.concat(frames))
    roles = {role: [folder / f"shown-{role}.parquet"] for role in ("maps", "members", "images")}
    keys = {"layer": layer, "colours": COLOURS, "marks": MARKS, "shape": [8, 8]}
    output = folder / f"{layer}.svg"
    class_cluster_maps.main(Namespace(config=keys, output=output, **roles))
    return output.read_text()


def test_the_deepest_layer_is_shown_unless_one_is_named(paths, folder):
    named, left_out, other = (drawn(paths, folder, each) for each in ("hidden-2", None, "input"))
    assert named == left_out != other
    assert named.count("<image") == 3 + 20  # maps, and two clusters of ten classes


# What the config makes of them


def configured(**changes):
    return schema.load(workflow.content(changes, scale="smoke", works=["rauber2017"]))


def test_jobs_get_their_settings_the_images_before_edges_and_the_maps_of_their_replicates():
    config = configured(seed=3)
    study = Study(config)
    model, shown = "cnn-digits-inverted-edges-0.5", "digits-inverted-edges-0.5/test"
    given = json.loads(slices.analysis(config, "class_clusters", model, shown))
    stream = {"points": None, "seed": 3, "stream": ["projection", "digits", "test"]}
    assert given == {"layers": ["hidden-2"], **stream}
    entry = config.analysis("class_clusters", model, shown)
    read = entry.besides(study, model, shown, [0, 1])
    assert read == {"pixels": ["results/datasets/digits-inverted/0/test.parquet"]}
    assert before_edges(config, "digits") == "digits"
    places = config.analysis("misclassified_places", "mlp-digits", "digits/test")
    told = json.loads(slices.analysis(config, "misclassified_places", "mlp-digits", "digits/test"))
    assert told == {"layers": None, "neighbours": 6, **stream}
    read = places.besides(study, "mlp-digits", "digits/test", [0, 1])
    mapped = study.tables("projections", "mlp-digits", "digits/test")
    assert read == {"maps": mapped[:2]}
    assert places.besides(study, "cnn-digits", "digits/test", [0]) == {}


def test_layers_in_which_no_clusters_are_looked_for_are_not_shown():
    config = configured()
    figure = config.figures["rauber2017-6-inverted"]
    assert figure.data(Study(config)).keys() == {"maps", "members", "images"}
    other = figure.model_copy(update={"layer": "hidden-1"})
    with pytest.raises(Refused, match="found 'hidden-1'; clusters are looked for in"):
        other.data(Study(config))


def test_signals_have_no_polarity():
    of = {"nn-1": ["jumps/test"]}
    content = {"analyses": {"clusters": {"kind": "class_clusters", "of": of}}}
    with pytest.raises(ConfigError, match="nn-1 has no hidden layers"):
        schema.load(workflow.content(content, works=["chen2017"]))
    content["analyses"]["clusters"]["of"] = {"mlp-2": ["jumps/test"]}
    with pytest.raises(ConfigError, match="jumps/test has no images"):
        schema.load(workflow.content(content, works=["chen2017"]))
