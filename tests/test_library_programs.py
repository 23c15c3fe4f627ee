"""The programs that train, attack and look into models, on a small LeNet and a few digits."""

import hashlib
import json
from argparse import Namespace

import numpy as np
import pandas as pd
import pytest
import torch
from matplotlib.colors import to_hex
from sklearn.metrics import silhouette_samples
from sklearn.metrics.pairwise import cosine_similarity

from activations import activations
from analyses import consistency, fit_probes, libraries, pattern_changes, probes, silhouettes
from datasets import attacks, images
from glassbox.analyses.baselines import MaximumSoftmax
from glassbox.analyses.library_network import Answered
from glassbox.analyses.library_tables import library_tables
from glassbox.analyses.probes import Probe
from glassbox.analyses.scores import auroc_of
from glassbox.datasets.images import as_examples, digits, photo_patches
from glassbox.errors import GlassboxError
from glassbox.figures.aurocs import aurocs
from glassbox.figures.confusions import UNKNOWN, confusions
from glassbox.figures.library_curves import library_curves
from glassbox.models.model import answers, read_layers
from glassbox.models.parts import read_parts
from glassbox.models.weights import kept_epochs, read_model
from glassbox.seeds import generator
from glassbox.tables import read_examples, read_table, write_set
from models import pretrained, training
from study.schema.figures.libraries import COLOURS

CPU = torch.device("cpu")
LENET = {"kind": "lenet", "kernel": 3, "padding": 1}
LAYERS = ("CN1", "FC2")
THRESHOLDS = [0.5, 0.7]
SETS = {"set1": {"CN1": 0.5, "FC2": 0.7}, "set2": {"CN1": 0.7, "FC2": 0.5}}
KINDS = ("pgd", "noise", "clip")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("libraries")


@pytest.fixture(scope="module")
def paths(folder):
    """Sets of images, a trained block of two replicates, attacks on them, and all tables."""
    pixels, labels = digits()
    rows = {"train": slice(0, 300), "test": slice(300, 400)}
    found = {name: folder / f"{name}.parquet" for name in (*rows, "photos")}
    for name, part in rows.items():
        ids = np.arange(part.start, part.stop)
        examples = as_examples(pixels[part], labels[part], ids, 10)
        write_set(found[name], folder / "digest.json", examples)
    patches, which = photo_patches(np.random.default_rng(0), 30, 8)
    outliers = as_examples(patches, which, np.arange(30), 2)
    write_set(found["photos"], folder / "digest.json", outliers)
    made = ("weights", "model", "history", "attacks", "table", "scores")
    found |= {name: folder / name for name in made}
    train(found, folder)
    attack(found, folder)
    dump(found, folder)
    for layer in LAYERS:
        library(found, folder, layer)
    cluster(found, folder)
    change(found, folder)
    probe(found, folder)
    detect(found)
    return found


def train(found, folder):
    recipe = {"batch_size": 32, "learning_rate": 0.05, "momentum": 0.5}
    recipe |= {"stop": "epochs", "max_epochs": 4}
    config = {"name": "lenet", "seed": 1, "stream": "models", "build": LENET, "recipe": recipe}
    config |= {"replicates": [0, 1], "start": "glorot", "checkpoints": [0, 3]}
    files = {name: found[name] for name in ("weights", "model", "history")}
    files |= {"train": [found["train"]], "validation": [found["test"]]}
    training.main(
        Namespace(
            config=config,
            digest=folder / "digest.json",
            device=lambda: CPU,
            unfinished=None,
            **files,
        )
    )


def attack(found, folder):
    config = {"seed": 1, "stream": ["a"], "space": "normalised", "sizes": [0.3], "images": 25}
    config |= {"steps": 3, "step": 0.1, "bounds": [0, 1]}
    files = {name: found[name] for name in ("weights", "model")} | {"of": [found["test"]]}
    every = [(number, kind) for number in (0, 1) for kind in KINDS]
    made = {
        "examples": [attacked(found, *each) for each in every],
        "digests": [folder / f"{number}-{kind}.json" for number, kind in every],
        "replicates": [0, 1],
    }
    attacks.main(Namespace(config=config, device=lambda: CPU, checkpoint=None, **files, **made))


