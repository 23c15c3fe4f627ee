"""Sets that are others, changed: noise, unequal classes, squares, and paths of attacks."""

import json
import os
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import workflow
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage, stats

from glassbox.datasets.chosen import chosen
from glassbox.datasets.edges import edges
from glassbox.datasets.idx import read_idx_images
from glassbox.datasets.images import as_examples
from glassbox.datasets.inverted import invert
from glassbox.datasets.noise import add_noise
from glassbox.datasets.occluded import occlude
from glassbox.datasets.unbalanced import unbalance
from glassbox.errors import GlassboxError
from glassbox.tables import Examples, read_examples, read_table
from study import schema, slices
from study.paths import Study


def pictures(count=60, shape=(6, 8, 3), classes=10):
    """Images all of whose values differ, with ids that are no row numbers."""
    values = np.random.default_rng(1).uniform(0.1, 0.9, (count, *shape)).astype(np.float32)
    return as_examples(values, np.arange(count) % classes, np.arange(count) * 2 + 7, classes)


def rng(seed=1):
    return np.random.default_rng(seed)


# Noise


def test_noise_is_white_gaussian_and_not_clipped():
    clean = pictures(20)
    noisy = add_noise(rng(), clean, 0.3, 100)
    noise = (noisy.values - np.repeat(clean.values, 100, axis=0)).astype(float)
    assert noise.mean() == pytest.approx(0, abs=4.5 * 0.3 / np.sqrt(noise.size))
    assert noise.std() == pytest.approx(0.3, rel=4.5 / np.sqrt(2 * noise.size))
    assert stats.kstest(noise.ravel()[::50] / 0.3, "norm").pvalue > 1e-3
    neighbours = np.corrcoef(noise[:, :-1].ravel(), noise[:, 1:].ravel())[0, 1]
    assert abs(neighbours) < 4.5 / np.sqrt(noise.size)
    copies = np.corrcoef(noise[:-1].ravel(), noise[1:].ravel())[0, 1]
    assert abs(copies) < 4.5 / np.sqrt(noise.size)
    assert noisy.values.min() < 0 and noisy.values.max() > 1


def test_copies_tell_what_they_are_of_and_are_identical_without_noise():
    clean = pictures(4)
    copies = add_noise(rng(), clean, 0.0, 3)
    assert copies.ids.tolist() == list(range(12))
    assert copies.origin["origin_id"].tolist() == np.repeat(clean.ids, 3).tolist()
    assert copies.origin["copy"].tolist() == [0, 1, 2] * 4
    assert copies.labels.tolist() == np.repeat(clean.labels, 3).tolist()
    np.testing.assert_array_equal(copies.values, np.repeat(clean.values, 3, axis=0))
    assert copies.metadata == {**clean.metadata, "sigma": 0.0, "copies": 3}


def test_examples_are_chosen_by_number_or_by_id():
    every = pictures(9)
    assert chosen(every, None, None) is every
    assert chosen(every, 2, None).ids.tolist() == [7, 9]
    found = chosen(every, None, [21, 7])
    assert found.ids.tolist() == [21, 7] and found.labels.tolist() == [7, 0]
    np.testing.assert_array_equal(found.values, every.values[[7, 0]])
    with pytest.raises(GlassboxError, match=r"no examples \[8\]: there are 9, with ids from 7 to"):
        chosen(every, None, [7, 8])


def test_the_example_of_the_paper_is_a_one():
    data = Path(os.environ.get("GLASSBOX_DATA", workflow.ROOT / "../shared/data")) / "mnist"
    if not data.is_dir():
        pytest.skip(f"no real data: {data} is missing; point GLASSBOX_DATA at it")
    files = (data / f"t10k-{name}-ubyte.gz" for name in ("images-idx3", "labels-idx1"))
    pixels, labels = read_idx_images(*files, 28)
    every = as_examples(pixels, labels, np.arange(10_000), 10)
    copies = add_noise(rng(), chosen(every, None, [907]), 0.1, 200)
    assert copies.labels.tolist() == [1] * 200
    assert set(copies.origin["origin_id"].tolist()) == {907}


# Unequal classes


