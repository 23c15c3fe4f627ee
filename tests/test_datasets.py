"""Sets of inputs: drawn by the thesis's formula, or read from original files and no others."""

import functools
import gzip
import hashlib
import http.server
import io
import json
import math
import os
import shutil
import socket
import struct
import threading
from argparse import Namespace
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import workflow
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image
from scipy import stats
from sklearn.datasets import load_digits

from datasets import images as program
from glassbox.datasets import images
from glassbox.datasets.arrays import read_arrays
from glassbox.datasets.download import import_datasets
from glassbox.datasets.hub import read_hub_images
from glassbox.datasets.idx import read_idx, read_idx_images
from glassbox.datasets.jumps import jump_signals
from glassbox.datasets.moved_patches import move_patches, other_orders
from glassbox.datasets.shapes import Shape, Sweep, hand_made
from glassbox.datasets.shuffled_labels import shuffle_labels
from glassbox.digests import file_sha256
from glassbox.errors import GlassboxError
from glassbox.seeds import generator, stream_seed
from glassbox.tables import read_examples
from study import schema, slices

ROOT = Path(__file__).resolve().parents[1]
SHAPE = {"length": 30, "first": 6, "last": 25, "height": 3.0}
MNIST = workflow.preset("chen2017/mnist.yaml")["datasets"]["mnist"]
MNIST_FILES = [file for part in MNIST["files"].values() for file in part.values()]
CIFAR_TEST = "fbcf514fa19267e91d95c43dca4f1fea2bcdd337f09d53d86b2bb04b0ae253e7"


def real(name):
    """A folder of real data, or a skip that says what is missing."""
    data = Path(os.environ.get("GLASSBOX_DATA", ROOT / "../shared/data"))
    if not (data / name).is_dir():
        pytest.skip(f"no real data: {data / name} is missing; point GLASSBOX_DATA at it")
    return data / name


def signals(noise=0.5, per_class=400, seed=3):
    return jump_signals(np.random.default_rng(seed), per_class, noise=noise, **SHAPE)


# Random streams


def test_a_stream_does_not_depend_on_what_is_drawn_before():
    first = generator(1, "models", "a", 0).random(4)
    generator(1, "models", "b", 0).random(9)
    np.testing.assert_array_equal(generator(1, "models", "a", 0).random(4), first)


STREAMS = st.tuples(st.integers(0, 99), st.lists(st.text("ab/-0", min_size=1), max_size=3))


@given(STREAMS, STREAMS)
def test_different_seeds_or_names_give_different_streams(one, two):
    assume(one != two)
    seeds = stream_seed(one[0], *one[1]), stream_seed(two[0], *two[1])
    assert seeds[0] != seeds[1]
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_streams_of_different_replicates_are_not_correlated():
    one, two = (generator(1, "datasets", "jumps", r).standard_normal(10_000) for r in range(2))
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.05


def test_the_seed_of_a_stream_stays_what_it_is():
    assert stream_seed(2017, "models", "mlp-2", 0) == 8636647820152482764


# Jump signals (chen2017 Eq. 3.1)


def test_signals_without_noise_jump_at_the_location_of_their_class():
    drawn = signals(noise=0.0, per_class=2)
    for label, signal in zip(drawn.labels, drawn.values, strict=True):
        location = SHAPE["first"] + label  # 1-based: the first sample at the new level
        wanted = [3.0 if i >= location else 0.0 for i in range(1, SHAPE["length"] + 1)]
        assert signal.tolist() == wanted


def test_means_and_variances_before_and_after_the_jump_are_those_of_the_formula():
    drawn = signals()
    for label in range(20):
        ours = drawn.values[drawn.labels == label].astype(float)
        for part, mean in ((ours[:, : 5 + label], 0.0), (ours[:, 5 + label :], 3.0)):
            error = 0.5 / np.sqrt(part.size)
            assert part.mean() == pytest.approx(mean, abs=4.5 * error)
            assert part.var() == pytest.approx(0.25, rel=4.5 * np.sqrt(2 / part.size))


