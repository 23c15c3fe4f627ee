"""Fixity of an archive, with nothing but Python's standard library.

    python3 -I fixity.py ARCHIVE

ARCHIVE is a BagIt bag (RFC 8493) with sha256 manifests, as an uncompressed tar or as a folder.
Every file is compared with the manifests; what is missing, altered or extra is named. Nothing of
the archive is run or written. The exit code is 0 if all is as stated, 1 if not, and 2 if ARCHIVE
can't be read, or holds entries that no archive of a study has: see `entries`.
"""

import hashlib
import io
import os
import stat
import sys
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

BLOCK = 1 << 20
MOST_ENTRIES = 2_000_000
LONGEST_TAG_FILE = 1 << 28
TAG_FILES = ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")
TAG_MANIFEST = "tagmanifest-sha256.txt"


class Refused(Exception):
    """An archive that is not read any further, with the entry that is the reason."""


class Problem(NamedTuple):
    """Something that is not as it was stated: what, where, and how it was found."""

    what: str
    path: str
    found: str

    def __str__(self) -> str:
        return f"{self.what:9} {self.path}: {self.found}"


class Fixity(NamedTuple):
    """What a check of fixity found; digests: SHA-256 of every file by its path in the bag."""

    problems: list[Problem]
    digests: dict[str, str]
    bytes: int


def check(archive: Path) -> Fixity:
    """Compare every file of a bag, as tar or folder, with its manifests.

    Raises Refused for an archive that is not safe to unpack, and OSError where it can't be read.
    """
    bag = _Bag()
    if archive.is_dir():
        for name, path in _files(archive, bag):
            with path.open("rb") as file:
                bag.add(name, file)
    else:
        for name, _, file in entries(archive):
            bag.add(name, file)
    return Fixity(list(bag.problems()), bag.digests, bag.bytes)


def entries(archive: Path) -> Iterator[tuple[str, tarfile.TarInfo, BinaryIO]]:
    """The files of a tar in its order: path below its one folder, header, content.

    Raises Refused, naming the entry, for what no archive of a study has: a compressed tar, absolute
    paths, `..`, links, devices, FIFOs, sparse files, two entries of one name, a file used as a
    folder, more than one folder at the top, more bytes or files than the bag states or than there
    is reason for, and bytes between entries.
    """
    try:
        raw = _Bounded(io.FileIO(archive))
        with raw, tarfile.open(fileobj=raw, mode="r:") as tar:
            yield from _entries(tar, raw)
    except tarfile.TarError as error:
        raise Refused(f"{archive}: not a whole, uncompressed tar: {error}") from None


def _entries(
    tar: tarfile.TarFile, raw: BinaryIO
) -> Iterator[tuple[str, tarfile.TarInfo, BinaryIO]]:
    seen: dict[str, bool] = {}
    counts, length = _Counts(), os.fstat(raw.fileno()).st_size
    top, last, end = None, "", 0
    while member := tar.next():
        tar.members.clear()
        if len(seen) >= MOST_ENTRIES:
            raise Refused(f"{member.name!r}: more than {MOST_ENTRIES} entries")
        parts = _checked(member)
        _refuse_padding_of_name(raw, member)
        top = top or parts[0]
        if parts[0] != top:
            raise Refused(f"{member.name!r}: outside {top!r}, the archive's folder")
        _refuse_clash(member, parts, seen)
        if not member.isdir():
            name = "/".join(parts[1:])
            if not name:
                raise Refused(f"{member.name!r}: a file in place of the archive's folder")
            counts.add(name, member.size)
            if member.offset_data + member.size > length:
                raise Refused(f"{member.name!r}: the archive ends in the middle of it")
            content = tar.extractfile(member)
            if name == "bag-info.txt":
                counts.read(_tag_file(name, content))
                content.seek(0)
            yield name, member, content
        last, end = member.name, member.offset_data + member.size
        _refuse_bytes(raw, end, -end % tarfile.BLOCKSIZE, last)
    _refuse_bytes(raw, end, length - end, last)


class _Bounded(io.BufferedReader):
    """A file that is not read in pieces too large for memory, as a forged header would have it."""

    def read(self, size: int | None = -1) -> bytes:
        if size is None or not 0 <= size <= LONGEST_TAG_FILE + BLOCK:
            raise Refused(f"at byte {self.tell()}: a header of {size} bytes")
        return super().read(size)


