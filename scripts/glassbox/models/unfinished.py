"""The state of a training that isn't done, on the disk, so that another process goes on from it."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch

from glassbox.files import whole

State = dict[str, Any]


class Unfinished:
    """A file with a training's last state, written whole or not at all."""

    def __init__(self, path: Path, every: float) -> None:
        """Take the file, and how many seconds apart its states are at least."""
        self.path, self.every = path, every
        self.last = time.monotonic()

    def read(self) -> State | None:
        """The state, its tensors on the CPU; None where there is none that can be read."""
        try:
            return torch.load(self.path, map_location="cpu", weights_only=True)
        except FileNotFoundError:
            return None
        except (OSError, RuntimeError, EOFError, UnpicklingError) as error:
            logging.warning("%s is not gone on from: %s", self.path, error)
            return None

    def offer(self, state: Callable[[], State], is_last: bool) -> None:
        """Write what `state` gives if it is time to, or the last."""
        if is_last or time.monotonic() - self.last >= self.every:
            with whole(self.path) as part:
                torch.save(state(), part)
            self.last = time.monotonic()


Kept = Callable[[str], Unfinished | None]  # where the state of a part of a job is kept, by its name


def nothing_kept(part: str) -> None:
    """No state: what is ended begins anew."""