def test_noise_is_white_and_gaussian():
    drawn = signals()
    noise = drawn.values - signals(noise=0.0).values
    assert stats.kstest(noise[::5].ravel() / 0.5, "norm").pvalue > 1e-3
    neighbours = np.corrcoef(noise[:, :-1].ravel(), noise[:, 1:].ravel())[0, 1]
    assert abs(neighbours) < 4.5 / np.sqrt(noise.size)


def test_every_class_has_its_signals_and_classes_take_turns():
    drawn = signals(per_class=7)
    assert Counter(drawn.labels.tolist()) == dict.fromkeys(range(20), 7)
    assert drawn.labels[:40].tolist() == [*range(20), *range(20)]
    assert drawn.ids.tolist() == list(range(140))
    assert (drawn.classes, drawn.metadata["first_class"]) == (20, 6)


def test_signals_depend_on_their_stream_alone():
    assert signals(seed=3).values.tobytes() == signals(seed=3).values.tobytes()
    assert (signals(seed=3).values != signals(seed=4).values).mean() > 0.99


# Shuffled labels


def test_shuffled_labels_keep_inputs_and_class_counts():
    drawn = signals(per_class=20)
    shuffled = shuffle_labels(np.random.default_rng(1), drawn)
    assert shuffled.values.tobytes() == drawn.values.tobytes()
    assert shuffled.ids.tolist() == drawn.ids.tolist()
    assert Counter(shuffled.labels.tolist()) == Counter(drawn.labels.tolist())
    assert shuffled.metadata == {**drawn.metadata, "labels": "shuffled"}


def test_shuffled_labels_tell_nothing_of_the_true_ones():
    true = signals()
    shuffled = shuffle_labels(np.random.default_rng(1), true)
    pairs = stats.contingency.crosstab(true.labels, shuffled.labels).count
    assert stats.chi2_contingency(pairs).pvalue > 1e-3
    assert true.labels[:20].tolist() == list(range(20))


# Moved patches


def pictures(count=50, shape=(8, 12, 3)):
    """Images all of whose values differ."""
    values = np.random.default_rng(1).random((count, *shape), dtype=np.float32)
    return images.as_examples(values, np.arange(count) % 10, np.arange(count) + 7, 10)


def patches_of(image, patch):
    """The patches of an image by a plain loop, as bytes."""
    rows, columns = (range(0, side, patch) for side in image.shape[:2])
    return [image[r : r + patch, c : c + patch].tobytes() for r in rows for c in columns]


@pytest.mark.parametrize("shape", [(8, 8), (8, 12, 3), (28, 28)])
def test_moved_patches_are_those_of_the_image_in_another_order(shape):
    given = pictures(shape=shape)
    moved = move_patches(np.random.default_rng(1), given, 4)
    orders = set()
    for before, after in zip(given.values, moved.values, strict=True):
        before, after = (patches_of(each.reshape(shape), 4) for each in (before, after))
        orders.add(tuple(before.index(each) for each in after))
        assert sorted(after) == sorted(before) and after != before
    assert len(orders) > 10, "each image has its own"
    assert (
        moved.labels.tolist() == given.labels.tolist() and moved.ids.tolist() == given.ids.tolist()
    )
    assert moved.metadata == {**given.metadata, "patches": {"size": 4, "places": "moved"}}


def test_every_order_but_the_usual_one_is_as_likely():
    drawn = Counter(map(tuple, other_orders(np.random.default_rng(1), 5000, 3).tolist()))
    assert len(drawn) == 5 and (0, 1, 2) not in drawn
    assert stats.chisquare(list(drawn.values())).pvalue > 1e-3


@pytest.mark.parametrize(("shape", "patch"), [((8, 12), 3), ((8, 12), 8), ((8, 8), 8), ((64,), 4)])
def test_images_that_are_no_whole_patches_are_refused(shape, patch):
    with pytest.raises(GlassboxError, match=f"are not several patches of {patch}"):
        move_patches(np.random.default_rng(1), pictures(shape=shape), patch)


# Hand-made signals