def _checked(member: tarfile.TarInfo) -> list[str]:
    """The parts of an entry's path, if it is a plain file or a folder below the archive's."""
    shown = repr(member.name)
    kinds = {
        tarfile.SYMTYPE: "a symbolic link",
        tarfile.LNKTYPE: "a hard link",
        tarfile.CHRTYPE: "a device",
        tarfile.BLKTYPE: "a device",
        tarfile.FIFOTYPE: "a FIFO",
        tarfile.GNUTYPE_SPARSE: "a sparse file",
    }
    if member.type in kinds or member.sparse is not None:
        raise Refused(f"{shown}: {kinds.get(member.type, 'a sparse file')}")
    if member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.DIRTYPE):
        raise Refused(f"{shown}: neither a file nor a folder")
    if member.size < 0 or (member.isdir() and member.size):
        raise Refused(f"{shown}: {member.size} bytes")
    return safe_parts(member.name)


def safe_parts(name: str) -> list[str]:
    """The parts of a relative path that stays in its folder; Refused for any other."""
    parts = name.split("/")
    if name.startswith("/"):
        raise Refused(f"{name!r}: an absolute path")
    if ".." in parts:
        raise Refused(f"{name!r}: leaves its folder")
    if not name or "." in parts or "" in parts or "\\" in name or ":" in parts[0]:
        raise Refused(f"{name!r}: not a plain relative path")
    if not name.isprintable() or any(len(os.fsencode(part)) > 255 for part in parts):
        raise Refused(f"{name!r}: not a name for a file")
    return parts


def _refuse_clash(member: tarfile.TarInfo, parts: list[str], seen: dict[str, bool]) -> None:
    """Refuse an entry whose name was that of another, or with a file for a folder."""
    folders = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
    path = "/".join(parts)
    if path in seen and not (member.isdir() and seen[path]):
        raise Refused(f"{member.name!r}: a second entry of that name")
    for folder in folders:
        if not seen.setdefault(folder, True):
            raise Refused(f"{member.name!r}: {folder!r} is a file")
    seen[path] = member.isdir()


def _refuse_padding_of_name(raw: BinaryIO, member: tarfile.TarInfo) -> None:
    """Refuse what fills up the block of a long name, in a header of its own, if it isn't zeros."""
    if member.offset_data - member.offset <= tarfile.BLOCKSIZE:
        return
    raw.seek(member.offset)
    size = tarfile.nti(raw.read(tarfile.BLOCKSIZE)[124:136])
    start = member.offset + tarfile.BLOCKSIZE + size
    _refuse_bytes(raw, start, -size % tarfile.BLOCKSIZE, member.name)


def _refuse_bytes(raw: BinaryIO, start: int, count: int, where: str) -> None:
    """Refuse what fills up a block, or follows the last one, if it isn't zeros."""
    raw.seek(start)
    while count > 0:
        block = raw.read(min(count, BLOCK))
        if not block:
            raise Refused(f"{where!r}: the archive ends in the middle of it")
        if block.count(0) != len(block):
            raise Refused(f"{where!r}: followed by bytes that are no entry")
        count -= len(block)


class _Counts:
    """Bytes and files of the payload, and the most that the bag states (its Payload-Oxum)."""

    def __init__(self) -> None:
        self.bytes = self.files = 0
        self.most: tuple[int, int] | None = None

    def read(self, bag_info: bytes) -> None:
        self.most = _oxum(bag_info)

    def add(self, name: str, size: int) -> None:
        if not name.startswith("data/"):
            if size > LONGEST_TAG_FILE:
                raise Refused(f"{name!r}: {size} bytes")
            return
        self.bytes, self.files = self.bytes + size, self.files + 1
        if self.most and (self.bytes > self.most[0] or self.files > self.most[1]):
            raise Refused(f"{name!r}: more than the {self.most[0]}.{self.most[1]} bytes and files")


def _oxum(bag_info: bytes) -> tuple[int, int] | None:
    """The bytes and files of the payload that a bag states, where it does."""
    for line in bag_info.decode("utf-8", "replace").splitlines():
        key, _, value = line.partition(":")
        size, _, count = value.strip().partition(".")
        if key == "Payload-Oxum" and size.isdecimal() and count.isdecimal():
            return int(size), int(count)
    return None


