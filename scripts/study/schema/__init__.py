"""The config's schema: one source for defaults, validation, editor completion and documentation.

`load_study` lays the user's keys over the content of the works, and `load` validates the whole and
reports every problem at once, each with the key's path, what was found, what is allowed and the
nearest right name.
"""

from study.schema.config import Config
from study.schema.loading import load, load_study
from study.schema.messages import ConfigError
from study.schema.refusals import nearest

__all__ = ["Config", "ConfigError", "load", "load_study", "nearest"]