@given(st.lists(st.floats(0.01, 1), min_size=4, max_size=4), st.integers(4, 90))
def test_classes_keep_their_shares_and_examples_their_order(shares, count):
    whole = pictures(count, (2, 2), 4)
    kept = unbalance(rng(), whole, shares)
    before, after = (Counter(each.labels.tolist()) for each in (whole, kept))
    assert after == {
        label: max(1, round(share * before[label])) for label, share in enumerate(shares)
    }
    assert (np.diff(kept.ids) > 0).all()
    rows = (kept.ids - 7) // 2
    np.testing.assert_array_equal(kept.values, whole.values[rows])
    np.testing.assert_array_equal(kept.labels, whole.labels[rows])
    assert kept.metadata == {**whole.metadata, "shares": shares}


def test_every_example_of_a_class_is_as_likely_to_stay():
    whole = pictures(40, (2, 2), 2)
    drawn = np.random.default_rng(5)
    kept = Counter(
        id_ for _ in range(600) for id_ in unbalance(drawn, whole, [0.25, 1]).ids.tolist()
    )
    rare = [kept[id_] for id_ in whole.ids[whole.labels == 0].tolist()]
    assert sum(rare) == 600 * 5
    # Of a class, 5 of 20 stay: a hypergeometric variance, 15/19 of the multinomial's.
    assert stats.chi2.sf(stats.chisquare(rare).statistic * 20 / 15, 19) > 1e-3
    assert {kept[id_] for id_ in whole.ids[whole.labels == 1].tolist()} == {600}


def test_another_number_of_shares_is_refused():
    with pytest.raises(GlassboxError, match="3 shares for 10 classes"):
        unbalance(rng(), pictures(), [1, 1, 1])


# Squares


@pytest.mark.parametrize("shape", [(6, 8), (6, 8, 3)])
def test_a_square_of_each_image_has_one_value_and_the_rest_stays(shape):
    whole = pictures(200, shape)
    found = occlude(rng(), whole, 3, 1.0)
    changed = (found.values != whole.values).reshape(200, 6, 8, -1)
    assert (found.values[found.values != whole.values] == 1).all()
    places = Counter()
    for one in changed:
        assert (one == one[..., :1]).all(), "in all channels"
        rows, columns = np.nonzero(one[..., 0])
        assert one[..., 0].sum() == 9 and np.ptp(rows) == np.ptp(columns) == 2
        places[rows.min(), columns.min()] += 1
    assert len(places) == 4 * 6 and stats.chisquare(list(places.values())).pvalue > 1e-3
    assert found.ids.tolist() == whole.ids.tolist()
    assert found.metadata == {**whole.metadata, "occluded": {"size": 3, "value": 1.0}}


@pytest.mark.parametrize("shape", [(64,), (2, 9)])
def test_what_has_no_place_for_a_square_is_refused(shape):
    with pytest.raises(GlassboxError, match="hold no square of 3 pixels"):
        occlude(rng(), pictures(shape=shape), 3, 0.0)


# Edges


@pytest.mark.parametrize(("shape", "sigma"), [((6, 8), 0), ((6, 8, 3), 0.7), ((9, 5), 2)])
def test_edges_are_the_magnitude_of_sobels_gradient_of_the_blurred_image(shape, sigma):
    whole = pictures(7, shape)
    found = edges(whole, sigma)
    for image, edge in zip(whole.values, found.values, strict=True):
        grey = image.reshape(*shape[:2], -1).astype(float).mean(axis=2)
        blurred = ndimage.gaussian_filter(grey, sigma, mode="nearest") if sigma else grey
        slopes = [ndimage.sobel(blurred, axis, mode="nearest") for axis in (0, 1)]
        wanted = np.hypot(*slopes)
        np.testing.assert_allclose(edge, (wanted / wanted.max()).ravel(), atol=1e-5)
    assert found.values.dtype == np.float32 and found.values.max(axis=1).tolist() == [1.0] * 7
    assert found.ids.tolist() == whole.ids.tolist()
    wanted = {**whole.metadata, "shape": list(shape[:2]), "edges": {"sigma": sigma}}
    assert found.metadata == wanted


@pytest.mark.parametrize("sigma", [0, 1.5])
def test_an_image_has_the_edges_of_its_negative_and_a_flat_one_has_none(sigma):
    whole = pictures(9)
    negative = replace(whole, values=1 - whole.values)
    np.testing.assert_allclose(edges(whole, sigma).values, edges(negative, sigma).values, atol=1e-5)
    flat = replace(whole, values=np.full_like(whole.values, 0.5))
    assert not edges(flat, sigma).values.any()


def test_no_image_is_blurred_into_the_next():
    whole = pictures(3)
    for one in range(3):
        alone = edges(whole.at(np.array([one])), 2.0).values
        np.testing.assert_array_equal(edges(whole, 2.0).values[one], alone[0])