def attacked(found, number, kind):
    return found["attacks"] / str(number) / f"{kind}-0.3.parquet"


def of_set(found, *roles, **further):
    """What a program is given that shows the models the test set."""
    files = {name: found[name] for name in ("weights", "model", *roles)}
    about = {
        "method": "lenet",
        "set": "digits/test",
        "replicates": [0, 1],
        "device": lambda: CPU,
        "checkpoint": None,
    }
    return Namespace(examples=[found["test"]], **files, **about, **further)


def dump(found, folder):
    """Dumps of both sets, without the first convolution, which is too wide."""
    for role, name in (("training_activations", "train"), ("activations", "test")):
        found[role] = folder / role
        shown = {**found, "test": found[name]}
        digest = folder / f"{role}.json"
        program = of_set(shown, config={"widest": 1024}, output=found[role], digest=digest)
        activations.main(program)
    assert not (found["activations"] / "0/CN1.parquet").exists()


def change(found, folder):
    """Changes of patterns by an attack, whose dumps are left out."""
    roles = ("training_activations",)
    program = of_set(found, *roles, config={"layers": ["CN1", "FC2"]}, training=[found["train"]])
    program.examples = [attacked(found, number, "pgd") for number in (0, 1)]
    program.set, program.activations = "a/pgd-0.3", folder / "none"
    program.beside, program.beside_activations = [found["test"]], found["activations"]
    found["changes"] = program.table = folder / "changes"
    pattern_changes.main(program)


def library(found, folder, layer):
    config = {"seed": 1, "nodes": 3, "layer": layer, "thresholds": THRESHOLDS}
    config |= {"stream": ["l", layer], "orders": 1, "shares": [0.5]}
    files = {name: folder / f"{layer}-{name}.parquet" for name in libraries.TABLES}
    found |= {f"{layer} {name}": path for name, path in files.items()}
    files |= {"config": config, "training": [found["train"]]}
    libraries.main(of_set(found, "activations", "training_activations", **files))


def detect(found):
    config = {"seed": 1, "nodes": 3, "layers": list(LAYERS), "sets": SETS, "images": 25}
    config |= {"stream": ["c"], "mahalanobis": "FC2"}
    config["odd"] = [*(f"attacks/{kind}-0.3" for kind in KINDS), "photos/test"]
    files = {
        "nodes": [found[f"{layer} nodes"] for layer in LAYERS],
        "probes": [found[f"{layer} probe"] for layer in LAYERS],
        "training": [found["train"]],
    }
    odd = [attacked(found, number, kind) for kind in KINDS for number in (0, 1)]
    files["odd"] = [*odd, found["photos"], found["photos"]]
    roles = ("training_activations", *consistency.TABLES)
    consistency.main(of_set(found, *roles, config=config, **files))


def cluster(found, folder):
    found["silhouettes"] = folder / "silhouettes.parquet"
    config, table = {"layers": list(LAYERS)}, found["silhouettes"]
    silhouettes.main(of_set(found, "activations", config=config, table=table))


def probe(found, folder):
    found["probes"] = folder / "probes.parquet"
    fitted = {f"fitted_{name}": folder / f"probes-{name}" for name in ("model", "weights")}
    found |= fitted
    config = {"layers": ["FC1", "FC2"]}
    files = {"training": [found["train"]], "digest": folder / "probes-digest", **fitted}
    fit_probes.main(of_set(found, "training_activations", config=config, **files))
    probes.main(of_set(found, "activations", config=config, table=found["probes"], **fitted))


def replicate(paths, number, checkpoint=None):
    return read_model(paths["model"], paths["weights"], number, checkpoint)


