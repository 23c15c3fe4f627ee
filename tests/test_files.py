"""Outputs are whole or absent, and digests say what they hold."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from glassbox.digests import content_sha256, file_sha256, write_digest, write_json
from glassbox.files import whole

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"

KILLED = """
import os, signal, sys
from pathlib import Path
from glassbox.files import whole

with whole(Path(sys.argv[1])) as part:
    if sys.argv[2] == "folder":
        part.mkdir()
        part = part / "content"
    part.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


class Output:
    """A file, or a folder with one file, and what it holds."""

    def __init__(self, kind: str, folder: Path):
        self.kind = kind
        self.path = folder / "results" / "out.d"

    def fill(self, part: Path, text: str) -> None:
        if self.kind == "folder":
            part.mkdir(parents=True)
            part = part / "content"
        part.write_text(text)

    def text(self) -> str:
        return (self.path / "content" if self.kind == "folder" else self.path).read_text()

    def beside(self) -> list[str]:
        return [path.name for path in self.path.parent.iterdir()]


@pytest.fixture(params=["file", "folder"])
def output(request, tmp_path):
    return Output(request.param, tmp_path)


def test_an_output_appears_once_it_is_complete(output):
    with whole(output.path) as part:
        output.fill(part, "new")
        assert part.parent == output.path.parent
        assert not output.path.exists()
    assert output.text() == "new"
    assert output.beside() == ["out.d"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_an_error_leaves_nothing(output, error):
    with pytest.raises(error), whole(output.path) as part:
        output.fill(part, "half")
        raise error
    assert output.beside() == []


def test_an_error_leaves_the_former_output(output):
    with whole(output.path) as part:
        output.fill(part, "old")
    with pytest.raises(RuntimeError), whole(output.path) as part:
        output.fill(part, "half")
        raise RuntimeError
    assert output.text() == "old"
    assert output.beside() == ["out.d"]


def test_a_new_output_takes_the_place_of_all_of_the_former(output):
    with whole(output.path) as part:
        output.fill(part, "old")
        if output.kind == "folder":
            (part / "only before").touch()
    with whole(output.path) as part:
        output.fill(part, "new")
        assert output.text() == "old"
    assert output.text() == "new"
    assert not (output.path / "only before").exists()


def test_a_reader_of_the_former_file_is_not_disturbed(tmp_path):
    path = tmp_path / "file"
    path.write_text("old")
    with path.open() as reader:
        with whole(path) as part:
            part.write_text("new")
        assert reader.read() == "old"


def test_what_a_killed_writer_left_is_no_output_and_is_removed_by_the_next(output):
    command = [sys.executable, "-c", KILLED, output.path, output.kind]
    assert subprocess.run(command, env={"PYTHONPATH": SCRIPTS}).returncode == -9
    assert len(output.beside()) == 1
    assert not output.path.exists()
    with whole(output.path) as part:
        output.fill(part, "new")
    assert output.beside() == ["out.d"]


def test_leftovers_of_other_outputs_stay(tmp_path):
    (tmp_path / ".other.1.part").touch()
    with whole(tmp_path / "out") as part:
        part.touch()
    assert (tmp_path / ".other.1.part").exists()


def test_digest_holds_size_and_sums_of_bytes_and_content(tmp_path):
    file = tmp_path / "file.bin"
    file.write_bytes(b"abc")
    array = np.array([[1, 2]], np.int64)
    write_digest(tmp_path / "digest.json", file, [("a", array)])
    content = hashlib.sha256(b"a\0<i8\0(1, 2)\0" + array.tobytes()).hexdigest()
    assert json.loads((tmp_path / "digest.json").read_text()) == {
        "file.bin": {
            "bytes": 3,
            "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "content_sha256": content,
        }
    }
    assert file_sha256(file).startswith("ba7816bf")


def test_content_sum_tells_name_type_shape_value_and_order_apart():
    one, two = np.arange(6, dtype=np.int32), np.ones(1)
    contents = [
        [("a", one)],
        [("b", one)],
        [("a", one.astype(np.int64))],
        [("a", one.view(np.float32))],
        [("a", one.reshape(2, 3))],
        [("a", one + 1)],
        [("a", one), ("b", two)],
        [("b", two), ("a", one)],
    ]
    assert len({content_sha256(content) for content in contents}) == len(contents)


def test_content_sum_does_not_depend_on_the_layout_in_memory():
    array = np.arange(12.0).reshape(3, 4)
    strided = np.repeat(array, 2, axis=1)[:, ::2]
    sums = {content_sha256([("a", each)]) for each in (array, np.asfortranarray(array), strided)}
    assert len(sums) == 1


def test_json_has_the_same_bytes_whatever_the_order_of_keys(tmp_path):
    write_json(tmp_path / "one", {"a": 1, "b": {"c": 2, "d": 3}})
    write_json(tmp_path / "two", {"b": {"d": 3, "c": 2}, "a": 1})
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_writer_leaves_the_temporary_files_of_a_neighbour_alone(tmp_path):
    with whole(tmp_path / "test.noisy") as part:
        part.write_text("half of it")
        with whole(tmp_path / "test") as other:
            other.write_text("all of it")
        part.write_text("all of this too")
    assert (tmp_path / "test.noisy").read_text() == "all of this too"
