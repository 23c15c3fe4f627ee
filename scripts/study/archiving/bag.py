"""A BagIt bag in a tar whose bytes depend on the bag's contents alone (RFC 8493, sha256)."""

import hashlib
import io
import tarfile
from collections.abc import Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

from glassbox.errors import GlassboxError

BLOCK = 1 << 20
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
Content = Path | bytes


def write_bag(
    tar_file: Path, name: str, payload: Mapping[str, Content], info: Mapping[str, str], time: int
) -> dict[str, str]:
    """Write a bag as an uncompressed tar, and return the SHA-256 of its payload by path.

    name: the bag's folder; payload: files, or their bytes, by path below data/; info: entries of
    bag-info.txt; time: seconds since 1970, of every entry. Each file is read once, in blocks: its
    digest is taken while it is copied, and the manifests follow the payload, as they do when
    sorted.

    Raises GlassboxError when a file changes meanwhile.
    """
    sizes = {path: _size(content) for path, content in payload.items()}
    oxum = f"{sum(sizes.values())}.{len(sizes)}"
    form = {"format": tarfile.PAX_FORMAT, "encoding": "utf-8", "copybufsize": BLOCK}
    with tarfile.open(tar_file, "w", **form) as tar, ThreadPoolExecutor(1) as thread:
        writer = _Writer(tar, name, time, thread)
        writer.add("bag-info.txt", _lines({**info, "Payload-Oxum": oxum}))
        writer.add("bagit.txt", DECLARATION)
        tags = dict(writer.digests)
        writer.digests.clear()
        for path in sorted(payload):
            writer.add(f"data/{path}", payload[path])
        digests = dict(writer.digests)
        writer.digests = tags
        writer.add("manifest-sha256.txt", _manifest(digests))
        writer.add("tagmanifest-sha256.txt", _manifest(writer.digests))
    return {path.removeprefix("data/"): digest for path, digest in digests.items()}


class _Writer:
    """Adds files to a tar, and keeps their digests."""

    def __init__(self, tar: tarfile.TarFile, folder: str, time: int, thread: Executor) -> None:
        self.tar, self.folder, self.time, self.thread = tar, folder, time, thread
        self.digests: dict[str, str] = {}

    def add(self, path: str, content: Content) -> None:
        with io.BytesIO(content) if isinstance(content, bytes) else content.open("rb") as file:
            entry = tarfile.TarInfo(f"{self.folder}/{path}")
            entry.size, entry.mtime = _size(content), self.time
            entry.mode = 0o755 if file.read(2) == b"#!" else 0o644
            file.seek(0)
            hashing = _Hashing(file, self.thread)
            try:
                self.tar.addfile(entry, hashing)
            except OSError as error:
                raise GlassboxError(f"{content}: could not be packed: {error}") from error
            if file.read(1):
                raise GlassboxError(f"{content}: grew while it was packed; pack again")
        self.digests[path] = hashing.digest()


class _Hashing:
    """A file that is hashed as it is read: each block beside the writing of it."""

    def __init__(self, file: BinaryIO, thread: Executor) -> None:
        self.file, self.thread, self.sum = file, thread, hashlib.sha256()
        self.last: Future | None = None

    def read(self, size: int) -> bytes:
        block = self.file.read(size)
        self.wait()
        self.last = self.thread.submit(self.sum.update, block)
        return block

    def wait(self) -> None:
        if self.last:
            self.last.result()

    def digest(self) -> str:
        self.wait()
        return self.sum.hexdigest()


def _size(content: Content) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def _lines(info: Mapping[str, str]) -> bytes:
    return "".join(f"{key}: {info[key]}\n" for key in sorted(info)).encode()


def _manifest(digests: Mapping[str, str]) -> bytes:
    """Lines of a digest and a path, in which RFC 8493 wants `%` encoded."""
    escaped = {path: path.replace("%", "%25") for path in digests}
    return "".join(f"{digests[path]}  {escaped[path]}\n" for path in sorted(digests)).encode()