def test_replicates_are_trained_apart_and_written_whole(paths):
    one, two = (replicate(paths, number).state_dict() for number in (0, 1))
    assert any(not torch.equal(one[name], two[name]) for name in one)
    history = read_table(paths["history"])
    assert history.groupby("replicate")["epoch"].max().to_dict() == {0: 4, 1: 4}
    assert list(history)[:3] == ["method", "replicate", "epoch"]
    assert history["kept"].tolist() == 2 * [False, False, False, True] and history["done"].all()
    examples = read_examples(paths["test"])
    for epoch, checkpoint in ((4, None), (3, 3)):
        last = history[(history["replicate"] == 1) & (history["epoch"] == epoch)]
        model = replicate(paths, 1, checkpoint)
        right = (answers(model, examples.values) == examples.labels).mean()
        assert last["validation_accuracy"].item() == right
    assert kept_epochs(paths["weights"], 0) == [0, 3]


def test_weights_that_are_not_there_or_do_not_fit_are_refused(paths, tmp_path):
    with pytest.raises(GlassboxError, match="holds no replicate 7"):
        replicate(paths, 7)
    description = json.loads(paths["model"].read_text())
    assert description == {"build": LENET, "shape": [8, 8], "classes": 10}
    description["build"] |= {"kernel": 1, "padding": 0}
    (tmp_path / "m").write_text(json.dumps(description))
    with pytest.raises(GlassboxError, match=r"(?s)0 does not fit.*another shape: conv1"):
        read_model(tmp_path / "m", paths["weights"], 0)


def test_weights_of_others_are_taken_when_they_are_as_accurate_as_is_known(
    paths, tmp_path, monkeypatch
):
    monkeypatch.setenv("GLASSBOX_DATA", str(tmp_path))
    given, values = replicate(paths, 1), read_examples(paths["test"]).values
    state = {f"module.{name}": each for name, each in given.module.state_dict().items()}
    torch.save({"model_state_dict": state}, tmp_path / "net.pt")
    sha256 = hashlib.sha256((tmp_path / "net.pt").read_bytes()).hexdigest()
    right = float((answers(given, values) == read_examples(paths["test"]).labels).mean())
    weights = {"folder": ".", "file": {"name": "net.pt", "sha256": sha256}, "within": 0.01}
    config = {"name": "given", "build": LENET, "weights": {**weights, "accuracy": right}}
    files = {name: tmp_path / name for name in ("weights", "digest", "model")}
    arguments = Namespace(config=config, device=lambda: CPU, test=paths["test"], **files)
    assert pretrained.main(arguments) == {"data:./net.pt": sha256}
    found = read_model(files["model"], files["weights"], 0)
    assert torch.equal(found(torch.from_numpy(values)), given(torch.from_numpy(values)))
    config["weights"]["accuracy"] = right - 0.1
    with pytest.raises(GlassboxError, match=r"given: .* of the test set right"):
        pretrained.main(arguments)


def test_attacks_are_images_within_reach_with_the_originals_names(paths):
    test, inputs = read_examples(paths["test"]), replicate(paths, 1).inputs
    normal = inputs(torch.from_numpy(test.values[:25]))
    for kind in KINDS:
        made = read_examples(attacked(paths, 1, kind))
        moved = inputs(torch.from_numpy(made.values))
        assert made.ids.tolist() == test.ids[:25].tolist()
        assert moved.min() > -1e-5 and moved.max() < 1 + 1e-5
        beyond = (moved - normal.clamp(0, 1)).abs().max()
        assert beyond <= (1e-5 if kind == "clip" else 0.3 + 1e-5)


@pytest.mark.parametrize("layer", LAYERS)
def test_tables_of_libraries_are_those_of_each_replicate_in_turn(paths, layer):
    settings = {"thresholds": THRESHOLDS, "nodes": 3, "orders": 1, "shares": [0.5]}
    train, test = (read_examples(paths[name]) for name in ("train", "test"))
    for number in (0, 1):
        model = replicate(paths, number)
        known, asked = (
            Answered(read_layers(model, each.values, [layer])[layer], answers(model, each.values))
            for each in (train, test)
        )
        rng = generator(1, "l", layer, number)
        tables = library_tables(known, asked, test.labels, 10, **settings, rng=rng, device=CPU)
        for name, wanted in tables.items():
            found = read_table(paths[f"{layer} {name}"])
            assert set(found["method"]) == {"lenet"} and set(found["layer"]) == {layer}
            assert set(found["set"]) == {"digits/test"}
            mine = found[found["replicate"] == number]
            mine = mine.drop(columns=["method", "replicate", "set", "layer"])
            pd.testing.assert_frame_equal(
                mine.reset_index(drop=True), wanted.reset_index(drop=True)
            )


