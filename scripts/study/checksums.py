"""Print the names and checksums of files in the config's form.

    python scripts/study/checksums.py FILE ...

Each line is what stands under `files` of a data set, or after `file:` of a model's weights.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from glassbox.digests import file_sha256


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        sums = [(Path(name), file_sha256(Path(name))) for name in arguments]
    except OSError as error:
        print(f"error: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    for path, digest in sums:
        print(f"{{name: {json.dumps(path.name)}, sha256: {digest}}}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
