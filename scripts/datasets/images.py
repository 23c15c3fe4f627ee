"""Make one split of an image set from its original files, below GLASSBOX_DATA or data/."""

from argparse import Namespace
from pathlib import Path

import numpy as np

from glassbox.datasets import images
from glassbox.datasets.arrays import read_arrays
from glassbox.datasets.download import download
from glassbox.datasets.hub import read_hub_images
from glassbox.datasets.idx import read_idx_images
from glassbox.errors import GlassboxError
from glassbox.seeds import generator
from glassbox.tables import write_set
from study.command import Program, run


def main(arguments: Namespace) -> dict[str, str]:
    config = arguments.config
    if config["kind"] == "digits":
        pixels, labels = images.digits()
        rows = rows_of(config, len(labels))
    elif config["kind"] == "photos":
        rng = stream(config, "test")
        pixels, labels = images.photo_patches(rng, config["test"], config["size"])
        rows = np.arange(len(labels))
    else:
        pixels, labels = read_files(config, images.data_folder() / config["folder"])
        rows = rows_of(config, len(labels))
    examples = images.as_examples(pixels[rows], labels[rows], rows, config.get("classes", 10))
    write_set(arguments.output, arguments.digest, examples)
    return original_files(config)


def original_files(config: dict) -> dict[str, str]:
    """The files that the images came from, and their sums, which were found right."""
    files = config.get("files", [])
    each = files.values() if isinstance(files, dict) else files
    return {f"data:{config['folder']}/{file['name']}": file["sha256"] for file in each}


def rows_of(config: dict, count: int) -> np.ndarray:
    """The images of one split; `test` of them are held out where the set has no test file."""
    if "test" not in config:
        return file_rows(config, count)
    rest, test = images.hold_out(stream(config, "test"), count, config["test"])
    if config["split"] == "test":
        return test
    return rest[file_rows(config, len(rest))]


def file_rows(config: dict, count: int) -> np.ndarray:
    """The images of one split among those of the file that holds it."""
    if config["split"] == "test":
        return np.arange(count)
    if not config["validation"]:
        return np.arange(count)
    kept, held_out = images.hold_out(stream(config, "validation"), count, config["validation"])
    return held_out if config["split"] == "validation" else kept


def stream(config: dict, what: str) -> np.random.Generator:
    return generator(config["seed"], *config["stream"], what)


def read_files(config: dict, folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Images and labels of the original files, once their checksums are found right."""
    files = config["files"]
    wanted = list(files.values()) if config["kind"] == "idx" else files
    if config.get("download") and not all((folder / file["name"]).exists() for file in wanted):
        fetch(config["download"], folder, wanted)
    paths = [images.check_file(folder / file["name"], file["sha256"]) for file in wanted]
    if config["kind"] == "arrays":
        return read_arrays(paths[0], config["shape"])
    if config["kind"] == "hub":
        return read_hub_images(paths, config["shape"], config["label"])
    named = dict(zip(files, paths, strict=True))
    return read_idx_images(named["images"], named["labels"], config["size"])


def fetch(name: str, folder: Path, wanted: list[dict]) -> None:
    """Have the files downloaded, or say which ones to put where."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        download(name, folder)
    except (GlassboxError, OSError) as error:
        files = "".join(f"\n    {file['name']}  sha256 {file['sha256']}" for file in wanted)
        raise GlassboxError(f"{error}\n  what to do: put into {folder}{files}") from error


if __name__ == "__main__":
    run(main, Program(__doc__).outputs("output", "digest"))
