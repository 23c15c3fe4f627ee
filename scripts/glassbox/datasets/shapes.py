"""Hand-made signals that share only the principal subpattern of a jump (chen2017 §7.2, Fig. 7.1).

The thesis shows six of them, none of which its text describes. Here they are a family with
parameters: all rise at one location, and differ in what happens there and elsewhere.
"""

from dataclasses import dataclass

import numpy as np

from glassbox.tables import Examples

NONE = -1


@dataclass(frozen=True)
class Shape:
    """A noise-free signal that rises at one location; the defaults make the plain step.

    height: of the rise. rise: samples that it takes, 1 being a jump. before, after: by how much the
    signal falls per sample before the rise (to 0) and after it (to 0 at the least). width: samples
    after which it drops again, 0 for never; drop: by what share of its height. spike: height of
    another rise, at the location spike_at, which drops again after spike_width samples.
    """

    height: float
    rise: int = 1
    before: float = 0.0
    after: float = 0.0
    width: int = 0
    drop: float = 1.0
    spike: float = 0.0
    spike_at: int = NONE
    spike_width: int = 1

    def signal(self, length: int, location: int) -> np.ndarray:
        """The samples (length,) of the shape that rises from sample location - 1 on, 1-based."""
        since = np.arange(1, length + 1) - location
        risen = self.height * np.clip((since + 1) / self.rise, 0, 1)
        values = np.where(since < 0, 0.0, np.maximum(risen - self.after * np.maximum(since, 0), 0))
        if self.width:
            values[since >= self.width] *= 1 - self.drop
        values += self.before * np.maximum(-1 - since, 0)
        if self.spike:
            start = self.spike_at - 1
            values[start : start + self.spike_width] += self.spike
        return values


@dataclass(frozen=True)
class Sweep:
    """Shapes that differ in one parameter; fixed: what all of them have besides."""

    parameter: str
    values: list[float]
    fixed: dict[str, float]


def hand_made(
    shapes: dict[str, dict],
    sweeps: dict[str, Sweep],
    *,
    location: int,
    length: int,
    first: int,
    last: int,
    height: float,
    noise: float,
) -> Examples:
    """The named shapes and those of the sweeps, all of the class of `location`.

    height: of every rise that no shape gives; height and noise are also those of the signals that
    networks learn, and kept in the metadata for the best detector of such. metadata["shapes"] has
    an entry per example: name (of the shape or the sweep), parameter and value (null for a named
    shape), and spike_at (1-based, -1 for none).
    """
    made = [
        (name, None, None, Shape(**{"height": height, **each})) for name, each in shapes.items()
    ]
    made += [
        (name, sweep.parameter, value, _one(height, sweep, value))
        for name, sweep in sweeps.items()
        for value in sweep.values
    ]
    signals = np.stack([shape.signal(length, location) for *_, shape in made])
    entries = [
        {
            "name": name,
            "parameter": parameter,
            "value": value,
            "spike_at": shape.spike_at if shape.spike else NONE,
        }
        for name, parameter, value, shape in made
    ]
    metadata = {
        "values": "signal",
        "shape": [length],
        "classes": last - first + 1,
        "first_class": first,
        "unit": "arbitrary",
        "height": height,
        "noise": noise,
        "shapes": entries,
    }
    labels = np.full(len(made), location - first)
    return Examples(np.arange(len(made)), labels, signals.astype(np.float32), metadata)


def _one(height: float, sweep: Sweep, value: float) -> Shape:
    return Shape(**{"height": height, **sweep.fixed, sweep.parameter: value})
