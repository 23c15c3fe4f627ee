"""Packing and fixity against SHA-256 alone, on the same bytes: 512 MB in five files."""

import hashlib
import os
import tempfile
from pathlib import Path

import timing

from glassbox.files import whole
from study import fixity
from study.archiving.bag import write_bag

FILES, SIZE = 5, 100 << 20


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        files = {f"results/activations/{number}": folder / str(number) for number in range(FILES)}
        for path in files.values():
            path.write_bytes(os.urandom(SIZE))
        tar = folder / "study.tar"

        def hash_alone() -> None:
            for path in files.values():
                with path.open("rb") as file:
                    hashlib.file_digest(file, "sha256")

        def pack() -> None:
            with whole(tar) as part:
                write_bag(part, "study", files, {}, time=0)

        packing = timing.ratio(pack, hash_alone, rounds=5)
        timing.report("packing / sha256 alone", packing, wanted=2)
        checking = timing.ratio(lambda: fixity.check(tar), hash_alone, rounds=5)
        timing.report("fixity / sha256 alone", checking, wanted=2)


if __name__ == "__main__":
    main()