@given(*[st.integers(1, 30)] * 2, st.integers(1, 40), st.floats(0.5, 8))
def test_another_rise_drops_again_after_its_width_or_where_the_signal_ends(at, start, width, rise):
    made = Shape(3.0, spike=rise, spike_at=start, spike_width=width).signal(30, at)
    for place in range(1, 31):
        risen = rise if start <= place < start + width else 0
        assert made[place - 1] == (3.0 if place >= at else 0.0) + risen


def test_another_rise_is_of_one_sample_where_no_width_is_given():
    wide = {"spike": 2.0, "spike_at": 17}
    assert Shape(3.0, **wide, spike_width=1) == Shape(3.0, **wide)
    sweeps = {"wider": Sweep("spike_width", [1, 4], wide)}
    made = hand_made({}, sweeps, location=12, noise=1.0, **SHAPE).values
    assert (made[1] - made[0] == 2).sum() == 3
    assert made[0].tolist() == Shape(3.0, **wide).signal(30, 12).tolist()


# Parts of a set


@given(st.integers(2, 200), st.data())
def test_kept_and_held_out_are_a_partition_in_increasing_order(count, data):
    held_out = data.draw(st.integers(1, count - 1))
    kept, held = images.hold_out(np.random.default_rng(0), count, held_out)
    assert len(held) == held_out
    assert sorted([*kept, *held]) == list(range(count))
    assert (np.diff(kept) > 0).all()
    assert (np.diff(held) > 0).all()


def test_every_example_is_as_likely_to_be_held_out():
    rng = np.random.default_rng(1)
    held = np.bincount(np.concatenate([images.hold_out(rng, 10, 3)[1] for _ in range(2000)]))
    assert stats.chisquare(held).pvalue > 1e-3


@pytest.mark.parametrize("held_out", [0, 5, 6])
def test_holding_out_nothing_or_everything_is_refused(held_out):
    with pytest.raises(GlassboxError, match=f"cannot hold out {held_out} of 5"):
        images.hold_out(np.random.default_rng(0), 5, held_out)


SPLITS = ["train", "validation", "test"]
DIGITS = {"kind": "digits", "test": 360, "validation": 287, "seed": 1, "stream": ["digits"]}
IDX = {"kind": "idx", "size": 28, "validation": 300, "seed": 1, "stream": ["mnist"]}


def test_the_splits_of_digits_are_a_partition():
    rows = [program.rows_of({**DIGITS, "split": split}, 1797) for split in SPLITS]
    assert [len(each) for each in rows] == [1150, 287, 360]
    assert sorted(np.concatenate(rows)) == list(range(1797))


def test_the_splits_of_files_share_out_the_training_file_and_keep_the_test_file():
    rows = [program.file_rows({**IDX, "split": split}, 1000) for split in SPLITS]
    assert [len(each) for each in rows] == [700, 300, 1000]
    assert sorted([*rows[0], *rows[1]]) == list(range(1000)) == rows[2].tolist()


# Original files


def write_idx(path, array):
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "wb") as file:
        file.write(header + array.tobytes())
    return path


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_idx_files_are_read_as_images_between_0_and_1_with_labels(tmp_path, suffix):
    pixels = np.arange(2 * 4 * 4, dtype=np.uint8).reshape(2, 4, 4) * 8
    pixels[1, 2, 3] = 255
    files = [
        write_idx(tmp_path / f"images{suffix}", pixels),
        write_idx(tmp_path / f"labels{suffix}", np.array([9, 0], np.uint8)),
    ]
    found, labels = read_idx_images(*files, 4)
    assert (found.dtype, labels.dtype) == (np.float32, np.int64)
    np.testing.assert_array_equal(found, pixels / np.float32(255))
    assert labels.tolist() == [9, 0]


def test_a_file_that_is_no_idx_file_is_refused(tmp_path):
    (tmp_path / "floats").write_bytes(struct.pack(">HBBI", 0, 13, 1, 0))
    with pytest.raises(GlassboxError, match="floats: found no idx file"):
        read_idx(tmp_path / "floats")


