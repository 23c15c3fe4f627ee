"""Take a model's weights from a file of others, once it is as accurate as is known."""

import logging
from argparse import Namespace

from glassbox.datasets.images import check_file, data_folder
from glassbox.devices import choose_device
from glassbox.models.build import architecture, describe, write_description
from glassbox.models.model import answers
from glassbox.models.tensors import check_accuracy, load_foreign
from glassbox.models.weights import write_weights
from glassbox.tables import read_examples
from study.command import Program, run


def main(arguments: Namespace) -> dict[str, str]:
    config, given = arguments.config, arguments.config["weights"]
    folder, file = data_folder() / given["folder"], given["file"]
    examples = read_examples(arguments.test)
    description = describe(
        config["build"], examples.metadata["shape"], examples.classes, config.get("code")
    )
    network = architecture(description)
    path = check_file(folder / file["name"], file["sha256"])
    state = load_foreign(path, network.shapes(), given.get("key"))
    model = network.model(state).to(arguments.device())
    right = (answers(model, examples.values) == examples.labels).mean()
    logging.info("%s: %.2f%% of the test set right", config["name"], 100 * right)
    if given["accuracy"] is not None:
        check_accuracy(float(right), given["accuracy"], given["within"], config["name"])
    write_description(arguments.model, description)
    write_weights(arguments.weights, arguments.digest, {"0.": state})
    return {f"data:{given['folder']}/{file['name']}": file["sha256"]}


if __name__ == "__main__":
    program = Program(__doc__).inputs("test").outputs("weights", "digest", "model")
    run(main, program.device(choose_device))