def test_what_is_no_image_has_no_edges():
    with pytest.raises(GlassboxError, match=r"shape \(64,\) are no images, and have no edges"):
        edges(pictures(shape=(64,)), 1.0)


# Inverted images


@given(st.floats(0.01, 1), st.integers(12, 90))
def test_a_share_of_each_class_is_inverted_and_told(share, count):
    whole = pictures(count, (2, 2), 4)
    found = invert(rng(), whole, share)
    told = found.origin["inverted"]
    before = np.bincount(whole.labels, minlength=4)
    after = np.bincount(whole.labels, weights=told, minlength=4)
    assert after.tolist() == [round(share * each) for each in before]
    np.testing.assert_array_equal(found.values[told == 0], whole.values[told == 0])
    np.testing.assert_array_equal(found.values[told == 1], 1 - whole.values[told == 1])
    assert found.labels.tolist() == whole.labels.tolist()
    assert found.metadata == {**whole.metadata, "inverted": share}


def test_every_example_is_as_likely_to_be_inverted():
    whole, drawn = pictures(40, (2, 2), 2), np.random.default_rng(5)
    counts = sum(invert(drawn, whole, 0.25).origin["inverted"] for _ in range(600))
    for label in (0, 1):
        own = counts[whole.labels == label]
        assert own.sum() == 600 * 5
        # Of a class, 5 of 20: a hypergeometric variance, 15/19 of the multinomial's.
        assert stats.chi2.sf(stats.chisquare(own).statistic * 20 / 15, 19) > 1e-3


def test_what_can_not_be_inverted_is_refused():
    whole = pictures()
    with pytest.raises(GlassboxError, match="not within 0 and 1"):
        invert(rng(), replace(whole, values=whole.values + 0.5), 0.5)
    with pytest.raises(GlassboxError, match="some are inverted"):
        invert(rng(), invert(rng(), whole, 0.5), 0.5)


# The study

SHARES = [1.0, 0.8, 0.6, 0.4, 0.2, 1.0, 0.8, 0.6, 0.4, 0.2]
PATHS = {"kind": "attack-paths", "of": "digits/test", "model": "digits-5", "steps": 4, "every": 2}
SETS = {
    "noisy": {"kind": "noise", "of": "digits/test", "sigmas": [0, 0.3], "images": 5, "copies": 4},
    "noisy-jumps": {"kind": "noise", "of": "jumps/test", "sigmas": [0.5]},
    "thinned": {"kind": "unbalanced", "of": "digits", "shares": SHARES},
    "squares": {"kind": "occluded", "of": "digits", "patch": 3, "value": 1},
    "halved": {"kind": "inverted", "of": "digits", "share": 0.5},
    "outlined": {"kind": "edges", "of": "halved", "sigma": 1},
    "paths": {**PATHS, "images": 3},
    "free": {**PATHS, "images": 3, "clip": False},
}
THINNED = {"build": "mlp", "dataset": "thinned", "hidden": [8], "recipe": {"max_epochs": 3}}
SHOWN = ["noisy/noise-0", "noisy/noise-0.3", "squares/test", "paths/fgsm", "thinned/test"]


def config(**sets):
    return schema.load(workflow.content({"datasets": {**SETS, **sets}}))


def test_sets_know_their_splits_draws_and_examples():
    found = config()
    assert found.splits("noisy") == ["noise-0", "noise-0.3"]
    for name in ("thinned", "squares", "halved", "outlined"):
        assert found.splits(name) == found.splits("digits")
    assert found.splits("paths") == ["fgsm", "random-signs", "random-direction"]
    assert {name for name in SETS if found.draws(name)} == {"noisy", "noisy-jumps", "paths", "free"}
    assert found.most_draws("paths") == found.made_of("digits-5")
    assert found.most_draws("noisy") is None and found.most_draws("thinned") is None
    assert {found.origin(name).width for name in SETS} == {64, 100}
    assert found.unchanged("squares/test") == "digits/test" and not found.unchanged("noisy/noise-0")
    assert found.unchanged("halved/test") == "digits/test" and not found.unchanged("outlined/test")
    for name in ("squares", "halved", "outlined"):
        assert found.labelled(name) == "digits"
    assert found.labelled("thinned") == "thinned"
    assert found.datasets["paths"].rows(10) == 3 * 10 * 3


