"""Networks of a user's own: which class makes them, and which of their modules are layers."""

import importlib.util
from collections.abc import Iterable
from functools import cache
from importlib.metadata import packages_distributions, version
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, create_model

from study.deciding import fingerprint
from study.schema.datasets import OriginalSection
from study.schema.models.section import ModelSection
from study.schema.section import Distinct, LayerName, Positive

CLASS = Field(min_length=1, description="its class, a torch.nn.Module")
# Python has the word `class` for itself, so that this one field can't be written as one.
Named = create_model("Named", __base__=ModelSection, **{"class": (str, CLASS)})


class Own(Named):
    """A network of one's own: a class in a Python file, or in an installed package."""

    build: Literal["own"]
    file: str | None = Field(None, description="Python file, from the study's folder")
    module: str | None = Field(None, description="or an installed package's module")
    arguments: dict[str, Any] = Field({}, description="what the class is made with")
    places: dict[LayerName, str] | None = Field(
        None, description="modules by the layer's name, from the inputs on; left out: all"
    )
    after: Distinct[str] = Field([], description="layers that lie after their non-linearity")
    input: list[Positive] | None = Field(
        None, min_length=1, description="shape that it takes; left out: that of the data"
    )
    mean: list[float] = Field([], description="taken off the inputs, per channel or of all")
    deviation: list[float] = Field([], description="what they are divided by then")
    start: Literal["own"] = Field("own", description="as the class draws its weights")

    @property
    def class_name(self) -> str:
        """The name of its class."""
        return getattr(self, "class")

    def code(self) -> dict[str, str]:
        """The digests of the definitions that make it, or the version of the package that does.

        The definitions are those that its class reaches in its file and in files beside it.
        """
        if self.file:
            return fingerprint.of_definition(Path(self.file), self.class_name)
        return _versions(self.module.partition(".")[0])

    def layers(self, data: OriginalSection, shape: list[int] | None) -> dict[str, int | None]:
        return dict.fromkeys(self.places or ())

    def misfits(self, data: OriginalSection, shape: list[int] | None) -> Iterable[tuple[str, str]]:
        if bool(self.file) == bool(self.module):
            what = "both are given" if self.file else "neither is given"
            yield "file", f"{what}; name a file, or a module of an installed package"
        elif self.file:
            yield from _file_problems(Path(self.file), self.class_name)
        elif _is_absent(self.module):
            yield "module", f"found '{self.module}'; no such package is installed"
        for layer in self.after if self.places is not None else ():
            if layer not in self.places:
                named = ", ".join(self.places)
                yield "after", f"found '{layer}'; layers that places name: {named or 'none'}"
        if len(self.mean) != len(self.deviation):
            yield "deviation", f"found {len(self.deviation)}, and {len(self.mean)} of mean"


@cache
def _versions(package: str) -> dict[str, str]:
    """The versions of what is installed that holds a package, by name."""
    return {name: version(name) for name in packages_distributions().get(package, [])}


def _file_problems(path: Path, name: str) -> Iterable[tuple[str, str]]:
    """Why a file can't have a class of this name; its code is read and not run."""
    if not path.is_file():
        yield "file", f"found '{path}'; no such file in {Path.cwd()}"
        return
    try:
        if why := fingerprint.no_class(path, name):
            yield "class", why
        else:
            fingerprint.of_definition(path, name)
    except (SyntaxError, fingerprint.Untraceable) as error:
        yield "file", str(error)


def _is_absent(module: str) -> bool:
    """Whether no package is installed that may have a module; none is imported."""
    return importlib.util.find_spec(module.partition(".")[0]) is None
