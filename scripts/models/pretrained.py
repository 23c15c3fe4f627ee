"""Take a classifier's weights from a checkpoint of others, once it is as accurate as is known."""

import logging
import os
from argparse import Namespace
from pathlib import Path

from glassbox.datasets.images import check_file
from glassbox.devices import choose_device
from glassbox.models.classifier import answers
from glassbox.models.classifiers import write_classifiers
from glassbox.models.images import empty, read_images
from glassbox.models.pretrained import check_accuracy, load_pretrained
from study.command import Program, run


def main(arguments: Namespace) -> dict[str, str]:
    config, weights = arguments.config, arguments.config["weights"]
    file, folder = weights["file"], Path(os.environ.get("GLASSBOX_DATA", "data"))
    examples, pixels = read_images(arguments.test)
    model = empty(config["build"], examples)
    load_pretrained(check_file(folder / weights["folder"] / file["name"], file["sha256"]), model)
    right = answers(model.to(arguments.device), pixels, arguments.device) == examples.labels
    check_accuracy(float(right.mean()), weights["accuracy"], weights["within"], config["name"])
    logging.info("%s: %.2f%% of the test set right", config["name"], 100 * right.mean())
    write_classifiers(arguments.weights, arguments.digest, {0: model})
    return {f"data:{weights['folder']}/{file['name']}": file["sha256"]}


if __name__ == "__main__":
    run(main, Program(__doc__).inputs("test").outputs("weights", "digest").device(choose_device))