def test_the_file_that_a_split_is_made_of_is_that_of_its_draw():
    study = Study(config())
    for name, split, wanted in (
        ("noisy", "noise-0", "digits/0/test"),
        ("noisy-jumps", "noise-0.5", "jumps/1/test"),
        ("squares", "train", "digits/0/train"),
    ):
        assert study.made_of(name, split, 1) == [f"results/datasets/{wanted}.parquet"]


def test_what_a_split_is_made_of_is_in_its_slice_and_what_another_is_made_of_is_not():
    def of(name, split, draw=0, **sets):
        return slices.dataset(config(**sets), name, draw, split)

    more = {**SETS["noisy"], "sigmas": [0, 0.1, 0.3]}
    assert of("noisy", "noise-0.3") == of("noisy", "noise-0.3", noisy=more)
    assert of("noisy", "noise-0.3") != of("noisy", "noise-0.3", 1)
    assert json.loads(of("noisy", "noise-0.3")) == {
        "copies": 4,
        "examples": None,
        "images": 5,
        "seed": workflow.content()["seed"],
        "sigma": 0.3,
        "stream": ["datasets", "noisy", 0, "noise-0.3"],
    }
    fewer = {**SETS["thinned"], "shares": [0.5] * 10}
    assert of("thinned", "train") != of("thinned", "train", thinned=fewer)
    assert of("thinned", "test") == of("thinned", "test", thinned=fewer) == '{"split":"test"}'
    assert json.loads(of("outlined", "train")) == {"sigma": 1.0}
    halved = {"seed": workflow.content()["seed"], "stream": ["datasets", "halved", 0, "train"]}
    assert json.loads(of("halved", "train")) == {**halved, "share": 0.5}
    for name, bounds in (("paths", [0, 1]), ("free", None)):
        assert json.loads(slices.dataset(config(), name, split="fgsm"))["bounds"] == bounds


def test_edges_of_colours_are_grey_and_models_take_them_as_such():
    hub = workflow.content(scale="published", works=["pardo2019"])["datasets"]["cifar10-validated"]
    sets = {
        "colours": hub,
        "lines": {"kind": "edges", "of": "colours"},
        "light": {"kind": "inverted", "of": "colours"},
    }
    found = config(**sets)
    assert found.image_shape("lines") == [32, 32] and found.origin("lines").width == 1024
    assert found.image_shape("light") == found.image_shape("colours") == [32, 32, 3]
    network = {"new": {"build": "cnn", "dataset": "lines"}}
    asked = {"predictions": {"of": {"new": ["colours/test"]}}}
    changes = {"datasets": {**SETS, **sets}, "models": network}
    assert schema.load(workflow.content(changes)).layers("new")["conv-1"] == 32 * 1024
    with pytest.raises(schema.ConfigError, match=r"colours/test has 3072 inputs .* new takes 1024"):
        schema.load(workflow.content({**changes, "analyses": asked}))


@pytest.mark.parametrize(
    ("section", "line"),
    [
        ({"kind": "edges", "of": "jumps"}, "datasets.new.of: jumps has no images"),
        ({"kind": "inverted", "of": "jumps"}, "datasets.new.of: jumps has no images"),
        ({"kind": "inverted", "of": "outlined"}, "of: images of halved are inverted already"),
        ({"kind": "edges", "of": "digits", "sigma": -1}, "datasets.new.sigma: found -1"),
        ({"kind": "inverted", "of": "digits", "share": 0}, "datasets.new.share: found 0"),
    ],
)
def test_sets_that_can_not_be_made_are_refused(section, line):
    with pytest.raises(schema.ConfigError) as caught:
        config(new=section)
    assert [each for each in str(caught.value).splitlines() if line in each]