def _tag_file(name: str, file: BinaryIO) -> bytes:
    content = file.read(LONGEST_TAG_FILE + 1)
    if len(content) > LONGEST_TAG_FILE:
        raise Refused(f"{name!r}: more than {LONGEST_TAG_FILE} bytes")
    return content


def _files(folder: Path, bag: "_Bag") -> Iterator[tuple[str, Path]]:
    """The plain files below a folder; anything else is a problem."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted([*names, *(each for each in folders if Path(place, each).is_symlink())]):
            path = Path(place, name)
            shown = path.relative_to(folder).as_posix()
            if stat.S_ISREG(path.lstat().st_mode):
                yield shown, path
            else:
                bag.others.append(Problem("extra", shown, "a link, or no plain file"))


class _Bag:
    """The digests of a bag's files, and what its tag files say."""

    def __init__(self) -> None:
        self.digests: dict[str, str] = {}
        self.tags: dict[str, bytes] = {}
        self.others: list[Problem] = []
        self.bytes = self.payload_bytes = 0

    def add(self, name: str, file: BinaryIO) -> None:
        if "/" not in name:
            content = _tag_file(name, file)
            self.tags[name] = content
            self.digests[name] = hashlib.sha256(content).hexdigest()
            self.bytes += len(content)
            return
        digest, count = hashlib.sha256(), 0
        buffer = memoryview(bytearray(BLOCK))
        while size := file.readinto(buffer):
            digest.update(buffer[:size])
            count += size
        self.digests[name] = digest.hexdigest()
        self.bytes += count
        self.payload_bytes += count if name.startswith("data/") else 0

    def problems(self) -> Iterator[Problem]:
        yield from self.others
        for name in [*TAG_FILES, TAG_MANIFEST]:
            if name not in self.tags:
                yield Problem("missing", name, "every bag has it")
        payload = {name for name in self.digests if name.startswith("data/")}
        yield from self.compared("manifest-sha256.txt", payload)
        yield from self.compared(TAG_MANIFEST, self.digests.keys() - payload - {TAG_MANIFEST})
        stated = _oxum(self.tags.get("bag-info.txt", b""))
        if stated != (self.payload_bytes, len(payload)):
            found = f"Payload-Oxum {stated}, found {self.payload_bytes}.{len(payload)}"
            yield Problem("altered", "bag-info.txt", found)

    def compared(self, manifest: str, names: set[str]) -> Iterator[Problem]:
        """What differs between a manifest and the files that it is about."""
        stated: dict[str, str] = {}
        for line in self.tags.get(manifest, b"").decode("utf-8", "replace").splitlines():
            digest, _, name = line.partition("  ")
            name = name.replace("%25", "%")
            if len(digest) != 64 or not name or name in stated:
                yield Problem("altered", manifest, f"not a line of a manifest: {line!r}")
            stated[name] = digest
        yield from differences(stated, {name: self.digests[name] for name in names})


def differences(stated: Mapping[str, str], found: Mapping[str, str]) -> Iterator[Problem]:
    """What is missing, altered or extra among files, by their digests."""
    for name in sorted(stated.keys() | found.keys()):
        if name not in found:
            yield Problem("missing", name, f"stated with sha256 {stated[name]}")
        elif name not in stated:
            yield Problem("extra", name, f"no manifest knows it; sha256 {found[name]}")
        elif stated[name] != found[name]:
            yield Problem("altered", name, f"sha256 {found[name]}, stated {stated[name]}")


def report(archive: Path, fixity: Fixity) -> str:
    """What a check found, in words."""
    count = f"{len(fixity.digests)} files, {fixity.bytes} bytes"
    if not fixity.problems:
        return f"fixity    {archive}: {count}, all as stated"
    lines = "".join(f"\n  {problem}" for problem in fixity.problems)
    return f"fixity    {archive}: {count}, {len(fixity.problems)} not as stated{lines}"


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        fixity = check(Path(arguments[0]))
    except (Refused, OSError) as error:
        print(f"refused   {error}", file=sys.stderr)
        return 2
    print(report(Path(arguments[0]), fixity))
    return 1 if fixity.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
