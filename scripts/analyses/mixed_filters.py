"""What filters make of a noisy step, and of noise alone (chen2017 §3.2.2, Figs 3.3 and 3.4)."""

from argparse import Namespace

import numpy as np

from glassbox.analyses.step_filters import noise_gains, responses
from glassbox.datasets.jumps import jump_signals
from glassbox.seeds import generator
from glassbox.tables import write_table
from jobs.replicates import numbered
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    streams = [
        generator(config["seed"], *config["stream"], replicate)
        for replicate in arguments.replicates
    ]
    shown = numbered(arguments, (responses(noisy_step(rng, config)) for rng in streams))
    gains = numbered(
        arguments, (noise_gains(rng, config["samples"], config["noise"]) for rng in streams)
    )
    write_table(arguments.responses, shown, {"location": "samples"})
    write_table(arguments.gains, gains, {"gain": "variance over variance of the noise"})


def noisy_step(rng: np.random.Generator, config: dict) -> np.ndarray:
    """One signal with its jump in the middle."""
    keys = ("length", "height", "noise")
    middle = config["length"] // 2
    place = {"first": middle, "last": middle}
    return jump_signals(rng, 1, **{key: config[key] for key in keys}, **place).values[0]


if __name__ == "__main__":
    run(main, Program(__doc__).outputs("responses", "gains").replicates())