@pytest.fixture(scope="module")
def folder(finished_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The finished study and such sets, with one that is trained on."""
    folder = tmp_path_factory.mktemp("changed") / "study"
    shutil.copytree(finished_study, folder, symlinks=True)
    workflow.edit_config(
        folder,
        {
            "datasets": SETS,
            "models": {"on-thinned": THINNED},
            "analyses": {"predictions": {"of": {"digits-5": SHOWN, "on-thinned": SHOWN}}},
        },
    )
    sets = [f"noisy-jumps/{draw}/noise-0.5" for draw in (0, 1)]
    sets += ["thinned/0/train", "thinned/0/validation", "halved/0/train", "outlined/0/train"]
    sets += [f"paths/1/{walk}" for walk in ("random-signs", "random-direction")] + ["free/0/fgsm"]
    tables = [table(model, one) for model in ("digits-5", "on-thinned") for one in SHOWN]
    dump = "results/activations/digits-5/0-1/paths/fgsm"
    made = [f"results/datasets/{one}.parquet" for one in sets]
    workflow.snakemake(folder, "--cores", "2", *made, *tables, dump)
    return folder


def table(model, one):
    return f"results/analyses/predictions/{model}/0-1/{one}.parquet"


def made(folder, one) -> Examples:
    return read_examples(folder / f"results/datasets/{one}.parquet")


def test_noisy_copies_of_the_study_are_drawn_for_each_replicate(folder: Path) -> None:
    clean = made(folder, "digits/0/test").first(5)
    first, second = (made(folder, f"noisy/{draw}/noise-0.3") for draw in (0, 1))
    for noisy in (first, second):
        assert noisy.origin["origin_id"].tolist() == np.repeat(clean.ids, 4).tolist()
    assert (first.values != second.values).mean() > 0.99
    np.testing.assert_array_equal(
        made(folder, "noisy/0/noise-0").values, np.repeat(clean.values, 4, axis=0)
    )
    for draw in (0, 1):
        signals = made(folder, f"jumps/{draw}/test").values
        noise = made(folder, f"noisy-jumps/{draw}/noise-0.5").values - signals
        assert noise.std() == pytest.approx(0.5, rel=0.05)


def test_the_study_trains_on_unequal_classes(folder: Path) -> None:
    before, after = (made(folder, f"{name}/0/train") for name in ("digits", "thinned"))
    whole = np.bincount(before.labels, minlength=10)
    wanted = [round(share * count) for share, count in zip(SHARES, whole, strict=True)]
    assert np.bincount(after.labels).tolist() == wanted
    for split in ("validation", "test"):
        one, two = (made(folder, f"{name}/0/{split}") for name in ("digits", "thinned"))
        np.testing.assert_array_equal(one.values, two.values)
    assert set(read_table(folder / table("on-thinned", "thinned/test"))["replicate"]) == {0, 1}


def test_edges_of_the_study_know_which_images_were_inverted(folder: Path) -> None:
    plain, halved, outlined = (
        made(folder, f"{n}/0/train") for n in ("digits", "halved", "outlined")
    )
    told = halved.origin["inverted"]
    assert outlined.origin["inverted"].tolist() == told.tolist()
    assert told.sum() == sum(round(n / 2) for n in np.bincount(plain.labels))
    apart = np.abs(halved.values - plain.values).max(axis=1)
    np.testing.assert_array_equal(apart > 0, told == 1)
    np.testing.assert_allclose(outlined.values, edges(plain, 1.0).values, atol=1e-5)


def test_a_table_of_the_study_meets_the_origins_of_its_rows(folder: Path) -> None:
    found = read_table(folder / table("digits-5", "paths/fgsm"))
    own = made(folder, "digits/0/test").first(3)
    for replicate in (0, 1):
        paths = made(folder, f"paths/{replicate}/fgsm")
        told = pd.DataFrame(paths.told())
        mine = found[found["replicate"] == replicate].merge(told, on=["example_id", "label"])
        assert len(mine) == 3 * 10 * 3
        assert set(mine["origin_id"]) == set(own.ids.tolist())
        assert set(mine["step"]) == {0, 2, 4} and set(mine["target"]) == set(range(10))
        starting = mine[mine["step"] == 0].groupby("origin_id")["predicted"]
        assert (starting.nunique() == 1).all()


def test_paths_of_the_study_stay_within_their_steps_and_bounds(folder: Path) -> None:
    for one, bounded in (
        ("paths/0/fgsm", True),
        ("paths/1/random-signs", True),
        ("paths/1/random-direction", True),
        ("free/0/fgsm", False),
    ):
        found = made(folder, one)
        starting = np.repeat(found.values[found.origin["step"] == 0], 3, axis=0)
        apart = np.abs(found.values - starting).max(axis=1)
        assert (apart <= found.origin["step"] * 0.01 + 1e-6).all()
        assert apart[found.origin["step"] == 4].min() > 0
        assert (found.values.min() >= 0) == bounded
        assert found.metadata["walk"] == one.rpartition("/")[2]


def test_dumps_of_the_study_keep_the_origins(folder: Path) -> None:
    dump = folder / "results/activations/digits-5/0-1/paths/fgsm/1/output.parquet"
    found, wanted = read_examples(dump).origin, made(folder, "paths/1/fgsm").origin
    assert list(found) == ["origin_id", "target", "step"]
    for name, column in wanted.items():
        np.testing.assert_array_equal(found[name], column)
