"""Fit linear probes of a model's layers on its training examples (Alain and Bengio 2016)."""

from argparse import Namespace

from glassbox.analyses.probes import fit_probes
from glassbox.devices import choose_device
from glassbox.models.parts import write_parts
from jobs.activations import training_of
from study.command import Program, run


def main(arguments: Namespace) -> None:
    layers, device = arguments.config["layers"], arguments.device()
    found = [
        fit_probes(each, layers=layers, device=device) for each in training_of(arguments, layers)
    ]
    descriptions = {layer: probe.description for layer, probe in found[0].items()}
    states = {
        replicate: {layer: probe.state() for layer, probe in probes.items()}
        for replicate, probes in zip(arguments.replicates, found, strict=True)
    }
    files = arguments.fitted_model, arguments.fitted_weights, arguments.digest
    write_parts(*files, descriptions, states)


if __name__ == "__main__":
    program = Program(__doc__).of_model(choose_device).fitted()
    run(main, program.outputs("fitted_model", "fitted_weights", "digest").shared())