@pytest.mark.parametrize("layer", LAYERS)
def test_silhouettes_are_of_the_test_images_by_answer(paths, layer):
    table = read_table(paths["silhouettes"])
    assert table["layer"].tolist() == 2 * list(LAYERS)
    values = read_examples(paths["test"]).values
    model = replicate(paths, 1)
    patterns = read_layers(model, values, [layer])[layer]
    wanted = silhouette_samples(patterns, answers(model, values), metric="cosine")
    row = table[(table["replicate"] == 1) & (table["layer"] == layer)]
    assert row["silhouette"].item() == pytest.approx(wanted.mean(), abs=1e-6)


def test_probes_are_fitted_on_labels_and_compared_with_labels_and_answers(paths):
    table = read_table(paths["probes"])
    assert list(table) == ["method", "replicate", "set", "layer", "depth", "accuracy", "agreement"]
    train, test = (read_examples(paths[name]) for name in ("train", "test"))
    model = replicate(paths, 1)
    known, shown = (read_layers(model, each.values, ["FC1"])["FC1"] for each in (train, test))
    told = Probe.fit(known, train.labels, CPU, 10).logits(shown).argmax(axis=1)
    row = table[(table["replicate"] == 1) & (table["layer"] == "FC1")]
    assert row["depth"].item() == 3
    assert row["accuracy"].item() == (told == test.labels).mean() > 0.5
    assert row["agreement"].item() == (told == answers(model, test.values)).mean() > 0.5


def test_probes_are_stored_as_models(paths):
    fitted = read_parts(paths["fitted_model"], paths["fitted_weights"], 1, CPU)
    assert list(fitted) == ["FC1", "FC2"]
    train, test = (read_examples(paths[name]) for name in ("train", "test"))
    model = replicate(paths, 1)
    known, shown = (read_layers(model, each.values, ["FC1"])["FC1"] for each in (train, test))
    logits = Probe.fit(known, train.labels, CPU, 10).logits(shown)
    np.testing.assert_allclose(fitted["FC1"](torch.from_numpy(shown)), logits, atol=1e-4)
    with pytest.raises(GlassboxError, match="holds no FC1 of replicate 7"):
        read_parts(paths["fitted_model"], paths["fitted_weights"], 7, CPU)


def test_changes_of_patterns_are_those_of_an_attack_and_its_images(paths):
    images = [read_examples(attacked(paths, number, "pgd")) for number in (0, 1)]
    table = read_table(paths["changes"])
    layers = {"CN1": ["whole", "location-free"], "FC2": ["whole"]}
    found = {layer: list(rows["pattern"].unique()) for layer, rows in table.groupby("layer")}
    assert found == layers and set(table["set"]) == {"a/pgd-0.3"}
    for number in (0, 1):
        rows = table[(table["replicate"] == number) & (table["layer"] == "FC2")]
        values = rows.set_index("measure")["value"]
        model, sets = replicate(paths, number), [images[number], read_examples(paths["test"])]
        one, other = (read_layers(model, each.values, ["FC2"])["FC2"] for each in sets)
        cosines = cosine_similarity(one, other[: len(one)])
        assert values["cosine"] == pytest.approx(np.diag(cosines).mean(), abs=1e-6)
        assert values["cosine"] < 1 and rows["depth"].unique().tolist() == [4]


