"""Archives made to do harm are refused before anything of them is written outside, or kept."""

import io
import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import archives
import pytest

from glassbox.errors import GlassboxError
from study import fixity
from study.archiving import bag
from study.archiving.unpack import unpack

Entry = tuple[tarfile.TarInfo, bytes]


def entry(name: str, content: bytes = b"harm", kind: bytes = tarfile.REGTYPE, **more) -> Entry:
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, len(content)
    for key, value in more.items():
        setattr(info, key, value)
    return info, content


def crafted(path: Path, *entries: Entry, form: int = tarfile.PAX_FORMAT) -> Path:
    """A tar of these entries after a harmless one."""
    with tarfile.open(path, "w", format=form) as tar:
        for info, content in [entry("bag/data/first"), *entries]:
            tar.addfile(info, io.BytesIO(content))
    return path


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> Entry:
    return entry(name, b"", kind, linkname=target)


HARM = {
    "absolute path": ([entry("/tmp/harm")], "'/tmp/harm': an absolute path"),
    "path upwards": ([entry("bag/../../harm")], "'bag/../../harm': leaves its folder"),
    "path upwards at the end": ([entry("bag/data/..")], "leaves its folder"),
    "path with a dot": ([entry("bag/./harm")], "not a plain relative path"),
    "path of another system": ([entry("bag/data\\..\\harm")], "not a plain relative path"),
    "drive": ([entry("c:/harm")], "not a plain relative path"),
    "empty name": ([entry("bag//harm")], "not a plain relative path"),
    "line break": ([entry("bag/data/a\nb")], "not a name for a file"),
    "long name": ([entry(f"bag/{'x' * 300}")], "not a name for a file"),
    "symbolic link": ([link("bag/data/link", "/etc")], "'bag/data/link': a symbolic link"),
    "through a link": (
        [link("bag/data/link", "/tmp"), entry("bag/data/link/harm")],
        "'bag/data/link': a symbolic link",
    ),
    "hard link": (
        [link("bag/data/link", "bag/data/first", tarfile.LNKTYPE)],
        "'bag/data/link': a hard link",
    ),
    "character device": ([entry("bag/null", b"", tarfile.CHRTYPE)], "'bag/null': a device"),
    "block device": ([entry("bag/disk", b"", tarfile.BLKTYPE)], "'bag/disk': a device"),
    "FIFO": ([entry("bag/pipe", b"", tarfile.FIFOTYPE)], "'bag/pipe': a FIFO"),
    "contiguous file": (
        [entry("bag/data/x", kind=tarfile.CONTTYPE)],
        "neither a file nor a folder",
    ),
    "two of a name": ([entry("bag/data/first")], "'bag/data/first': a second entry"),
    "file for a folder": ([entry("bag/data/first/below")], "'bag/data/first' is a file"),
    "folder for a file": (
        [entry("bag/data/first", b"", tarfile.DIRTYPE)],
        "'bag/data/first': a second entry",
    ),
    "beside the bag": ([entry("elsewhere/harm")], "'elsewhere/harm': outside 'bag'"),
    "more than is stated": (
        [entry("bag/bag-info.txt", b"Payload-Oxum: 6.2\n"), entry("bag/data/second")],
        "'data/second': more than the 6.2 bytes and files",
    ),
    "more files than stated": (
        [entry("bag/bag-info.txt", b"Payload-Oxum: 100.1\n"), entry("bag/data/second")],
        "'data/second': more than the 100.1",
    ),
    "sparse file": (
        [
            entry(
                "bag/data/sparse",
                pax_headers={"GNU.sparse.major": "0", "GNU.sparse.size": "99999999999"},
            )
        ],
        "'bag/data/sparse': a sparse file",
    ),
}


@pytest.mark.parametrize("name", HARM)
def test_harm_is_refused_and_named_and_nothing_is_left(name: str, tmp_path: Path) -> None:
    entries, said = HARM[name]
    archive = crafted(tmp_path / "harm.tar", *entries)
    with pytest.raises(fixity.Refused) as refused:
        unpack(archive, tmp_path / "inner" / "out")
    assert said in str(refused.value)
    assert sorted(os.listdir(tmp_path)) == ["harm.tar", "inner"]
    assert not list((tmp_path / "inner").iterdir())
    run = archives.isolated(fixity.__file__, archive)
    assert (run.returncode, run.stdout) == (2, "")
    assert said in run.stderr