def write_hub(path, column, pixels, labels):
    cells = []
    for image in pixels:
        encoded = io.BytesIO()
        Image.fromarray(image).save(encoded, "png")
        cells.append({"bytes": encoded.getvalue(), "path": None})
    pq.write_table(pa.table({column: cells, "label": labels}), path)
    return path


@pytest.mark.parametrize("column", ["image", "img"])
@pytest.mark.parametrize("shape", [(5, 4), (5, 4, 3)], ids=["grey", "colour"])
def test_hub_files_are_read_in_their_order(tmp_path, column, shape):
    pixels = np.random.default_rng(1).integers(256, size=(3, *shape), dtype=np.uint8)
    files = [
        write_hub(tmp_path / "0.parquet", column, pixels[:2], [4, 1]),
        write_hub(tmp_path / "1.parquet", column, pixels[2:], [2]),
    ]
    found, labels = read_hub_images(files, shape)
    assert (found.dtype, labels.dtype) == (np.float32, np.int64)
    np.testing.assert_array_equal(found, pixels / np.float32(255))
    assert labels.tolist() == [4, 1, 2]


def arrays(path, shape=(3, 4), count=5, kind=np.uint8, labels=None):
    x = np.arange(count * math.prod(shape)).reshape(count, *shape).astype(kind)
    y = np.arange(count) % 3 if labels is None else labels
    np.savez(path, x=x, y=y)
    return path, x


@pytest.mark.parametrize("shape", [(7,), (3, 4), (3, 4, 3)], ids=["signals", "grey", "colour"])
@pytest.mark.parametrize("kind", [np.uint8, np.float64, np.int16])
def test_arrays_of_ones_own_are_read_as_they_are(tmp_path, shape, kind):
    path, x = arrays(tmp_path / "own.npz", shape, kind=kind)
    found, labels = read_arrays(path, shape)
    np.testing.assert_array_equal(found, (x / 255 if kind is np.uint8 else x).astype(np.float32))
    assert (found.dtype, labels.dtype, labels.tolist()) == (np.float32, np.int64, [0, 1, 2, 0, 1])
    examples = images.as_examples(found, labels, np.arange(5), 3)
    assert examples.metadata["values"] == ("signal" if len(shape) == 1 else "pixels")
    assert examples.metadata["shape"] == list(shape)


BAD_ARRAYS = {
    "another shape": ({"shape": (4, 3)}, r"x is \(5, 4, 3\).*set the data set's shape"),
    "fewer labels": ({"labels": np.arange(4)}, r"y \(4,\)"),
    "labels in between": ({"labels": np.arange(5) / 2}, "y holds float64; classes are whole"),
    "words": ({"kind": "U3"}, "x holds <U3; numbers are wanted"),
    "objects": ({"labels": np.array([{}] * 5)}, "no arrays x and y can be read.*without objects"),
}


@pytest.mark.parametrize(("change", "said"), BAD_ARRAYS.values(), ids=BAD_ARRAYS)
def test_arrays_that_do_not_fit_are_refused(tmp_path, change, said):
    path, _ = arrays(tmp_path / "own.npz", **change)
    with pytest.raises(GlassboxError, match=f"(?s){said}"):
        read_arrays(path, (3, 4))


def test_a_file_without_arrays_is_refused(tmp_path):
    (tmp_path / "own.npz").write_bytes(b"PK nothing")
    np.savez(tmp_path / "other.npz", images=np.zeros(3))
    for name in ("own.npz", "other.npz"):
        with pytest.raises(GlassboxError, match="no arrays x and y"):
            read_arrays(tmp_path / name, (3, 4))


