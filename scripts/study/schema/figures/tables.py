"""Tables of the report."""

from typing import ClassVar

from pydantic import Field

from study.paths import Study
from study.schema.figures.kind import Data, Exhibit
from study.schema.section import Distinct, SetName


class Table(Exhibit):
    """A table of error measures (chen2017 Tables 3.1 to 3.3)."""

    caption: ClassVar[str] = "Error measures of the location, by method."

    methods: Distinct[str] = Field(
        min_length=1, description="networks and detectors, in this order"
    )
    set: SetName

    @classmethod
    def rule(cls) -> str:
        return "error_tables"

    def data(self, study: Study) -> Data:
        return {"errors": study.each("errors", [(method, self.set) for method in self.methods])}