def test_a_compressed_archive_is_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.tar.gz"
    with tarfile.open(bomb, "w:gz") as tar:
        info, content = entry("bag/data/zeros", bytes(1 << 20))
        tar.addfile(info, io.BytesIO(content))
    with pytest.raises(fixity.Refused, match="not a whole, uncompressed tar"):
        unpack(bomb, tmp_path / "out")


def test_more_entries_than_there_is_reason_for_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fixity, "MOST_ENTRIES", 5)
    archive = crafted(tmp_path / "many.tar", *(entry(f"bag/data/{n}") for n in range(10)))
    with pytest.raises(fixity.Refused, match="more than 5 entries"):
        unpack(archive, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_tag_file_that_would_fill_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fixity, "LONGEST_TAG_FILE", 100)
    archive = crafted(tmp_path / "tag.tar", entry("bag/manifest-sha256.txt", bytes(101)))
    with pytest.raises(fixity.Refused, match=r"'manifest-sha256.txt': 101 bytes"):
        fixity.check(archive)


def test_a_header_that_would_fill_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fixity, "LONGEST_TAG_FILE", 0)
    long_name = entry(f"bag/{'x/' * fixity.BLOCK}y")
    archive = crafted(tmp_path / "header.tar", long_name)
    with pytest.raises(fixity.Refused, match=r"a header of \d+ bytes"):
        unpack(archive, tmp_path / "out")


def test_bytes_behind_the_last_entry_are_refused(tmp_path: Path) -> None:
    archive = crafted(tmp_path / "more.tar")
    with archive.open("ab") as file:
        file.write(b"more")
    with pytest.raises(fixity.Refused, match="followed by bytes that are no entry"):
        unpack(archive, tmp_path / "out")


def test_an_archive_without_room_for_it_is_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = crafted(tmp_path / "big.tar")
    usage = type("Usage", (), {"free": 100})
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    with pytest.raises(GlassboxError, match="only 100 bytes left"):
        unpack(archive, tmp_path / "out")


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(GlassboxError, match="there already"):
        unpack(crafted(tmp_path / "a.tar"), tmp_path / "out")


def written(tmp_path: Path, payload: dict[str, bag.Content]) -> Path:
    archive = tmp_path / "bag.tar"
    bag.write_bag(archive, "bag", payload, {"Contact-Name": "ä"}, time=1000)
    return archive


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    long = f"{'d' * 120}/{'f' * 200}"
    payload = {"a": b"", "b 100%/ü": b"x" * 3_000_000, long: b"1", "run": b"#!/bin/sh\n"}
    archive = written(tmp_path, payload)
    assert fixity.check(archive).problems == []
    out = unpack(archive, tmp_path / "out")
    assert {name: (out / "data" / name).read_bytes() for name in payload} == payload
    assert fixity.check(out).problems == []
    modes = {name: (out / "data" / name).stat().st_mode & 0o777 for name in payload}
    assert modes == {"a": 0o644, "b 100%/ü": 0o644, long: 0o644, "run": 0o755}
    assert {path.stat().st_mtime for path in out.rglob("*") if path.is_file()} == {1000}


@pytest.mark.parametrize("grown", [b"longer", b"s"])
def test_a_file_that_changes_while_it_is_packed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, grown: bytes
) -> None:
    file = tmp_path / "changing"
    file.write_bytes(b"short")
    size: Callable = bag._size

    def then_changed(content: bag.Content) -> int:
        before = size(content) if isinstance(content, bytes) else 5
        if not isinstance(content, bytes):
            file.write_bytes(grown)
        return before

    monkeypatch.setattr(bag, "_size", then_changed)
    with pytest.raises(GlassboxError, match="changing: "):
        written(tmp_path, {"changing": file})