@pytest.mark.parametrize("has_test", [True, False])
def test_the_splits_of_arrays_share_no_example(tmp_path, monkeypatch, has_test):
    monkeypatch.setenv("GLASSBOX_DATA", str(tmp_path))
    (tmp_path / "own").mkdir()
    names = ["train", "test"] if has_test else ["train"]
    files = {}
    for name in names:
        path, _ = arrays(tmp_path / f"own/{name}.npz", (6,), 50, np.float32)
        files[name] = {"name": path.name, "sha256": file_sha256(path)}
    section = {"kind": "arrays", "folder": "own", "shape": [6], "classes": 3, "files": files}
    config = schema.load(
        {"datasets": {"own": {**section, "validation": 10, "test": 8}}, "models": {}}
    )
    assert config.splits("own") == ["train", "validation", "test"]
    found = {}
    for split in config.splits("own"):
        arguments = Namespace(
            config=json.loads(slices.dataset(config, "own", 0, split)),
            output=tmp_path / f"{split}.parquet",
            digest=tmp_path / f"{split}.json",
        )
        made = program.main(arguments)
        assert list(made.values()) == [
            files["test" if has_test and split == "test" else "train"]["sha256"]
        ]
        found[split] = read_examples(arguments.output)
    sizes = {split: len(each.ids) for split, each in found.items()}
    assert sizes == {
        "train": 40 if has_test else 32,
        "validation": 10,
        "test": 50 if has_test else 8,
    }
    held_in = [found[split].ids for split in (["train", "validation"] if has_test else found)]
    assert len(set(np.concatenate(held_in))) == sum(map(len, held_in))


def test_a_hub_file_without_images_is_refused(tmp_path):
    pq.write_table(pa.table({"text": ["a"], "label": [1]}), tmp_path / "0.parquet")
    with pytest.raises(GlassboxError, match=r"image \(or img\) and label, found text, label"):
        read_hub_images([tmp_path / "0.parquet"], [8, 8])


def test_images_become_examples_that_know_their_place_in_the_file():
    pixels = np.arange(12, dtype=np.float32).reshape(2, 3, 2)
    examples = images.as_examples(pixels, np.array([1, 0]), np.array([5, 8]), 10)
    assert examples.values.tolist() == [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]
    assert examples.ids.tolist() == [5, 8]
    assert (examples.metadata["shape"], examples.classes) == ([3, 2], 10)


def test_digits_are_those_of_scikit_learn_between_0_and_1():
    pixels, labels = images.digits()
    assert (pixels.shape, pixels.dtype, pixels.max()) == ((1797, 8, 8), np.float32, 1.0)
    np.testing.assert_array_equal(pixels * 16, load_digits().images)
    np.testing.assert_array_equal(labels, load_digits().target)


CONTENT = b"the original"
SUM = hashlib.sha256(CONTENT).hexdigest()


def test_an_original_file_passes(tmp_path):
    (tmp_path / "file").write_bytes(CONTENT)
    assert images.check_file(tmp_path / "file", SUM) == tmp_path / "file"


@pytest.mark.parametrize("content", [CONTENT[:-1], b"The original", b""])
def test_a_truncated_or_altered_file_is_named_with_both_checksums(tmp_path, content):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(GlassboxError) as error:
        images.check_file(tmp_path / "file", SUM)
    found = hashlib.sha256(content).hexdigest()
    for part in (str(tmp_path / "file"), f"{len(content)} bytes", SUM, found):
        assert part in str(error.value)


def test_a_missing_file_is_named_with_its_checksum_and_its_place(tmp_path):
    with pytest.raises(GlassboxError) as error:
        images.check_file(tmp_path / "mnist" / "file", SUM)
    for part in ("missing", tmp_path / "mnist" / "file", SUM, "GLASSBOX_DATA", "'mnist/file'"):
        assert str(part) in str(error.value)


# Real data


def test_mnist_is_mnist():
    folder = real("mnist")
    files = MNIST["files"]
    for file in MNIST_FILES:
        images.check_file(folder / file["name"], file["sha256"])
    pixels = read_idx(folder / files["train"]["images"]["name"])
    labels = read_idx(folder / files["train"]["labels"]["name"])
    assert pixels.shape == (60_000, 28, 28)
    assert (pixels.mean() / 255, pixels.std() / 255) == pytest.approx((0.1307, 0.3081), abs=5e-5)
    assert labels[:5].tolist() == [5, 0, 4, 1, 9]
    counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(labels).tolist() == counts
    test = (folder / file["name"] for file in files["test"].values())
    pixels, labels = read_idx_images(*test, 28)
    assert pixels.shape == (10_000, 28, 28)
    assert labels[:5].tolist() == [7, 2, 1, 0, 4]