def test_detection_is_that_of_the_scores(paths):
    table, scores = read_table(paths["table"]), read_table(paths["scores"])
    assert set(scores["kind"]) == {"normal", "pgd", "noise", "clip", "outlier", "null"}
    assert set(scores["image"]) == set(range(25))
    for number, name, detector in [(0, "set1", "CPL, printed"), (1, "set2", "CPL, code")]:
        mine = scores[(scores["replicate"] == number) & (scores["thresholds"] == name)]
        mine = mine[mine["detector"] == detector]
        by_kind = {kind: rows["consistency"].to_numpy() for kind, rows in mine.groupby("kind")}
        for kind in ("pgd", "noise", "clip", "outlier"):
            rows = table[(table["replicate"] == number) & (table["kind"] == kind)]
            row = rows[(rows["thresholds"] == name) & (rows["detector"] == detector)]
            wanted = auroc_of(-by_kind["normal"], -by_kind[kind])
            assert row["auroc"].item() == pytest.approx(wanted)
    others = {"maximum softmax", "neighbours", "Mahalanobis", "probe consistency"}
    assert others <= set(table["detector"])


@pytest.mark.parametrize("kind", ["pgd", "noise", "clip", "outlier"])
def test_subjects_are_the_images_of_their_files(paths, kind):
    table = read_table(paths["table"])
    file = paths["photos"] if kind == "outlier" else attacked(paths, 1, kind)
    model = replicate(paths, 1)
    logits = [
        read_layers(model, read_examples(path).values[:25], ["FC2"])["FC2"]
        for path in (paths["test"], file)
    ]
    rows = table[(table["replicate"] == 1) & (table["kind"] == kind)]
    row = rows[rows["detector"] == "maximum softmax"]
    odd = [MaximumSoftmax().oddness(each) for each in logits]
    assert row["auroc"].item() == pytest.approx(auroc_of(*odd))
    assert row["space"].item() == ("photos/test" if kind == "outlier" else "normalised")
    assert row["size"].item() == (0 if kind == "outlier" else 0.3)
    changed = (logits[0].argmax(1) != logits[1].argmax(1)).mean()
    assert (
        np.isnan(row["changed"].item()) if kind == "outlier" else row["changed"].item() == changed
    )


def test_figures_show_every_layer_set_and_control(paths):
    tables = pd.concat(read_table(paths[f"{layer} table"]) for layer in LAYERS)
    drawn = library_curves(tables, list(LAYERS), COLOURS)
    legend = [text.get_text() for text in drawn.axes[-1].get_legend().texts]
    assert legend[:2] == list(LAYERS) and len(legend) == 4
    confused = pd.concat(read_table(paths[f"{layer} confusion"]) for layer in LAYERS)
    drawn = confusions(confused, dict.fromkeys(LAYERS, THRESHOLDS), "viridis")
    assert len(drawn.axes) == 5
    index, diagonal = drawn.axes[0].images
    assert to_hex(index.cmap.get_bad()) == UNKNOWN
    shown = diagonal.get_array().filled(np.nan)
    assert np.array_equal(np.isfinite(shown), np.eye(len(shown), dtype=bool))
    detection, scores = read_table(paths["table"]), read_table(paths["scores"])
    drawn = aurocs(detection, scores, "CPL, code", 0.3, COLOURS)
    names = [text.get_text() for text in drawn.axes[-1].get_legend().texts]
    assert names == ["set1", "set2", "random ends", "clipping alone"]
    coded = detection.assign(thresholds=detection["thresholds"].replace("set2", "set1-code"))
    lines = aurocs(coded, scores, "CPL, code", 0.3, COLOURS).axes[1].get_lines()[:2]
    assert lines[0].get_color() == lines[1].get_color()
    assert [line.get_linestyle() for line in lines] == ["-", "--"]


def test_patches_of_photographs_are_images_from_elsewhere():
    patches, which = photo_patches(np.random.default_rng(0), 40, 8)
    assert patches.shape == (40, 8, 8) and patches.dtype == np.float32
    assert 0 <= patches.min() < patches.max() <= 1 and set(which) == {0, 1}
    again = photo_patches(np.random.default_rng(0), 40, 8)[0]
    np.testing.assert_array_equal(patches, again)
    assert len(np.unique(patches.reshape(40, -1), axis=0)) == 40


def test_nothing_is_held_out_where_nothing_is_to_be():
    config = {"split": "train", "validation": 0}
    assert images.file_rows(config, 7).tolist() == list(range(7))
