"""Data sets: signals, images, and what is made of other sets.

A kind is a class in a module here, and a program of its name in scripts/datasets; originals of all
kinds of images have one. What is made from one split of another set has no other rule.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated, Union

from pydantic import Field

from study.schema.datasets.attacks import Attack, Size
from study.schema.datasets.images import Digits
from study.schema.datasets.section import DatasetSection, OriginalSection
from study.schema.datasets.signals import Jumps
from study.schema.section import kinds_of

for each in iter_modules(__path__, f"{__name__}."):
    import_module(each.name)

KINDS = tuple(kinds_of(DatasetSection))
Dataset = Annotated[Union[KINDS], Field(discriminator="kind")]  # noqa: UP007
__all__ = ["KINDS", "Attack", "Dataset", "Digits", "Jumps", "OriginalSection", "Size"]