def test_the_test_set_of_cifar_10_is_read_from_its_hub_file():
    path = images.check_file(real("cifar10") / "test-00000-of-00001.parquet", CIFAR_TEST)
    pixels, labels = read_hub_images([path], [32, 32, 3])
    assert pixels.shape == (10_000, 32, 32, 3)
    assert (pixels.min(), pixels.max()) == (0, 1)
    assert labels[:10].tolist() == [3, 8, 8, 0, 6, 6, 1, 6, 3, 1]
    assert np.bincount(labels).tolist() == [1000] * 10
    red, green, blue = pixels.mean(axis=(0, 1, 2), dtype=float)
    assert (red, green, blue) == pytest.approx((0.494, 0.485, 0.450), abs=1e-3)


def test_the_data_folder_may_lie_below_the_users_home(monkeypatch):
    monkeypatch.setenv("HOME", "/somewhere")
    monkeypatch.setenv("GLASSBOX_DATA", "~/sets")
    assert images.data_folder() == Path("/somewhere/sets")
    monkeypatch.delenv("GLASSBOX_DATA")
    assert images.data_folder() == Path("data")


# Downloads


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture
def mirror(monkeypatch):
    """A function that makes a folder torchvision's only source of MNIST; of None, nothing."""
    servers = []

    def serve(folder):
        if folder is None:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
        else:
            handler = functools.partial(Quiet, directory=folder)
            servers.append(http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler))
            threading.Thread(target=servers[-1].serve_forever, args=[0.05]).start()
            port = servers[-1].server_port
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        source = [f"http://127.0.0.1:{port}/"]
        monkeypatch.setattr(import_datasets().MNIST, "mirrors", source)

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def idx_config(split):
    return {**IDX, "split": split, "download": "MNIST", "files": MNIST["files"][split]}


def test_downloaded_files_arrive_under_their_names_and_pass_their_checksums(tmp_path, mirror):
    mirror(real("mnist"))
    folder = tmp_path / "data" / "mnist"
    pixels, labels = program.read_files(idx_config("test"), folder)
    assert (pixels.shape, labels[0]) == ((10_000, 28, 28), 7)
    assert {path.name for path in folder.iterdir()} == {file["name"] for file in MNIST_FILES}
    for file in MNIST_FILES:
        images.check_file(folder / file["name"], file["sha256"])
    mirror(None)
    program.read_files(idx_config("test"), folder)


def test_a_file_that_is_missing_among_others_is_downloaded(tmp_path, mirror):
    mirror(real("mnist"))
    for file in MNIST_FILES[:-1]:
        shutil.copy(real("mnist") / file["name"], tmp_path)
    _, labels = program.read_files(idx_config("test"), tmp_path)
    assert len(labels) == 10_000


def test_an_unreachable_mirror_leaves_nothing_and_the_message_says_what_to_put_where(
    tmp_path, mirror
):
    mirror(None)
    with pytest.raises(GlassboxError, match="could not download MNIST") as error:
        program.read_files(idx_config("train"), tmp_path / "mnist")
    assert f"put into {tmp_path / 'mnist'}" in str(error.value)
    for file in MNIST["files"]["train"].values():
        assert file["name"] in str(error.value)
        assert file["sha256"] in str(error.value)
    assert not list((tmp_path / "mnist").iterdir())


def test_a_mirror_with_other_files_leaves_nothing(tmp_path, mirror):
    (tmp_path / "mirror").mkdir()
    for file in MNIST_FILES:
        (tmp_path / "mirror" / file["name"]).write_bytes(gzip.compress(b"not it"))
    mirror(tmp_path / "mirror")
    with pytest.raises(GlassboxError, match="could not download MNIST"):
        program.read_files(idx_config("train"), tmp_path / "mnist")
    assert not list((tmp_path / "mnist").iterdir())
