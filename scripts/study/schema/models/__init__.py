"""Models: what is built, on which data, and how it is trained or whose weights it takes.

A kind of network is a class in a module of its own here, and a module of its name in
glassbox.models.kinds.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated, Union

from pydantic import Field

from study.schema.models.section import ModelSection
from study.schema.section import kinds_of

for each in iter_modules(__path__, f"{__name__}."):
    import_module(each.name)

KINDS = tuple(kinds_of(ModelSection, "build"))
Model = Annotated[Union[KINDS], Field(discriminator="build")]  # noqa: UP007
